"""Dispatch: which worker answers whom, when, and at whose expense."""
