"""What people do at a station, one module per task."""
