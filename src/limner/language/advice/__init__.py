"""Advice: directions for a vague idea, and briefs for the undecided."""

from limner.language.advice.mentor import Mentor
from limner.language.advice.muse import Muse

__all__ = ["Mentor", "Muse"]
