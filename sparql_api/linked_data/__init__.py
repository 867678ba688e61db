"""Linked data: addresses of things, and what is said of them."""
