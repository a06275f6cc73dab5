"""The board, the clocks and the pages for programs."""
