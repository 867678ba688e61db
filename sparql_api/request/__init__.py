"""Requests for an answer: read into one form, and judged before any engine sees them."""
