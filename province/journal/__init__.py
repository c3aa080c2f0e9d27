"""The province's copies of the devices' journals, and its own feed."""
