"""The pathway for programs: the same commands and reads as the screens."""
