"""The provincial server (省级平台): journals received, numbers given out, registers, public page."""
