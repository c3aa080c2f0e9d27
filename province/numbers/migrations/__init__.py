"""Schema of numbers."""
