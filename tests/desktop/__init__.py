"""Tests of the application in real windows under Xvfb."""
