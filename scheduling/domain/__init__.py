"""Keeping clocks, firing what is due, and climbing until somebody answers."""
