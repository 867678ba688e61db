"""Harvesting: catalogue, dumps, feeds and site maps, for programs that take all."""
