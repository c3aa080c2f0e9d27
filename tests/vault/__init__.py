"""Tests of slots, device identity and witness."""
