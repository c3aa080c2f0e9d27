"""Small parts that pages and forms are made of, one module each."""
