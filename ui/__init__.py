"""The desktop application in Qt widgets; it shows and asks, the services decide."""
