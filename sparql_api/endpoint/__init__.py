"""The endpoint: SPARQL 1.1 Protocol, Graph Store Protocol, and what changes the data."""
