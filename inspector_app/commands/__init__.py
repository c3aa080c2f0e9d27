"""The command line: everything the screens do, JSON in and JSON out.

Exit 0 done, 1 refused (reasons on stdout), 2 wrong usage, 3 fault of the environment.
"""
