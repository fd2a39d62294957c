"""Names of people and places that do not exist.

A culture is a list of given names and the parts of family names and of places (`names.toml`).  A full name is
put together and kept only if the policy knows no real person of that name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from limner.core.errors import LimnerError
from limner.language.policy import policy
from limner.language.writing.chance import Chance

_TRIES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A full name in the order of its culture."""

    given: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """Where names come from."""

    name: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    """All family names, put together; bynames begin with "of", "from" and the like."""
    places: tuple[str, ...]
    """All place names, put together."""
    family_first: bool
    chosen_by: frozenset[str]
    """Head words of the lexicon (peoples, eras, movements, trades) that choose it."""


def draw_name(culture: Culture, sex: str, chance: Chance) -> Name:
    """A full name that is nobody's.

    Args:
        culture: where it comes from.
        sex: "woman", "man", or anything else for either.
        chance: what draws it.

    Raises:
        LimnerError: every name that was drawn is a real person's.
    """
    given = culture.women if sex == "woman" else culture.men if sex == "man" else culture.women + culture.men
    for _ in range(_TRIES):
        first, last = chance.pick(given), chance.pick(culture.families)
        full = f"{last} {first}" if culture.family_first else f"{first} {last}"
        if policy().look(full) is None:
            return Name(given=first, full=full)
    raise LimnerError(f"The culture {culture.name} has only names of real people.")


def draw_place(culture: Culture, chance: Chance) -> str:
    """A place that is on no map."""
    return chance.pick(culture.places)


def culture_of(words: Iterable[str]) -> Culture | None:
    """The culture that the first of these head words chooses, or None."""
    for word in words:
        for culture in cultures().values():
            if word in culture.chosen_by:
                return culture
    return None


@cache
def cultures() -> Mapping[str, Culture]:
    """All cultures by name.

    Raises:
        LimnerError: `names.toml` is damaged.
    """
    text = resources.files("limner.language.writing").joinpath("data", "names.toml").read_text("utf-8")
    try:
        return {name: _culture(name, data) for name, data in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as exc:
        raise LimnerError(f"The file names.toml is not valid: {exc!r}.") from exc


def _culture(name: str, data: dict[str, Any]) -> Culture:
    return Culture(
        name=name,
        women=tuple(data["women"]),
        men=tuple(data["men"]),
        families=_joined(data["family"]),
        places=_joined(data["place"]),
        family_first=data.get("order") == "family first",
        chosen_by=frozenset([*data.get("peoples", []), *data.get("calls", [])]),
    )


def _joined(parts: list[list[str]]) -> tuple[str, ...]:
    starts, ends = parts
    return tuple(_join(start, "" if end == "-" else end) for start in starts for end in ends)


def _join(start: str, end: str) -> str:
    """Two parts as one name: "Mac Gil" and "leary", "San " and "fiore", "Ash" and "Marling"."""
    if start.endswith("-") or not end:
        return start + end
    if start.endswith(" "):
        return start + (end if start.islower() else end[0].upper() + end[1:])
    if end[0].isupper():
        return f"{start} {end}"
    return start + (end[1:] if start[-1].lower() == end[0].lower() else end)
