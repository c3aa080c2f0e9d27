"""Tests of entries, chain and projections."""
