"""Values: texts of cells made ready to be read, and what is wrong with those that mean nothing."""
