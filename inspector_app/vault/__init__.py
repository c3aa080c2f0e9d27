"""Keys: the slot of each person, the identity of the device, the witness, recovery."""
