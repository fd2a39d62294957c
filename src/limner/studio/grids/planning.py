"""From a brief and axes to recipes, cell by cell."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from limner.core.dials import dial_table
from limner.core.errors import InputError
from limner.core.recipe import Recipe
from limner.studio.grids.axes import NUMBERS, TEXTS, WHOLE, Axis
from limner.studio.jobs.queue import MAX_UNITS
from limner.studio.store.entry import portrait_id

MAX_PER_CELL = 64
"""Most portraits in a cell."""

Plan = Callable[..., list[Recipe]]
"""Makes recipes of a request (`limner.studio.studio.Studio.plan`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What every cell has in common."""

    words: str = ""
    avoid: str = ""
    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    palette: tuple[str, ...] = ()
    seed: int = 1
    """Seed of the first portrait of every cell: the same sitters in all of them."""
    per_cell: int = 1
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """guidance, variety, size, and whatever else the plan takes."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is the inverse."""
        return {
            "words": self.words,
            "avoid": self.avoid,
            "dials": dict(self.dials),
            "palette": list(self.palette),
            "seed": self.seed,
            "per_cell": self.per_cell,
            "options": dict(self.options),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Request:
        """Read `to_json`'s form."""
        values: dict[str, Any] = {**data, "palette": tuple(data["palette"])}
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place of a grid."""

    at: tuple[int, ...]
    """Number of the value on every axis."""
    recipes: tuple[Recipe, ...]
    """What is painted there; empty for a hole."""

    @property
    def portraits(self) -> tuple[str, ...]:
        """Names of the portraits, known before they are painted."""
        return tuple(portrait_id(recipe.id, "", ()) for recipe in self.recipes)


def able(plan: Plan) -> Collection[str]:
    """What can be varied beside the dials: everything that the plan takes."""
    taken = inspect.signature(plan).parameters
    found = [name for name in (*TEXTS, *WHOLE, *NUMBERS) if name in taken or name == "add"]
    return tuple(found)


def plan_cells(
    plan: Plan, request: Request, axes: Sequence[Axis], *, skip: Sequence[Mapping[str, str]] = ()
) -> list[Cell]:
    """Recipes of every cell.

    Args:
        plan: makes recipes.
        request: what all cells have in common.
        axes: at least one, no name twice.
        skip: cells to leave out: texts of values by axis; axes that are not named stand for all their values.

    Raises:
        InputError: no axis, an axis twice, too many portraits, a hole that is none.
        LimnerError: what the plan does not allow.
    """
    names = [axis.name for axis in axes]
    if not axes or len(set(names)) < len(names):
        raise InputError("A grid needs axes, each once.", "Give them with --x, --y, --z and --axis.")
    if not 1 <= request.per_cell <= MAX_PER_CELL:
        raise InputError(f"{request.per_cell} portraits a cell are not allowed.", f"Give 1 to {MAX_PER_CELL}.")
    count = request.per_cell
    for axis in axes:
        count *= len(axis.values)
    if count > MAX_UNITS:
        raise InputError(
            f"The grid has {count:,} portraits.", f"At most {MAX_UNITS:,} are painted at once: every axis multiplies."
        )
    holes = [_holes(axes, hole) for hole in skip]
    cells: list[Cell] = []
    for at in itertools.product(*(range(len(axis.values)) for axis in axes)):
        empty = any(axes[k].values[v].hole for k, v in enumerate(at)) or any(_inside(at, hole) for hole in holes)
        cells.append(Cell(at=at, recipes=() if empty else tuple(_plan_cell(plan, request, axes, at))))
    if not any(cell.recipes for cell in cells):
        raise InputError("Every cell of the grid is a hole.", "Leave something to paint.")
    return cells


def _plan_cell(plan: Plan, request: Request, axes: Sequence[Axis], at: Sequence[int]) -> list[Recipe]:
    words, avoid, seed = request.words, request.avoid, request.seed
    dials, palette, options = dict(request.dials), request.palette, dict(request.options)
    for axis, number in zip(axes, at, strict=True):
        value = axis.values[number].setting
        match axis.name:
            case "words":
                words = str(value)
            case "add":
                words = ", ".join(part for part in (words, str(value)) if part)
            case "avoid":
                avoid = str(value)
            case "palette":
                palette = tuple(str(value).split())
            case "seed":
                seed = int(value)
            case name if name in dial_table():
                dials[name] = float(value)
            case name:
                options[name] = value
    return plan(words, n=request.per_cell, seed=seed, dials=dials, palette=palette, avoid=avoid, **options)


def _holes(axes: Sequence[Axis], hole: Mapping[str, str]) -> dict[int, int]:
    """Numbers of values by number of axis."""
    found: dict[int, int] = {}
    for name, text in hole.items():
        for k, axis in enumerate(axes):
            if axis.name == name:
                texts = [value.text for value in axis.values]
                if text not in texts:
                    raise InputError(f"The axis {name} has no value {text!r}.", f"It has: {', '.join(texts)}.")
                found[k] = texts.index(text)
                break
        else:
            raise InputError(f"The grid has no axis {name!r} to skip.")
    return found


def _inside(at: Sequence[int], hole: Mapping[int, int]) -> bool:
    return all(at[axis] == value for axis, value in hole.items())
