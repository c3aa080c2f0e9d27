"""The page a demonstration leaves: one HTML file, pictures inside, no script, English with Chinese beside it."""
