"""Table and list models over what the services answer."""
