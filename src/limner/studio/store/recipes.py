"""Recipes in the database: canonical text, taken apart so that portraits of one brief share its reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from limner.core.errors import RecipeError, StorageError
from limner.core.recipe import Recipe
from limner.studio.store.rows import chunks, insert_missing
from limner.studio.store.schema import readings, recipes, terms

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeText:
    """A canonical recipe as it is stored."""

    id: str
    text: str
    """Canonical JSON (RFC 8785)."""

    @classmethod
    def of(cls, recipe: Recipe) -> RecipeText:
        """Of a recipe."""
        return cls.read(recipe.canonical().decode())

    @classmethod
    def read(cls, text: str) -> RecipeText:
        """Of canonical JSON."""
        return cls(id=hashlib.sha256(b"limner.recipe\0" + text.encode()).hexdigest(), text=text)


def insert_recipes(c: Connection, found: Iterable[RecipeText]) -> None:
    """Add recipes that are not there yet.

    Raises:
        RecipeError: one is no JSON object.
    """
    rows: dict[str, dict[str, Any]] = {}
    briefs: dict[str, dict[str, Any]] = {}
    meant: dict[tuple[str, str, str], dict[str, Any]] = {}
    for recipe in found:
        row, reading = _apart(recipe)
        rows[recipe.id] = row
        if reading is not None and row["reading"] not in briefs:
            value: dict[str, Any] = json.loads(reading)
            briefs[row["reading"]] = {"id": row["reading"], "words": str(value.get("words", "")), "json": reading}
            for item in value.get("understood", ()):
                if item.get("term"):
                    key = (row["reading"], str(item["term"]), str(item.get("kind", ""))[:40])
                    meant[key] = dict(zip(("reading", "term", "kind"), key, strict=True))
    insert_missing(c, readings, list(briefs.values()))
    insert_missing(c, recipes, list(rows.values()))
    insert_missing(c, terms, list(meant.values()))


def recipe_texts(c: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Canonical JSON by recipe id; ids that are not there are left out."""
    found: dict[str, str] = {}
    joined = recipes.outerjoin(readings, recipes.c.reading == readings.c.id)
    wanted = select(recipes.c.id, recipes.c.json, recipes.c.cut, readings.c.json.label("reading")).select_from(joined)
    for part in chunks(ids):
        for row in c.execute(wanted.where(recipes.c.id.in_(part))):
            found[row.id] = _together(row.json, row.reading, row.cut)
    return found


def read_recipe(c: Connection, id: str) -> Recipe:
    """A recipe by its id.

    Raises:
        StorageError: it is not in the database.
        RecipeError: it is of a form that this version does not read.
    """
    text = recipe_texts(c, [id]).get(id)
    if text is None:
        raise StorageError(f"The recipe {id[:12]} is not in the studio.", "See: limner studio check")
    return Recipe.parse(text)


def reading_id(text: str) -> str:
    """Name of a canonical reading."""
    return hashlib.sha256(b"limner.reading\0" + text.encode()).hexdigest()


def _apart(recipe: RecipeText) -> tuple[dict[str, Any], str | None]:
    """The row of a recipe, and its reading's text."""
    spans = _top_level(recipe.text)
    rest, reading, cut = recipe.text, None, 0
    if "reading" in spans and isinstance(spans["reading"][0], dict):
        _, start, stop = spans["reading"]
        reading, rest, cut = recipe.text[start:stop], recipe.text[:start] + recipe.text[stop:], start
    plain = {name: value for name, (value, _, _) in spans.items()}
    brief: Mapping[str, Any] = plain.get("reading") or {}
    row = {
        "id": recipe.id,
        "json": rest,
        "reading": reading_id(reading) if reading is not None else None,
        "cut": cut,
        "engine": str(plain.get("engine", "")),
        "weights": str(plain.get("weights", ""))[:64],
        "seed": _seed(plain.get("seed", 0)),
        "medium": _name_of(plain.get("medium") or brief.get("medium")),
        "style": _name_of(plain.get("style") or brief.get("style")),
    }
    return row, reading


def _seed(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 63:
        raise RecipeError(f"The recipe's seed is {value!r}; it must be a whole number below 2**63.")
    return value


def _together(rest: str, reading: str | None, cut: int) -> str:
    return rest if reading is None else rest[:cut] + reading + rest[cut:]


def _top_level(text: str) -> dict[str, tuple[Any, int, int]]:
    """Value, start and end of every field of a canonical JSON object."""
    fields: dict[str, tuple[Any, int, int]] = {}
    try:
        if text[0] != "{":
            raise ValueError("not an object")
        at = 1
        while text[at] != "}":
            name, at = _DECODER.raw_decode(text, at)
            start = at + 1
            value, at = _DECODER.raw_decode(text, start)
            fields[name] = (value, start, at)
            at += text[at] == ","
    except (ValueError, IndexError) as exc:
        raise RecipeError(f"This is not a recipe in canonical JSON ({exc}).") from exc
    return fields


def _name_of(value: object) -> str:
    """Name of a medium or style, which may be a text or an object with an id."""
    if isinstance(value, Mapping):
        found: Mapping[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        return str(found.get("id") or found.get("name") or "")
    return value if isinstance(value, str) else ""
