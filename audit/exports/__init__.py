"""Figures and journeys as files: what they hold is in `rows` and `lines`, how in the others."""
