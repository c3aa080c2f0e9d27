"""Schema of custody."""
