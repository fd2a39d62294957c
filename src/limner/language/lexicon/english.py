"""English words: which words mean just themselves, though the lexicon does not have them.

The list is that of pyspellchecker (MIT; 160,000 words in small letters, names of people and places among
them, counted in the OpenSubtitles corpus of Lison and Tiedemann 2016).  Only its file is read, and only
when a word is first asked for: 20 ms, since its lines are searched by halves and never parsed.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from limner.core.errors import WeightsError

COMMON = 200
"""Times that a common word occurs in the corpus; words that were added to the list have 50."""


def is_english(word: str) -> bool:
    """True for an English word, given in small letters without an apostrophe; true for common names, too.

    Raises:
        WeightsError: the list of words is missing or damaged.
    """
    return _count(word) > 0


def is_common(word: str) -> bool:
    """True for one of the 36,000 English words that are said now and then, given as for `is_english`."""
    return _count(word) >= COMMON


@lru_cache(maxsize=65536)
def _count(word: str) -> int:
    """How often a word occurs in the corpus; 0 if it is not in the list."""
    start, lines = f'"{word}":'.encode(), _lines()
    k = bisect_left(lines, start)
    return int(lines[k][len(start) :].rstrip(b",")) if k < len(lines) and lines[k].startswith(start) else 0


@cache
def _lines() -> list[bytes]:
    """The lines of the list, `"word": count`, in the order of their bytes."""
    spec = find_spec("spellchecker")  # found, not imported: the spell checker itself is not needed
    folder = Path(str(spec.origin)).parent if spec else Path("spellchecker")
    try:
        lines = gzip.decompress((folder / "resources" / "en.json.gz").read_bytes()).split(b"\n")
    except (OSError, EOFError) as exc:
        raise WeightsError(
            f"The list of English words cannot be read: {exc}.",
            "Reinstall it: pip install --force-reinstall pyspellchecker",
        ) from exc
    lines.sort()
    return lines
