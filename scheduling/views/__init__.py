"""Pages of the coordinator's work: the board, pages and answers, duty, whether all is watched."""
