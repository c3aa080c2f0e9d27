"""Custody between institutions: stock from the printing house to the using unit, and who may draw how much."""
