"""A reading in plain English, word by word."""

from __future__ import annotations

from collections.abc import Mapping

from limner.core.dials import dial_table
from limner.core.reading import Reading, Understood
from limner.language.lexicon import Lexicon

_STRENGTH = (
    (0.15, "about average"),
    (0.35, "a little"),
    (0.65, "clearly"),
    (0.85, "strongly"),
    (2.0, "as far as it goes"),
)


def explain(reading: Reading, lexicon: Lexicon) -> list[str]:
    """One sentence for every stretch of the brief, then the remarks on the whole."""
    lines = [_item(item, lexicon) for item in reading.understood]
    if reading.avoid:
        lines.append(f"Away from: {reading.avoid}.")
    if reading.palette:
        lines.append(f"Palette: {', '.join(reading.palette)}; the first colour stands behind the sitter.")
    if reading.style:
        lines.append(f"Style: {reading.style}.")
    if reading.medium:
        lines.append(f"Medium: {reading.medium}.")
    lines += reading.notes
    return lines


def _item(item: Understood, lexicon: Lexicon) -> str:
    if not item.term:
        return f'"{item.words}": {item.note}.'
    said = f'"{item.words}"'
    meant = item.term if item.kind in ("", item.term) else f"{item.kind} {item.term!r}"
    parts = [f"{said} is read as {meant}"]
    if item.weight != 1:
        parts.append(f"weighed {item.weight:g}")
    if item.dials:
        parts.append(in_words(item.dials))
    if item.note:
        parts.append(item.note)
    first = item.term.split(", ", 1)[0]
    if lexicon.knows(first) and (gloss := lexicon.find(first).gloss):
        parts.append(f"({gloss.rstrip('.')})")
    return ": ".join(parts[:2]) + ("; " + "; ".join(parts[2:]) if parts[2:] else "") + "."


def in_words(dials: Mapping[str, float]) -> str:
    """Settings as a person would say them: "broad smile strongly, dark picture a little"."""
    table = dial_table()
    said: list[str] = []
    for name, value in dials.items():
        dial = table[name]
        side = dial.high if value >= 0 else dial.low
        strength = next(words for limit, words in _STRENGTH if abs(value) < limit)
        said.append(f"{name} {strength}" if abs(value) < _STRENGTH[0][0] else f"{side} {strength}")
    return ", ".join(said)
