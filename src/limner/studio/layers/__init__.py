"""Layered pictures: machine-made and hand-made work in one file (see docs/layers.md)."""
