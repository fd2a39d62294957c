"""Grids: one brief explored along axes, several portraits a cell, as a job and as a page."""
