"""Tests of the rules: pure, without disk or network."""
