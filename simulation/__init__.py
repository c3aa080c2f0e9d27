"""The deterministic world: real devices and real province code, everything else simulated from a seed."""
