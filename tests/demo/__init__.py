"""The demonstration is run as a newcomer runs it, in a process of its own, and everything it promised is checked."""
