"""Stock, draws (领用) and blocks (号段): the numbers of a province."""
