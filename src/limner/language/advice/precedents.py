"""Precedents and themes: what earlier painters did, and what vague ideas are about.

A precedent is one device of one school, with its light, palette, movement and pose (`precedents.toml`).  A theme is
something that an idea may be about, or be for, with sitters, moods and hours that suit it (`themes.toml`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from limner.core.errors import LimnerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One device of one school; light, palette, movement, pose and moods are head words of the lexicon."""

    device: str
    """What it is called: "the single window from the left"."""
    school: str
    century: str
    region: str
    does: str
    """What is done with light, palette and pose."""
    light: str
    palette: str
    movement: str
    pose: str
    moods: tuple[str, ...]
    """Moods and qualities that it serves."""
    about: str
    """Plain words for the ideas that it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Something that an idea may be about, or, with advice, be for."""

    name: str
    words: tuple[str, ...]
    """Words and phrases that call it."""
    subjects: tuple[str, ...] = ()
    """Sitters that a brief can begin with."""
    moods: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    """Hours, seasons, weathers."""
    advice: str = ""
    """For purposes: what they ask of a picture."""


@cache
def precedents() -> tuple[Precedent, ...]:
    """All precedents, in file order.

    Raises:
        LimnerError: `precedents.toml` is damaged.
    """
    return tuple(_precedent(entry) for entry in _entries("precedents", "precedent"))


@cache
def themes() -> tuple[Theme, ...]:
    """All themes, in file order.

    Raises:
        LimnerError: `themes.toml` is damaged.
    """
    return tuple(_theme(entry) for entry in _entries("themes", "theme"))


def _entries(file: str, key: str) -> list[dict[str, Any]]:
    text = resources.files("limner.language.advice").joinpath("data", f"{file}.toml").read_text("utf-8")
    try:
        entries: list[dict[str, Any]] = tomllib.loads(text)[key]
    except (tomllib.TOMLDecodeError, KeyError) as exc:
        raise LimnerError(f"The file {file}.toml is not valid: {exc!r}.") from exc
    return entries


def _precedent(entry: dict[str, Any]) -> Precedent:
    try:
        return Precedent(
            device=entry["device"],
            school=entry["school"],
            century=entry["century"],
            region=entry["region"],
            does=entry["does"],
            light=entry["light"],
            palette=entry["palette"],
            movement=entry["movement"],
            pose=entry["pose"],
            moods=tuple(entry["moods"]),
            about=entry["about"],
        )
    except KeyError as exc:
        raise LimnerError(f"A precedent lacks {exc}: {entry}.") from exc


def _theme(entry: dict[str, Any]) -> Theme:
    if unknown := set(entry) - {"name", "words", "subjects", "moods", "hours", "advice"}:
        raise LimnerError(f"The theme {entry.get('name')!r} has unknown keys: {', '.join(sorted(unknown))}.")
    try:
        return Theme(
            name=entry["name"],
            words=tuple(entry["words"]),
            subjects=tuple(entry.get("subjects", ())),
            moods=tuple(entry.get("moods", ())),
            hours=tuple(entry.get("hours", ())),
            advice=entry.get("advice", ""),
        )
    except KeyError as exc:
        raise LimnerError(f"A theme lacks {exc}: {entry}.") from exc
