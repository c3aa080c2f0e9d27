"""Schema of public."""
