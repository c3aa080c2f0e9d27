"""The public verification page (公众查验)."""
