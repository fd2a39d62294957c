"""Words of a brief: splitting and hashing."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

_WORD = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|[^\W_]+")

MAX_TOKENS = 96
"""More words than this are refused: nobody's portrait needs them, and the encoder has not seen them."""


def tokenise(text: str) -> list[str]:
    """Split a brief into lower-case words, numbers and hex colours.

    Compatibility forms are folded (NFKC), accents are kept, apostrophes vanish ("don't" is one word),
    everything else between letters and digits separates.

    >>> tokenise("Red-haired woman, don't SMILE (#1b2a41)")
    ['red', 'haired', 'woman', 'dont', 'smile', '#1b2a41']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = folded.replace("'", "").replace("\u2019", "")
    return _WORD.findall(folded)


@lru_cache(maxsize=65536)
def word_row(word: str, rows: int) -> int:
    """Row of a word in a hashed table of `rows` rows (CRC-32 of its UTF-8 bytes)."""
    return zlib.crc32(word.encode()) % rows


@lru_cache(maxsize=65536)
def gram_rows(word: str, rows: int) -> tuple[int, ...]:
    """Rows of a word's letter groups of 3, 4 and 5 in a hashed table (Bojanowski et al. 2017).

    The word is framed as `<word>`, so that beginnings and ends differ from middles; letter groups let
    misspelt and unseen words lean on those they resemble.
    """
    framed = f"<{word}>"
    grams = {framed[i : i + n] for n in (3, 4, 5) for i in range(len(framed) - n + 1)}
    return tuple(sorted({zlib.crc32(g.encode(), 0x9E3779B9) % rows for g in grams}))
