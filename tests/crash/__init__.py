"""Tests that kill, fill the disk and tear writes."""
