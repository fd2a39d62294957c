"""Imagined biographies: three to five sentences about a person who does not exist.

The facts are the reading's (age, sex, trade, era, people, mood); name, places and the rest are drawn.  Every text is
marked as fiction.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from limner.language.lexicon import Lexicon
from limner.language.writing.chance import Chance
from limner.language.writing.grammar import Used, read_grammar, sentence
from limner.language.writing.sitter import Sitter
from limner.language.writing.voice import Life, draw_life, tags_of, values_of

FICTION = "Fiction: "
"""What every biography begins with."""

LEAST, MOST = 3, 5
"""How many sentences a biography has."""

_END = re.compile(r"[.!?]['\"\u201d)]*(?=\s+['\"\u201c]?[A-Z\u00c0-\u00de\u1e00-\u1eff]|$)")
_SLOTS = ("opening", "work", "turn", "manner", "close")
_TRIES = 200
_WORD = re.compile(r"[\w'\u2019-]+")


def biography(
    sitter: Sitter,
    lexicon: Lexicon,
    seed: int,
    *,
    used: Used | None = None,
    openings: AbstractSet[str] = frozenset(),
    life: Life | None = None,
) -> str:
    """An imagined life, marked as fiction.

    Args:
        sitter: the facts to agree with.
        lexicon: where trades come from.
        seed: 0..2**53-1; the same facts and seed give the same text.
        used: what other texts of the set have used; frames that were used least come first.
        openings: openings (`opening_of`) that must not come again.
        life: name, place and trade, if they were drawn before.
    """
    chance = Chance(seed, "biography")
    drawn = life or draw_life(sitter, lexicon, chance)
    values, tags = values_of(sitter, drawn, chance), tags_of(sitter, drawn)
    grammar, used = read_grammar("biography"), used or Used()
    first = ""
    for _ in range(_TRIES):
        first = sentence(grammar.say("opening", values, chance, tags=tags, used=used))
        if opening_of(first) not in openings:
            break
    left_out = chance.some(_SLOTS[1:], chance.below(3))
    rest = [sentence(grammar.say(s, values, chance, tags=tags, used=used)) for s in _SLOTS[1:] if s not in left_out]
    while sum(map(sentences, [first, *rest])) > MOST and len(rest) > 2:
        rest.pop(chance.below(len(rest)))
    return FICTION + " ".join([first, *rest])


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return len(_END.findall(text.strip()))


def opening_of(text: str) -> str:
    """The first four words of a text, small letters, without the mark of fiction."""
    words = _WORD.findall(text.removeprefix(FICTION).casefold())
    return " ".join(words[:4])
