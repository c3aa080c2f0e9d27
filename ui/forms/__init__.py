"""Forms a person fills in, one module per document."""
