"""The rules, pure: no clock, no disk, no network; the station and the province run the same code."""
