"""Where a producer declares online (网上申报)."""
