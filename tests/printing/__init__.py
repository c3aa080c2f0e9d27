"""Tests of content, layout and bytes on paper."""
