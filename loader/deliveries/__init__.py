"""Deliveries: what partners send, checked without storing anything."""
