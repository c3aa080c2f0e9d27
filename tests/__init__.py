"""Tests mirror the tree; desktop, browser, printers and crash hold those that need a real counterpart."""
