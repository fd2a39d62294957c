"""Which of the lexicon's plain looks are moods, hours, lights and palettes.

The lexicon keeps its most common words as one kind, "look", whatever they say; people ask for them by what
they are: `mood:melancholic`, `hour:twilight`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def looks() -> Mapping[str, frozenset[str]]:
    """Terms of the kind "look", by the kind that people ask for."""
    text = resources.files("limner.studio.curation").joinpath("looks.json").read_text("utf-8")
    return {kind: frozenset(terms) for kind, terms in json.loads(text).items()}
