"""The lists behind the policy, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from limner.core.errors import LimnerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Contempt:
    """Words that a group of people and an insult make hateful together, though neither is by itself."""

    groups: tuple[str, ...]
    """Names of peoples, faiths, orientations and the like."""
    anywhere: tuple[str, ...]
    """What demeans a group within `reach` words of its name ("caricature", "vermin")."""
    before: tuple[str, ...]
    """What demeans it before the name of a person of it, one word between at most ("filthy")."""
    after: tuple[str, ...]
    """What demeans it right after its name ("scum")."""
    likened: tuple[str, ...]
    """What a group is demeaned by being likened to ("as a rat")."""
    deadly: tuple[str, ...]
    """What is wished it right before its name ("death to")."""
    persons: tuple[str, ...]
    """Words after a group's name that still mean a person of it ("man", "face")."""
    unless: tuple[str, ...]
    """Harmless phrases; what lies within one is not looked at."""
    reach: int
    """Words between a group's name and what demeans it."""


CONTEMPT_LISTS = ("groups", "anywhere", "before", "after", "likened", "deadly", "persons", "unless")
"""The lists of `Contempt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One list."""

    category: str
    """"real", "character", "sexual" or "hateful"."""
    reason: str
    """Why its briefs are not painted, in one sentence."""
    instead: str
    """What to write instead."""
    source: str
    """Where the list comes from."""
    phrases: tuple[str, ...] = ()
    """What is refused."""
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Longer harmless phrases, by the phrase that they contain; and single words that are never taken for
    a misspelt one of it."""
    contempt: Contempt | None = None
    """Words that are refused together."""

    @property
    def named(self) -> bool:
        """True for lists of names, whose words may stand in either order."""
        return self.category in ("real", "character")


def read_rules(text: str, name: str) -> Rule:
    """Parse and check one list.

    Raises:
        LimnerError: not TOML, or something is missing.
    """
    try:
        data = tomllib.loads(text)
        phrases: list[str] = []
        unless: dict[str, tuple[str, ...]] = {}
        for entry in data.get("entry", []):
            own = [str(p) for p in (*entry["phrases"], *entry.get("also", []))]
            phrases += own
            for phrase in own:
                unless[phrase] = (*unless.get(phrase, ()), *(str(p) for p in entry.get("unless", [])))
        contempt = data.get("contempt")
        return Rule(
            category=str(data["category"]),
            reason=str(data["reason"]),
            instead=str(data["instead"]),
            source=str(data["source"]),
            phrases=tuple(phrases),
            unless={phrase: longer for phrase, longer in unless.items() if longer},
            contempt=_contempt(contempt) if contempt else None,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as exc:
        raise LimnerError(f"The policy list {name} is not valid: {exc!r}.") from exc


def _contempt(data: Mapping[str, object]) -> Contempt:
    lists = {key: _texts(data[key]) for key in CONTEMPT_LISTS}
    return Contempt(reach=int(str(data["reach"])), **lists)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {value!r}")
    return tuple(map(str, cast("list[object]", value)))
