"""Tests of the deterministic world, and of the invariants it checks."""
