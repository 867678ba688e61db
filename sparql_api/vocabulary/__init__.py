"""The vocabulary for its readers: pages, a picture, code lists, the JSON-LD context."""
