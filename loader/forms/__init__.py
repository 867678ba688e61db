"""Forms: what partners fill in, and tables without a description recognised as one of them."""
