"""Schema of portal."""
