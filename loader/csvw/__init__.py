"""What a description of tables says: CSV on the Web metadata, with our annotations."""
