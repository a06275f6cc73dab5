"""Questions, each named for what it answers."""
