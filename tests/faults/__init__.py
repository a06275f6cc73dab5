"""Faults that are really injected, and a checker of what is left: `./dev faults`."""
