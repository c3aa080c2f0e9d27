"""Tests of the data the program carries: fonts, forms, catalogue, sentences."""
