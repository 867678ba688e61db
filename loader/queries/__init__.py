"""Queries: what can be asked of a release besides SPARQL itself."""
