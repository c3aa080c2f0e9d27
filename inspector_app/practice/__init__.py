"""Practice mode (练习): invented data, its own province on loopback, nothing to configure, no real certificate ever."""
