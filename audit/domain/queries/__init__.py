"""Questions to the trail, each named for its answer."""
