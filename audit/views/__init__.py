"""Pages of the trail, and what other pages show of it."""
