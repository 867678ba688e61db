"""The pipeline from partners' tables to a checked release: `loader` writes, `sparql_api` reads."""
