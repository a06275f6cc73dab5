"""Questions about what is due, who was told and who is on duty, each named for its answer."""
