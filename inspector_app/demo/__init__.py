"""The demonstration (演示): one working day of a station, with invented people and the real program."""
