"""Titles of portraits: drawn from a grammar, never twice in a set."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from limner.language.writing.chance import Chance
from limner.language.writing.grammar import Used, read_grammar
from limner.language.writing.sitter import Sitter
from limner.language.writing.voice import Life, bare, tags_of, title_case

_TRIES = 400
_FLAT = frozenset({"overexposed", "underexposed", "silhouette", "contre jour", "skylight", "bare bulb"})


def draw_title(
    sitter: Sitter, life: Life, chance: Chance, *, used: Used | None = None, taken: AbstractSet[str] = frozenset()
) -> str:
    """A title for a portrait.

    Args:
        sitter: what was asked for.
        life: what was drawn beside it.
        chance: what draws.
        used: what other texts of the set have used.
        taken: titles in small letters that must not come again.
    """
    grammar, used = read_grammar("titles"), used or Used()
    values, tags = _values(sitter, life), tags_of(sitter, life)
    title = ""
    for _ in range(_TRIES):
        title = grammar.say("title", values, chance, tags=tags, used=used)
        title = title[0].upper() + title[1:]
        if title.casefold() not in taken:
            break
    return title


def _values(sitter: Sitter, life: Life) -> dict[str, str]:
    colours = [c for part, c in sitter.colours.items() if part != "skin" and not c.startswith("#")]
    plain = {
        "trade": sitter.trade_words,
        "hour": bare(sitter.hour) if sitter.hour else "",
        "light": bare(sitter.light) if sitter.light and sitter.light.word not in _FLAT else "",
        "colour": colours[0] if colours else "",
        "garment": sitter.garment.word if sitter.garment else "",
    }
    names = {"given": life.name.given, "place": life.place}
    return names | {name: title_case(value) for name, value in plain.items()}
