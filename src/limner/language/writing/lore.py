"""Lore: which eras, trades, garments and movements belong together, and what people of a trade do.

Read from `worlds.toml`.  A world is a stretch of history or of imagination ("early": Europe from 1450 to 1700,
"future", "fantasy"); a family is a group of trades that share a way of life.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from limner.core.errors import LimnerError


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What goes together in one time and place; all entries are head words of the lexicon."""

    name: str
    eras: tuple[str, ...]
    movements: tuple[str, ...]
    garments: tuple[str, ...]
    cultures: tuple[str, ...]
    """Names of `limner.language.writing.names`'s cultures."""
    tags: frozenset[str]
    """Tags for grammars: "past", "modern", "now", "future" or "fantasy"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Trades that share a way of life."""

    name: str
    trades: tuple[str, ...]
    did: tuple[str, ...]
    """What such people did, as "they ..."."""
    could: tuple[str, ...]
    """What such people could do, as "could ..."."""
    kept: tuple[str, ...]
    """What such people kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What drawn briefs choose from beside worlds and trades; head words of the lexicon."""

    hair: tuple[str, ...]
    hair_old: tuple[str, ...]
    hair_child: tuple[str, ...]
    hair_men: tuple[str, ...]
    hair_woman: frozenset[str]
    """Hairstyles that men are not drawn with."""
    hair_by_world: Mapping[str, tuple[str, ...]]
    features: tuple[str, ...]
    features_old: tuple[str, ...]
    features_child: tuple[str, ...]
    garments_child: tuple[str, ...]
    garments_woman: frozenset[str]
    garments_man: frozenset[str]
    never: frozenset[str]
    """Garments, hours and weathers that are never drawn."""
    symbols: tuple[str, ...]
    modern: frozenset[str]
    """Palettes and symbols that the past did not have."""
    hours_by_world: Mapping[str, frozenset[str]]
    """Hours of feasts and offices by the worlds that keep them."""
    scales_child: frozenset[str]
    """Gradations of the moods that children are drawn with."""
    qualities_child: frozenset[str]
    beings: Mapping[str, tuple[str, ...]]
    """Creatures by world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lore:
    """All worlds and families."""

    worlds: Mapping[str, World]
    families: Mapping[str, Family]
    garments: tuple[str, ...]
    """Garments of every world."""
    movements: tuple[str, ...]
    """Movements that suit every world."""
    electric: frozenset[str]
    """Lights that need a power station."""
    gas: frozenset[str]
    """Lights that need a gasworks."""
    family_by_trade: Mapping[str, str]
    worlds_by_trade: Mapping[str, frozenset[str]]
    drawn: Drawn
    asked_only: frozenset[str]
    """Trades that nobody is given who did not ask for them."""
    called: Mapping[str, str]
    """Trades of words that the lexicon reads as a woman or a man ("queen"), by the word."""

    def family(self, trade: str) -> Family | None:
        """The family of a trade's head word."""
        name = self.family_by_trade.get(trade)
        return self.families[name] if name else None

    def world_of_era(self, era: str) -> World | None:
        """The world that an era's head word belongs to."""
        return next((w for w in self.worlds.values() if era in w.eras), None)

    def kept_in(self, hour: str, world: World) -> bool:
        """True unless an hour is a feast or an office that this world does not keep."""
        feasts = self.drawn.hours_by_world
        return hour not in self.drawn.never and (
            hour in feasts.get(world.name, frozenset()) or not any(hour in hours for hours in feasts.values())
        )

    def suits(self, light: str, world: World) -> bool:
        """True if there was such a light in that world."""
        if light in self.electric:
            return bool(world.tags & {"now", "future"}) or world.name == "modern"
        return light not in self.gas or world.name in ("steam", "modern")


@cache
def lore() -> Lore:
    """The lore that ships with Limner.

    Raises:
        LimnerError: `worlds.toml` is damaged.
    """
    text = resources.files("limner.language.writing").joinpath("data", "worlds.toml").read_text("utf-8")
    try:
        return _lore(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        raise LimnerError(f"The file worlds.toml is not valid: {exc!r}.") from exc


def _lore(data: dict[str, Any]) -> Lore:
    groups: dict[str, list[str]] = data["groups"]

    def expanded(names: list[str]) -> frozenset[str]:
        return frozenset(world for name in names for world in groups.get(name, [name]))

    worlds = {
        name: World(
            name=name,
            eras=tuple(d["eras"]),
            movements=tuple(d["movements"]),
            garments=tuple(d["garments"]),
            cultures=tuple(d["cultures"]),
            tags=frozenset(d["tags"]),
        )
        for name, d in data["world"].items()
    }
    families = {
        name: Family(
            name=name,
            trades=tuple(d["trades"]),
            did=tuple(d["did"]),
            could=tuple(d["could"]),
            kept=tuple(d["kept"]),
        )
        for name, d in data["family"].items()
    }
    places = {t: expanded(d["worlds"]) for d in data["family"].values() for t in d["trades"]}
    places |= {trade: expanded(names) for trade, names in data["only"].items()}
    if unknown := frozenset(w for ws in places.values() for w in ws) - set(worlds):
        raise LimnerError(f"worlds.toml names worlds that it does not describe: {', '.join(sorted(unknown))}.")
    everywhere = data["everywhere"]
    return Lore(
        worlds=worlds,
        families=families,
        garments=tuple(everywhere["garments"]),
        movements=tuple(everywhere["movements"]),
        electric=frozenset(everywhere["electric"]),
        gas=frozenset(everywhere["gas"]),
        family_by_trade={t: name for name, f in families.items() for t in f.trades},
        worlds_by_trade=places,
        drawn=_drawn(data["drawn"], groups),
        asked_only=frozenset(everywhere["asked_only"]),
        called=dict(data["called"]),
    )


def _drawn(data: dict[str, Any], groups: dict[str, list[str]]) -> Drawn:
    return Drawn(
        hair=tuple(data["hair"]),
        hair_old=tuple(data["hair_old"]),
        hair_child=tuple(data["hair_child"]),
        hair_men=tuple(data["hair_men"]),
        hair_woman=frozenset(data["hair_woman"]),
        hair_by_world={world: tuple(words) for world, words in data["by_world"].items()},
        features=tuple(data["features"]),
        features_old=tuple(data["features_old"]),
        features_child=tuple(data["features_child"]),
        garments_child=tuple(data["garments_child"]),
        garments_woman=frozenset(data["garments_woman"]),
        garments_man=frozenset(data["garments_man"]),
        never=frozenset((*data["never"], *data["no_weather"], *data["no_hours"])),
        symbols=tuple(data["symbols"]),
        modern=frozenset((*data["modern_palettes"], *data["modern_symbols"])),
        hours_by_world={
            **{world: frozenset(data["european_hours"]) for world in groups["european"] + groups["machine"]},
            **{world: frozenset(hours) for world, hours in data["hours_by_world"].items()},
        },
        scales_child=frozenset(data["scales_child"]),
        qualities_child=frozenset(data["qualities_child"]),
        beings={"fantasy": tuple(data["fantasy_beings"]), "future": tuple(data["future_beings"])},
    )
