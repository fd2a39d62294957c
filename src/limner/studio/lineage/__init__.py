"""Lineage: who comes from whom, what was changed on the way, and walking the way again."""
