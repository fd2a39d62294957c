"""A reading in plain English: what was understood, what it weighs, what was guessed, what has no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from limner.core.dials import COLOURED, dial_table
from limner.core.palette import Colour
from limner.core.reading import Reading, Understood
from limner.language.lexicon import Lexicon
from limner.language.reading.ages import years_of

_STRENGTH = (
    (0.35, "a little"),
    (0.65, "clearly"),
    (0.85, "strongly"),
    (2.0, "fully"),
)
_MIDDLE = 0.1  # settings nearer to 0 mean "neither"
_SHOWN = 5  # settings of one word that are told, the strongest first
_KINDS = {"look": "", "person": "", "colour": "", "age": "", "part": "", "palette": ""}
"""Kinds that need not be named: the words say so themselves."""
_EYES = frozenset({"eyes", "eyes_red", "eyes_yellow"})
_OPEN = {
    "age": ("age",), "sex": ("femininity",), "hair colour": ("hair",), "skin colour": ("skin",),
    "eye colour": ("eyes",), "expression": ("smile", "brow_raise"), "pose": ("yaw", "pitch"),
    "background": ("background", "background_yellow"), "light": ("light_x", "light_y", "brightness", "contrast"),
}  # fmt: skip
"""What a person may care for, and the dials that settle it: one set is enough."""


def explain(reading: Reading, lexicon: Lexicon) -> list[str]:
    """One sentence for every stretch of the brief that means something, then what is true of the whole.

    Args:
        reading: the reading.
        lexicon: where the terms' glosses stand.
    """
    lines = [*dict.fromkeys(_item(item, lexicon) for item in reading.understood if item.term)]
    lines += _unplaced(item for item in reading.understood if not item.term)
    if reading.avoid:
        lines.append(f"Away from: {reading.avoid}.")
    if reading.palette:
        lines.append(f"The palette is {_listed(reading.palette)}; the first colour stands behind the sitter.")
    if reading.style:
        lines.append(f"The style is {reading.style}.")
    if reading.medium:
        lines.append(f"The medium is {reading.medium}.")
    if reading.compositions:
        lines.append(f"The portrait is composed: {', '.join(reading.compositions)}.")
    lines += reading.notes
    if left := [what for what, names in _OPEN.items() if not any(name in reading.dials for name in names)]:
        lines.append(f"Left open, so the seed decides: {_listed(left)}.")
    return lines


def _item(item: Understood, lexicon: Lexicon) -> str:
    """ "very sad" (sad, weighs 1.3): corners of the mouth down (strongly)."""
    aside: list[str] = []
    kind = _KINDS.get(item.kind, item.kind)
    name = item.term.replace(", ", " and ")
    if item.term != item.words and item.kind != "palette":
        aside.append(f"read as {kind and f'the {kind} '}{name}")
    elif kind:
        aside.append(kind)
    if item.weight != 1:
        aside.append(f"weighs {item.weight:g}")
    if item.note:
        aside.append(item.note)
    head = f'"{item.words}"' + (f" ({'; '.join(aside)})" if aside else "")
    says = [_effect(item)]
    if gloss := _gloss(item, lexicon):
        says.append(gloss.rstrip("."))
    return f"{head}: {'. '.join(filter(None, says))}."


def _effect(item: Understood) -> str:
    """What a word does to the picture."""
    if item.kind == "palette":
        return "colours of the palette"
    if item.dials and set(item.dials) <= _EYES and "#" not in item.term and len(item.dials) > 1:
        return "tints the eyes gently, since they glow at full strength"
    if item.dials:
        return in_words(item.dials, most=_SHOWN)
    return "ruled out" if item.term.startswith("not ") else "left to the text encoder"


def _gloss(item: Understood, lexicon: Lexicon) -> str:
    """The gloss of the term, where it says more than the word."""
    term = item.term.split(", ")[-1]
    known = item.kind not in ("colour", "age") and lexicon.knows(term)
    return lexicon.find(term).gloss if known else ""


def _unplaced(items: Iterable[Understood]) -> list[str]:
    """One sentence for every reason why words have no place."""
    reasons: dict[str, list[str]] = {}
    for item in items:
        reasons.setdefault(item.note, []).append(f'"{item.words}"')
    return [f"{_listed(dict.fromkeys(words))}: {note}." for note, words in reasons.items()]


def in_words(dials: Mapping[str, float], most: int | None = None) -> str:
    """Settings as a person would say them: "broad smile (strongly); dark picture (a little)".

    Args:
        dials: settings -1..1 by name.
        most: how many are told at most, the strongest first; all in their order if None.
    """
    table = dial_table()
    said: list[tuple[float, str]] = []
    rest = dict(dials)
    for part in COLOURED:
        names = (part, f"{part}_red", f"{part}_yellow")
        if all(name in rest for name in names):
            colour = Colour(*(table[name].raw(rest.pop(name)) for name in names))
            said.append((1.0, f"{part} {'are' if part == 'eyes' else 'is'} {colour.hex}"))
    for name, value in rest.items():
        dial = table[name]
        if name == "age":
            said.append((1.0, f"looks about {years_of(value)}"))
        elif abs(value) < _MIDDLE:
            said.append((0.0, f"neither {dial.low} nor {dial.high}"))
        else:
            strength = next(words for limit, words in _STRENGTH if abs(value) < limit)
            said.append((abs(value), f"{dial.high if value > 0 else dial.low} ({strength})"))
    if most is not None and len(said) > most:
        said = sorted((s for s in said if s[0]), key=lambda s: -s[0])[:most]
    return "; ".join(text for _, text in said)


def _listed(words: Iterable[str]) -> str:
    every = list(words)
    return every[0] if len(every) == 1 else ", ".join(every[:-1]) + " and " + every[-1]
