"""Released bytes, and the scripts that wrote them once."""
