"""What is settled before a portrait is planned: seeds, the brief of each, and what the engine can do."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from limner.core.errors import CapabilityError, InputError
from limner.core.reading import Reading
from limner.core.rng import MAX_SEED
from limner.engines.engine import Capabilities
from limner.language.lexicon import Lexicon
from limner.language.reading import Template, wildcards
from limner.language.tokens import tokenise

MAX_COUNT = 10_000
"""Most portraits of one request."""


def first_seed(n: int, seed: int | None) -> int:
    """Seed of the first of `n` portraits; the others count up.  None draws one.

    Raises:
        InputError: not a number of portraits, or not a seed.
    """
    if not _is_whole(n) or not 1 <= n <= MAX_COUNT:
        raise InputError(f"n = {n!r} is not a number of portraits.", f"Ask for 1 to {MAX_COUNT:,}.")
    if seed is None:
        return int(np.random.default_rng().integers(0, 2**31 - n))
    if not _is_whole(seed) or not 0 <= seed <= MAX_SEED - n:
        raise InputError(f"seed = {seed!r} is not allowed.", f"Give a whole number from 0 to {MAX_SEED - n}.")
    return seed


def in_the_manner_of(lexicon: Lexicon, words: str, style: str) -> str:
    """A brief that names the style, in a word that the lexicon takes for it."""
    name = " ".join(style.casefold().split())
    if not name or name in words.casefold():
        return words
    if not any(term.style == name for term in lexicon.at(tuple(tokenise(name)))):
        name = next((t.word for t in lexicon.of_kind("movement") if t.style == name), name)
    return f"{words}, {name}" if words else name


def briefs_of(words: str, n: int, seed: int, lexicon: Lexicon, folder: Path, *, every: bool) -> list[str]:
    """The brief of every portrait.

    Args:
        words: a brief or a template.
        n: number of portraits, with `every` that of each brief.
        seed: of the first portrait; it decides what a template draws.
        lexicon: terms that wildcards stand for.
        folder: wildcards of the person's own.
        every: every brief that the template stands for.

    Raises:
        InputError: a broken template, or one that stands for too many portraits.
    """
    if "{" not in words and "}" not in words:
        return [words] * n
    template = Template(words, wildcards(lexicon, folder))
    if not every:
        return [template.draw(seed + k) for k in range(n)]
    briefs = [brief for brief in template.every() for _ in range(n)]
    if len(briefs) > MAX_COUNT:
        raise InputError(
            f"The template stands for {len(briefs) // n:,} briefs, {n} portraits each.",
            f"At most {MAX_COUNT:,} portraits are painted at once.",
        )
    return briefs


def check_able(able: Capabilities, reading: Reading, engine: str) -> None:
    """Fail before any work if the engine lacks what a reading asks for.

    Raises:
        CapabilityError: it does.
    """
    if reading.words and not able.words:
        raise CapabilityError(f"{engine} does not follow words.", "Leave them out, or choose another engine.")
    if reading.avoid and not able.avoid:
        raise CapabilityError(f"{engine} cannot avoid words.")
    if missing := set(reading.dials) - able.dials:
        raise CapabilityError(f"{engine} has no dial {', '.join(sorted(missing))}.")


def _is_whole(value: object) -> bool:
    """True for whole numbers, and not for True and False."""
    return isinstance(value, int) and not isinstance(value, bool)
