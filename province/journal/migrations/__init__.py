"""Schema of journal."""
