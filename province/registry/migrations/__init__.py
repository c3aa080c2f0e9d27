"""Schema of registry."""
