"""The lists behind the policy, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from limner.core.errors import LimnerError


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
    phrases: tuple[str, ...]
    """What is refused."""
    unless: Mapping[str, tuple[str, ...]]
    """Longer harmless phrases, by the phrase that they contain."""

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
        for entry in data["entry"]:
            own = [str(p) for p in (*entry["phrases"], *entry.get("also", []))]
            phrases += own
            for phrase in own:
                unless[phrase] = tuple(str(p) for p in entry.get("unless", []))
        return Rule(
            category=str(data["category"]),
            reason=str(data["reason"]),
            instead=str(data["instead"]),
            source=str(data["source"]),
            phrases=tuple(phrases),
            unless=unless,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        raise LimnerError(f"The policy list {name} is not valid: {exc!r}.") from exc
