"""One person's pathway, from the first call to discharge."""
