"""Benchmarks: ours and a peer on the same input in one run; `make bench` runs them all."""
