"""The steps a paper goes through at the desk, one module each; the pane shows the one that comes next (U79)."""
