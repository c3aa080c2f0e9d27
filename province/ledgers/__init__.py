"""The ledgers (台账): the projections as Django sees them, read only."""
