"""The query language of search, smart sets and listings.

    melancholic poet tag:blue rating>=4 -set:"north wall" mood:wistful smile>0.3 colour:#1b2a41 from:3f2a made:2026-11

Plain words are searched for; `name:value` and comparisons narrow; `-` before anything turns it round.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from limner.core.dials import dial_table
from limner.core.errors import DialError, InputError
from limner.core.palette import parse_hex

Sign = Literal[":", ">", ">=", "<", "<="]

NAMES = {
    "tag": "has the tag",
    "set": "is in the set (name or id)",
    "sitter": "shows the sitter (name or id)",
    "parent": "is a child of the portrait",
    "from": "descends from the portrait",
    "term": "the brief was taken to mean this term",
    "colour": "has the colour (#rrggbb)",
    "rating": "was rated (1..5, none)",
    "made": "was made at the time (2026, 2026-11, 2026-11-21)",
    "medium": "was painted in the medium",
    "style": "has the style",
    "engine": "was painted by the engine",
    "id": "has an id that begins so",
    "is": "starred, rated, keep, kill, undecided, handmade, measured, root",
}
"""Names before a colon, and what they ask for; kinds of terms (mood, hour ...) and dials come on top."""

STATES = ("starred", "rated", "keep", "kill", "undecided", "handmade", "measured", "root")

_TOKEN = re.compile(
    r"""\s*(?P<not>-?)(?:(?P<name>[A-Za-z_]+)(?P<sign>>=|<=|[:<>=])(?P<value>"[^"]*"|\S*)|"(?P<phrase>[^"]*)"|(?P<word>\S+))"""
)
_COMPARED = ("rating", "made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that a portrait must be, or must not be."""

    name: str
    sign: Sign
    value: str
    negated: bool = False

    def __str__(self) -> str:
        value = f'"{self.value}"' if " " in self.value else self.value
        return f"{'-' if self.negated else ''}{self.name}{self.sign}{value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for."""

    words: str = ""
    """Words to search for."""
    avoid: str = ""
    """Words that should not fit."""
    conditions: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        avoid = " ".join(f"-{word}" for word in self.avoid.split())
        return " ".join(part for part in (self.words, avoid, *map(str, self.conditions)) if part)


def parse_query(text: str, kinds: Collection[str] = ()) -> Query:
    """Read a query.

    Args:
        text: the query.
        kinds: kinds of terms that may stand before a colon ("mood", "hour").

    Raises:
        InputError: an unknown name, a value that does not fit, an open quotation mark.
        DialError: a dial's value that is not in -1..1.
    """
    if text.count('"') % 2:
        raise InputError(f"A quotation mark is open in {text!r}.", "Close it.")
    words: list[str] = []
    avoid: list[str] = []
    conditions: list[Condition] = []
    for match in _TOKEN.finditer(text.strip()):
        negated = bool(match["not"])
        if match["name"] is None:
            (avoid if negated else words).append(match["phrase"] if match["phrase"] is not None else match["word"])
        else:
            value = match["value"].strip('"')
            conditions.append(_condition(match["name"].lower(), match["sign"], value, negated, kinds))
    return Query(words=" ".join(words), avoid=" ".join(avoid), conditions=tuple(conditions))


def turns_dial(name: str, value: str) -> bool:
    """Is this a setting of a dial?  "age" is a dial as well as a kind of term: a number decides."""
    return name in dial_table() and re.fullmatch(r"[-+]?[\d.]+", value) is not None


def _condition(name: str, sign: str, value: str, negated: bool, kinds: Collection[str]) -> Condition:
    name = {"color": "colour", "tags": "tag", "sets": "set"}.get(name, name)
    read: Sign = ":" if sign in ("=", ":") else sign  # pyright: ignore[reportAssignmentType]
    if not value:
        raise InputError(f"There is nothing behind {name}{sign}.")
    if turns_dial(name, value) or (name in dial_table() and name not in kinds):
        return _dial(name, read, value, negated)
    if name not in NAMES and name not in kinds:
        known = ", ".join([*NAMES, *sorted(kinds)])
        raise InputError(f"{name!r} is nothing that can be asked for.", f"Known are {known}, and the dials.")
    if read != ":" and name not in _COMPARED:
        raise InputError(f"{name} cannot be compared with {sign}.", f"Write {name}:{value}.")
    _check_value(name, value)
    return Condition(name=name, sign=read, value=value, negated=negated)


def _check_value(name: str, value: str) -> None:
    if name == "rating" and value not in ("none", "1", "2", "3", "4", "5"):
        raise InputError(f"{value!r} is no rating.", "Write rating>=4, rating:5 or rating:none.")
    if name == "is" and value not in STATES:
        raise InputError(f"is:{value} is not known.", f"Known are: {', '.join(STATES)}.")
    if name == "colour":
        parse_hex(value)
    if name == "made" and not re.fullmatch(r"\d{4}(-\d\d(-\d\d(T[\d:.]+Z?)?)?)?", value):
        raise InputError(f"{value!r} is no time.", "Write 2026, 2026-11 or 2026-11-21.")


def _dial(name: str, sign: Sign, value: str, negated: bool) -> Condition:
    try:
        dial_table().check(name, float(value))
    except ValueError:
        raise DialError(f"{name}{sign}{value} is no setting of a dial.", "Write for example smile>0.3.") from None
    return Condition(name=name, sign=sign, value=value, negated=negated)
