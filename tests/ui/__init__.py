"""Tests of single widgets and models, without a visible window."""
