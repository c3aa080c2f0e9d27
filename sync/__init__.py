"""How journals catch up: by network, by USB stick, by a picture."""
