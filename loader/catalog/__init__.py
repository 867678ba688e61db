"""The catalogue in DCAT-AP.de: datasets, distributions, licences and lasting addresses."""
