"""Releases: finished folders, and what is made of their masters."""
