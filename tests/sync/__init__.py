"""Tests of journals catching up."""
