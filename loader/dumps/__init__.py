"""Dumps: a release in every format that people and programs take, from its masters' lines."""
