"""Tests of the public page in Chromium at the size of a phone."""
