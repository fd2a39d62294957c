"""Curation: ratings, tags, sets, culling, searching."""
