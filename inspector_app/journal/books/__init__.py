"""Books: what an auditor reads from rows and entries, the same at a station and at the province.

They change nothing and remember nothing: each asks the projections, and the entries where a row does not say it.
"""
