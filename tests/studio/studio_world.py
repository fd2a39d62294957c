"""Pieces of a studio's world for tests: small portraits, a clock, and comparing whole studios."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import select

from limner._version import __version__
from limner.core.reading import Reading, Understood, pack_vector
from limner.core.recipe import Recipe
from limner.provenance.disclosure import Disclosure, encode_file
from limner.studio.store.portraits import origins_of, traits_of
from limner.studio.store.recipes import recipe_texts
from limner.studio.store.schema import grids, members, portraits, recipes, sets, sitters, tags
from limner.studio.store.store import Store
from limner.studio.store.values import Work


class Time:
    """A clock that tests wind; every look moves it on by a second."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@cache
def picture_file(seed: int, format: str = "png") -> tuple[Recipe, bytes]:
    """A small portrait file with its recipe."""
    reading = Reading(
        words=f"a poet of {seed % 7} moods",
        dials={"smile": round((seed % 21) / 10 - 1, 1)},
        understood=(Understood(words="moods", term=f"mood {seed % 3}", kind="mood"),),
        text=pack_vector(np.random.default_rng(seed % 7).standard_normal(16).astype(np.float32)),
    )
    recipe = Recipe(engine="fake.test", weights="0" * 64, reading=reading, seed=seed, size=64, limner=__version__)
    pixels = np.full((64, 64, 3), seed % 256, np.uint8)
    pixels[0, 0] = (seed >> 8 & 255, seed >> 16 & 255, seed & 255)
    said = Disclosure(recipe=recipe, system="test", version=__version__, credit="nobody")
    return recipe, encode_file(pixels, said, format)


def work(seed: int, format: str = "png", **values: object) -> Work:
    """A finished portrait."""
    recipe, data = picture_file(seed, format)
    return replace(Work(data=data, recipe=recipe), **values)


FACTS = ("id", "recipe", "picture", "format", "bytes", "width", "height", "sitter", "edit", "reason", "made")
CURATED = ("rating", "star", "mark", "note", "trashed")


def facts(store: Store) -> dict[str, Any]:
    """What the pictures themselves tell."""
    with store.read() as c:
        rows = list(c.execute(select(portraits).order_by(portraits.c.number)))
        ids = [row.id for row in rows]
        return {
            "portraits": [{name: getattr(row, name) for name in FACTS} for row in rows],
            "order": ids,
            "origins": origins_of(c, ids),
            "traits": traits_of(c, ids),
            "recipes": recipe_texts(c, [row.id for row in c.execute(select(recipes.c.id))]),
        }


def snapshot(store: Store) -> dict[str, Any]:
    """Everything but the journal, the jobs and the studio's own id."""
    with store.read() as c:
        curated = {row.id: {name: getattr(row, name) for name in CURATED} for row in c.execute(select(portraits))}
        inside: dict[str, list[str]] = {}
        for row in c.execute(select(members).order_by(members.c.set, members.c.place)):
            inside.setdefault(row.set, []).append(row.portrait)
        return facts(store) | {
            "curated": curated,
            "tags": sorted((row.portrait, row.tag) for row in c.execute(select(tags))),
            "sets": {row.id: tuple(row)[1:] for row in c.execute(select(sets))},
            "members": inside,
            "grids": {
                row.id: (row.name, row.request, row.axes, row.cells, row.trashed) for row in c.execute(select(grids))
            },
            "sitters": {row.id: (row.name, row.note) for row in c.execute(select(sitters))},
        }
