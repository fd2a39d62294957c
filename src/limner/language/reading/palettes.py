"""Palettes: colours of the whole picture, and the settings that bring a picture to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from limner.core.dials import dial_table
from limner.core.palette import Colour
from limner.language.lexicon.small_words import PALETTE_GLUE, PALETTE_NOUNS, SHADES
from limner.language.reading.draft import Draft, Found

_HAIR_COLOURS = frozenset({"blonde", "platinum", "auburn", "ginger"})  # head words that are only said of hair
_CLOTHED = frozenset({"in", "on", "with"})
_STRENGTH = 0.6  # share of a palette's chroma that the whole picture takes on


def read_palette(draft: Draft, *, alone: bool) -> bool:
    """Take the clause's palette: all of it if it names nothing but colours, or "in shades of blue and grey".

    Args:
        draft: the clause.
        alone: True if the brief has no other clause.

    Returns:
        True if the whole clause is a palette.
    """
    tokens = draft.tokens
    names, colours, stop = _run(draft, 0)
    if stop == len(tokens) and colours and not _of_hair(draft) and not _acts(draft):
        worn = tokens[0] in _CLOTHED and len(colours) == 1 and not alone  # "in black" is said of clothes
        if not worn:
            _add(draft, 0, stop, names, colours)
            return True
    for k, token in enumerate(tokens):
        if token not in PALETTE_NOUNS or draft.taken[k]:
            continue
        names, colours, stop = _run(draft, k + 1)
        start = k
        for first in range(k) if not colours else ():
            names, colours, stop = _run(draft, first)
            if colours and stop > k:
                start = first
                break
        if colours and stop > k and draft.free(start, stop):
            _add(draft, start, stop, names, colours)
            break
    return False


def loose_colours(draft: Draft) -> None:
    """Hex colours beside no part belong to the palette."""
    for k, token in enumerate(draft.tokens):
        if token.startswith("#") and not draft.taken[k]:
            _add(draft, k, k + 1, [token], [Colour.of_hex(token)])


def _add(draft: Draft, start: int, stop: int, names: Sequence[str], colours: Sequence[Colour]) -> None:
    draft.add(Found(start, stop, ", ".join(names), "palette", colours=tuple(c.hex for c in colours)))


def _run(draft: Draft, k: int) -> tuple[list[str], list[Colour], int]:
    """Colours and the small words between them from word `k` on: names, values, and where they end."""
    tokens = draft.tokens
    names: list[str] = []
    colours: list[Colour] = []
    end = k
    while k < len(tokens) and not draft.taken[k]:
        if (spot := _colour(draft, k)) is not None:
            name, value, k = spot
            names.append(name)
            colours.append(value)
            end = k
        elif tokens[k] in PALETTE_GLUE:
            k += 1
            end = k if k == len(tokens) or tokens[k - 1] in PALETTE_NOUNS else end
        else:
            break
    return names, colours, end


def _colour(draft: Draft, k: int) -> tuple[str, Colour, int] | None:
    """A colour that begins at word `k`, its shade first: name, value and the word after it."""
    tokens = draft.tokens
    if tokens[k].startswith("#"):
        return tokens[k], Colour.of_hex(tokens[k]), k + 1
    for first in (k, k + 1) if tokens[k] in SHADES else (k,):
        for size in (3, 2, 1):
            term = next((t for t in draft.at(first, first + size) if t.colour is not None), None)
            if term is None or term.colour is None:
                continue
            colour = term.colour
            if first > k:
                lightness = min(96.0, max(4.0, colour.lightness + SHADES[tokens[k]]))
                colour = Colour(lightness, colour.a, colour.b)
            return " ".join(tokens[k : first + size]), colour, first + size
    return None


def _of_hair(draft: Draft) -> bool:
    """True if a colour of the clause is only said of hair."""
    return any(term.word in _HAIR_COLOURS for terms in draft.spans.values() for term in terms)


def _acts(draft: Draft) -> bool:
    """True if a phrase of the clause does more than name colours ("black and white")."""
    return any(
        term.acts and term.kind not in ("palette", "colour")
        for (start, stop), terms in draft.spans.items()
        if stop - start > 1
        for term in terms
        if not any(t.colour is not None for t in terms)
    )


def from_palette(palette: Sequence[str], said: set[str]) -> dict[str, float]:
    """Settings that bring a picture to a palette: its ground, its warmth, its strength of colour.

    Args:
        palette: colours as #rrggbb, most important first; colour k weighs 1 / (k + 1).
        said: dials that the words set already; they are left alone.
    """
    if not palette:
        return {}
    ground = any(name.startswith("background") for name in said)
    return {
        name: value
        for name, value in _settings(tuple(palette)).items()
        if name not in said and not (ground and name.startswith("background"))
    }


@lru_cache(maxsize=1024)
def _settings(palette: tuple[str, ...]) -> Mapping[str, float]:
    """All settings of a palette."""
    table = dial_table()
    colours = [Colour.of_hex(c) for c in palette]
    weights = [1.0 / (k + 1) for k in range(len(colours))]
    total = sum(weights)
    warm = sum(w * c.b for w, c in zip(weights, colours, strict=True)) / total
    strong = sum(w * c.chroma for w, c in zip(weights, colours, strict=True)) / total
    return table.colour("background", colours[0]) | {
        "warmth": table["warmth"].setting(warm * _STRENGTH),
        "saturation": table["saturation"].setting(strong * _STRENGTH),
    }
