"""The remote store: a SPARQL server elsewhere that holds the live release as well."""
