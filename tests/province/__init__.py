"""Tests of the provincial server through its own requests."""
