"""The home: the one folder where a device keeps its encrypted database and its files."""
