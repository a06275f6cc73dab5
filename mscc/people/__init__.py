"""People: who they are, where they work, what they may do and how they are reached."""
