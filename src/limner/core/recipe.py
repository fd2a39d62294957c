"""The recipe: everything that a picture depends on.

Same recipe, same picture.  A recipe is frozen, has one canonical JSON form (RFC 8785), and is named
by the SHA-256 of that form; lineage is recipes that cite recipes by name.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NewType

import rfc8785

from limner.core.dials import dial_table
from limner.core.errors import RecipeError
from limner.core.reading import Reading
from limner.core.rng import MAX_SEED
from limner.core.treatment import Treatment

RecipeId = NewType("RecipeId", str)
"""64 hexadecimal digits; any unique prefix of at least 4 is accepted from people."""

SCHEMA = 3
"""Newest version of the recipe's form; readers refuse newer ones.

A recipe is written in the oldest form that holds it, so what was painted before a form was added keeps its
name: form 1 has no treatment, form 2 has one, form 3 has compositions in it or in the reading, or an edited care map.
"""

MIN_SIZE, MAX_SIZE = 64, 4096
"""Smallest and largest side of a portrait in px."""

GUIDANCE = (1.0, 8.0)
"""Range of `Recipe.guidance`."""

VARIETY = (0.2, 1.5)
"""Range of `Recipe.variety`."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One picture, before it is painted."""

    engine: str
    """Engine id, `family.variant` ("eigen.portraits")."""
    weights: str
    """Hash of the engine's weights (their card's SHA-256)."""
    reading: Reading = field(default_factory=Reading)
    """What to paint."""
    seed: int = 0
    """0..2**53-1; chooses the sitter."""
    guidance: float = 2.0
    """How closely the words are followed: 1 = as the training portraits do, more = stricter."""
    variety: float = 1.0
    """Spread of the noise: 1 = as trained, less = nearer to the typical portrait of the brief."""
    size: int = 256
    """Side of the square picture in px."""
    treatment: Treatment | None = None
    """The medium that paints the portrait at full size; None for the engine's own picture."""
    limner: str = ""
    """Version of Limner that wrote the recipe."""

    def __post_init__(self) -> None:
        _inside("seed", self.seed, 0, MAX_SEED, whole=True)
        _inside("size", self.size, MIN_SIZE, MAX_SIZE, whole=True)
        _inside("guidance", self.guidance, *GUIDANCE)
        _inside("variety", self.variety, *VARIETY)
        table = dial_table()
        for name, value in self.reading.dials.items():
            table.check(name, value)

    @property
    def schema(self) -> int:
        """Version of the form that it is written in."""
        how = self.treatment
        if self.reading.compositions or (how is not None and (how.compositions or how.care)):
            return 3
        return 1 if how is None else 2

    @cached_property
    def id(self) -> RecipeId:
        """Name of the recipe: SHA-256 of its tagged canonical form."""
        return RecipeId(hashlib.sha256(b"limner.recipe\0" + self.canonical()).hexdigest())

    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785), UTF-8."""
        return rfc8785.dumps(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is the inverse."""
        data = {
            "schema": self.schema,
            "limner": self.limner,
            "engine": self.engine,
            "weights": self.weights,
            "reading": self.reading.to_json(),
            "seed": self.seed,
            "guidance": self.guidance,
            "variety": self.variety,
            "size": self.size,
        }
        if self.treatment is not None:
            data["treatment"] = self.treatment.to_json()
        return data

    @classmethod
    def from_json(cls, data: object) -> Recipe:
        """Read `to_json`'s form.

        Raises:
            RecipeError: not such an object, a value out of range, or a newer form.
        """
        if not isinstance(data, Mapping):
            raise RecipeError(f"A recipe is a JSON object, not {type(data).__name__}.")
        fields: dict[str, Any] = {str(k): v for k, v in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        schema = fields.pop("schema", None)
        if isinstance(schema, bool) or schema not in range(1, SCHEMA + 1):
            raise RecipeError(
                f"This recipe has form {schema!r}; this Limner reads forms 1 to {SCHEMA}.", "Upgrade Limner."
            )
        known = set(cls.__dataclass_fields__) - ({"treatment"} if schema == 1 else set[str]())
        if unknown := set(fields) - known:
            raise RecipeError(
                f"The recipe has unknown fields: {', '.join(sorted(unknown))}.",
                "It may come from a newer Limner; upgrade.",
            )
        if missing := known - set(fields) - ({"treatment"} if schema == 3 else set[str]()):
            raise RecipeError(f"The recipe lacks {', '.join(sorted(missing))}.")
        for name in ("engine", "weights", "limner"):
            if not isinstance(fields[name], str):
                raise RecipeError(f"The recipe's {name} is not text: {fields[name]!r}.")
        if schema > 1 and "treatment" in fields:
            fields["treatment"] = Treatment.from_json(fields["treatment"])
        fields["reading"] = Reading.from_json(fields["reading"])
        recipe = cls(**fields)
        if recipe.schema != schema:
            raise RecipeError(f"The recipe says form {schema}, and what it holds is of form {recipe.schema}.")
        return recipe

    @classmethod
    def parse(cls, text: str | bytes) -> Recipe:
        """Read a recipe from JSON text.

        Raises:
            RecipeError: not JSON, or not a recipe.
        """
        try:
            return cls.from_json(json.loads(text))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise RecipeError(f"This is not a recipe in JSON ({exc}).") from exc

    def with_seed(self, seed: int) -> Recipe:
        """The same recipe for another sitter."""
        return replace(self, seed=seed)


def _inside(name: str, value: object, low: float, high: float, *, whole: bool = False) -> None:
    right = isinstance(value, int) if whole else isinstance(value, int | float)
    if not right or isinstance(value, bool) or not math.isfinite(value) or not low <= value <= high:  # type: ignore[operator]
        kind = "a whole number" if whole else "a number"
        raise RecipeError(f"{name} = {value!r} is not {kind} from {low:g} to {high:g}.")
