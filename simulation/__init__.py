"""The deterministic world: real devices and real province code, everything else simulated from a seed."""

from province.inprocess import set_up_django

# The province's tables are Django models; they cannot be imported before Django knows its settings.
set_up_django()
