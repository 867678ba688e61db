"""Other readers of CSV on the Web: each file is a script that converts what stdin lists."""
