"""Settings: base, and thin development, test and production on top of it."""
