"""Stations, people, devices and what is published about them."""
