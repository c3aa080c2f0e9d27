"""Tests of what people do, through the services."""
