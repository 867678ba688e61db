"""SHACL: which engine judges which rule, of which nodes, and what a delivery is judged with."""
