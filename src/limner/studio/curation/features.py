"""What is compared when portraits are searched: rows of the database as numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select

from limner.core.dials import dial_table
from limner.core.palette import rgb_to_lab
from limner.language.lexicon import stem
from limner.language.tokens import tokenise
from limner.studio.curation.colours import COLOURS
from limner.studio.store.schema import links, portraits, recipes, traits

Floats = npt.NDArray[np.float32]

LIKENESS = 64
"""Length of the likeness part of a look."""

DIAL_WEIGHT = 0.35
"""How much the dials count beside the likeness in a look."""


def portrait_rows() -> Any:
    """All portraits with what is compared; narrow it with `where`."""
    joined = portraits.outerjoin(traits, traits.c.portrait == portraits.c.id)
    joined = joined.outerjoin(recipes, recipes.c.id == portraits.c.recipe)
    parents = select(func.count()).where(links.c.child == portraits.c.id).scalar_subquery()
    return select(
        portraits.c.number, portraits.c.id, portraits.c.made, portraits.c.picture, recipes.c.reading, recipes.c.engine,
        recipes.c.medium, recipes.c.style, traits.c.dials, traits.c.palette, traits.c.likeness,
        traits.c.number.label("measured"), parents.label("parents"),
    ).select_from(joined)  # fmt: skip


def microseconds(stamp: str) -> int:
    """A time of the database, or the beginning of one, in microseconds since 1970."""
    return int(np.datetime64(stamp.rstrip("Z"), "us").astype(np.int64))


def look_vectors(likeness: Floats, dials: Floats) -> Floats:
    """Looks for comparing: likeness [n, 64] of length 1 beside weighted dials [n, d], scaled to length 1.

    Rows without likeness stay zero: what was not measured resembles nobody.
    """
    both = np.concatenate([likeness, DIAL_WEIGHT * np.nan_to_num(dials)], 1)
    length = np.linalg.norm(both, axis=1, keepdims=True)
    seen = np.any(likeness != 0, axis=1, keepdims=True)
    return np.where(seen & (length > 0), both / np.maximum(length, 1e-6), 0).astype(np.float32)


def looks_of(rows: Sequence[Any]) -> tuple[Floats, Floats, Floats]:
    """Looks [n, 64 + dials], dials [n, dials] and palettes [n, 5, 4] of rows with traits, or with None for them."""
    names = dial_table().names
    likeness = np.zeros((len(rows), LIKENESS), np.float32)
    dials = np.full((len(rows), len(names)), np.nan, np.float32)
    palettes = np.full((len(rows), COLOURS, 4), np.nan, np.float32)
    rgb = np.zeros((len(rows), COLOURS, 3), np.uint8)
    for k, row in enumerate(rows):
        if row.dials is None:
            continue
        found: dict[str, float] = json.loads(row.dials)
        dials[k] = [found.get(name, np.nan) for name in names]
        for j, (colour, share) in enumerate(json.loads(row.palette)[:COLOURS]):
            palettes[k, j, 3] = share
            rgb[k, j] = int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
        if len(row.likeness) == 2 * LIKENESS:
            likeness[k] = np.frombuffer(row.likeness, "<f2")
    there = ~np.isnan(palettes[:, :, 3])
    palettes[there, :3] = rgb_to_lab(rgb[there])
    return look_vectors(likeness, dials), dials, palettes


def words_of(data: Mapping[str, Any]) -> list[str]:
    """Stems of a reading's words, and the terms ("mood=wistful") that they were taken to mean."""
    words = [stem(token) for token in tokenise(str(data.get("words", "")))]
    meant = [stem(t) for item in data.get("understood", ()) for t in tokenise(str(item.get("term", "")))]
    terms = [
        f"{item.get('kind', '')}={str(item['term']).casefold()}"
        for item in data.get("understood", ())
        if item.get("term")
    ]
    return list(dict.fromkeys([*words, *meant, *terms]))
