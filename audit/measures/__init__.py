"""How well it was done, as pure functions: the facts of one journey in, a verdict out."""
