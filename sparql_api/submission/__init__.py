"""Submission: a partner's file checked, by a page or by a program."""
