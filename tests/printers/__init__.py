"""Tests against real printer processes: CUPS, IPP, ESC/POS over TCP."""
