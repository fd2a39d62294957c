"""What was found in a stretch of a brief, item by item, made ready to be put into English order.

Ages are put together ("70", "years": "70 years old"), words that other languages say late ("beard
without", "sad very") move forward, persons behind an article for women become women.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from limner.language.tongues.words import OF_WOMEN, Word, of_woman

MODIFIERS = frozenset({"colour", "shade", "shape", "look"})
"""Kinds of words that stand beside a noun."""

NOUNS = frozenset({"part", "person", "being", "thing"})
"""Kinds of words that others stand beside."""

_PLURALS = {
    "woman": "women", "man": "men", "child": "children", "baby": "babies", "lady": "ladies", "fairy": "fairies",
    "elf": "elves", "dwarf": "dwarves", "thief": "thieves", "nobleman": "noblemen", "noblewoman": "noblewomen",
    "fisherman": "fishermen", "gentleman": "gentlemen", "samurai": "samurai", "mummy": "mummies",
}  # fmt: skip
_NEITHER = frozenset({"someone", "saint", "baby"})
_DECADES = ("", "teens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_OF_AGE = {"old man": "old", "old woman": "old", "young man": "young", "young woman": "young"}
_PARTS_OF_DECADE = {"early": 2, "mid": 5, "late": 8}


@dataclass(frozen=True, slots=True)
class Item:
    """A word or phrase that was found, or a word that nobody knows (kind "")."""

    kind: str
    english: str
    start: int = 0
    """Place of its first letter in the brief."""
    stop: int = 0
    """Place after its last letter."""


def ready(items: Iterable[Item]) -> list[Item]:
    """Items with their ages put together, late words moved forward and silent ones gone."""
    row = _moved_forward(_without_silent(_ages(_with_women(list(items)))))
    return _plural(_as_adjectives(row))


def _plural(row: list[Item]) -> list[Item]:
    """Persons behind a number are several ("two women")."""
    several = False
    for k, item in enumerate(row):
        if item.kind == "number":
            several = item.english not in ("0", "1")
        elif item.kind in ("person", "being") and several:
            *within, name = item.english.split(" ")
            name = _PLURALS.get(name, name + ("es" if name.endswith(("s", "ch")) else "s"))
            row[k] = replace(item, english=" ".join([*within, name]))
        if item.kind not in MODIFIERS | {"degree", "number"}:
            several = False
    return row


def _with_women(items: list[Item]) -> list[Item]:
    """Persons behind an article for women are women ("une juge"); the articles' marks go."""
    row = list(items)
    for k, item in enumerate(row):
        if item.kind != "glue" or not item.english.endswith(OF_WOMEN):
            continue
        row[k] = replace(item, english=item.english.removesuffix(OF_WOMEN))
        j = k + 1
        while j < len(row) and row[j].kind in MODIFIERS | {"degree"}:
            j += 1
        if j < len(row) and row[j].kind == "person" and row[j].english not in _NEITHER:
            row[j] = replace(row[j], english=of_woman(Word("person", row[j].english)).english)
    return row


# ages ----------------------------------------------------------------------------------------------


def _ages(items: list[Item]) -> list[Item]:
    """Numbers of years made into ages; the words around them go."""
    row: list[Item] = []
    k = 0
    while k < len(items):
        found = _age(items, k)
        if found is None:
            item = items[k]
            if item.kind == "age" and item.english not in ("tail", "lead", "about", "unit"):
                item = Item("look", _whole(item.english), item.start, item.stop)
            elif item.kind == "age":
                item = Item("glue", "", item.start, item.stop)
            row.append(item)
            k += 1
        else:
            row.append(found[0])
            k = found[1]
    return row


def _whole(english: str) -> str:
    return english if english[:1].isdigit() or english.startswith("in their ") else ""


def _age(items: list[Item], k: int) -> tuple[Item, int] | None:
    """An age that begins at item `k`, and the item after it."""
    j, within, told = k, "", False
    while j < len(items):
        word = items[j]
        if word.kind == "age" and word.english in ("lead", "about"):
            told = told or word.english == "lead"
        elif word.kind == "age" and word.english in _PARTS_OF_DECADE:
            within, told = word.english, True
        elif not (word.kind == "glue" and word.english in ("of", "in", "on", "the", "a", "") and j + 1 < len(items)):
            break
        j += 1
    swapped = j + 1 < len(items) and _is_age(items[j], "unit") and items[j + 1].kind == "number"
    if swapped:
        number, j, told = items[j + 1], j + 2, True
    elif j < len(items) and items[j].kind == "number":
        number, j = items[j], j + 1
    else:
        return None
    decade = False
    while j < len(items) and (
        (items[j].kind == "age" and items[j].english in ("unit", "tail", "decade", "about"))
        or (items[j].english == "old" and _is_age(items[j - 1], "unit"))
    ):
        decade = decade or items[j].english == "decade"
        told = told or items[j].english != "about"
        j += 1
    if not told:
        return None
    years = int(number.english)
    if within or decade:
        years = years // 10 * 10 + _PARTS_OF_DECADE[within or "mid"]
    if decade and 10 <= years < 100:
        where = f"in their {within} {_DECADES[years // 10]}".replace("  ", " ")
        return Item("look", where, items[k].start, items[j - 1].stop), j
    return Item("look", f"{years} years old", items[k].start, items[j - 1].stop), j


def _is_age(item: Item, what: str) -> bool:
    return item.kind == "age" and item.english == what


def _without_silent(items: list[Item]) -> list[Item]:
    """Items less the glue that English does without, and less "of" behind an adjective ("red of hair")."""
    row: list[Item] = []
    for item in items:
        silent = item.kind == "glue" and not item.english
        if not silent and not (item.kind == "owner" and row and row[-1].kind in MODIFIERS):
            row.append(item)
    return row


def _as_adjectives(row: list[Item]) -> list[Item]:
    """ "old man" before another person is "old"."""
    persons = ("person", "being")
    return [
        replace(item, kind="look", english=_OF_AGE[item.english])
        if item.english in _OF_AGE and k + 1 < len(row) and row[k + 1].kind in persons
        else item
        for k, item in enumerate(row)
    ]


# words said late -----------------------------------------------------------------------------------


def _moved_forward(items: list[Item]) -> list[Item]:
    """ "beard without", "sad very", "hair hers": the second word goes before the first."""
    row: list[Item] = []
    for item in items:
        if row and row[-1].kind == "part" and item.kind == "glue" and item.english in ("his", "her"):
            row.insert(len(row) - 1, item)
        elif item.kind == "notafter":
            at = len(row)
            while at and row[at - 1].kind == "is":
                at -= 1
            at -= at > 0
            while at and row[at].kind in NOUNS and row[at - 1].kind in MODIFIERS:
                at -= 1
            row.insert(max(at, 0), Item("not", item.english, item.start, item.stop))
        elif item.kind == "degreeafter" and row:
            row.insert(len(row) - 1, Item("degree", item.english, item.start, item.stop))
        else:
            row.append(item)
    return row
