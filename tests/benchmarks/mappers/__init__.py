"""Mappers beside ours: each file is a script that maps the generated delivery to N-Triples."""
