"""Formats: what stands in a file, of whatever kind, as records of texts."""
