"""Tongues: briefs in other languages, said in English."""

from limner.language.tongues.translation import Translation, translate

__all__ = ["Translation", "translate"]
