"""The W3C's SPARQL test suites over HTTP, against our server in tests and any other by command."""
