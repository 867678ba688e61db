"""Changes: the live release with some graphs different, and who may ask for it."""
