"""Side-by-side measurements against a named peer or floor, one module each."""
