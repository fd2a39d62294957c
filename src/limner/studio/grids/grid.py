"""Grids in the studio: made as a job, gone on with later, looked at while they fill."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from limner.core.errors import InputError
from limner.studio.curation.text import name_of
from limner.studio.grids.axes import Axis, Value
from limner.studio.grids.planning import Cell, Plan, Request, plan_cells
from limner.studio.jobs.events import JobListener
from limner.studio.jobs.queue import Destination, Task, seconds_each, submit
from limner.studio.store.acts import Act, Change, perform
from limner.studio.store.database import Writing
from limner.studio.store.portraits import MIN_PREFIX, find_id
from limner.studio.store.rows import chunks
from limner.studio.store.schema import grids, portraits
from limner.studio.store.values import dumps


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid as it is kept."""

    id: str
    name: str
    request: Request
    axes: tuple[Axis, ...]
    cells: Mapping[tuple[int, ...], tuple[str, ...]]
    """Portraits by place; none for a hole."""
    job: str
    """The job that paints it, or painted it last."""
    made: str
    trashed: str | None

    @property
    def portraits(self) -> tuple[str, ...]:
        """All portraits, painted or not."""
        return tuple(dict.fromkeys(id for ids in self.cells.values() for id in ids))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "name": self.name,
            "request": self.request.to_json(),
            "axes": [axis_json(axis) for axis in self.axes],
            "cells": [{"at": list(at), "portraits": list(ids)} for at, ids in self.cells.items()],
            "job": self.job,
            "made": self.made,
            "trashed": self.trashed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a grid costs."""

    cells: int
    """Cells that are painted."""
    portraits: int
    """Portraits in them."""
    new: int
    """Those that the studio does not have yet."""
    seconds: float | None
    """How long painting them takes, by what portraits took lately; None if nothing was painted yet."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def estimate(c: Connection, cells: Sequence[Cell]) -> Estimate:
    """What painting cells costs."""
    wanted = list(dict.fromkeys(id for cell in cells for id in cell.portraits))
    new = len(wanted) - len(_painted(c, wanted))
    each = seconds_each(c)
    return Estimate(
        cells=sum(bool(cell.recipes) for cell in cells),
        portraits=len(wanted),
        new=new,
        seconds=None if each is None else new * each,
    )


def make_grid(
    w: Writing,
    name: str,
    request: Request,
    axes: Sequence[Axis],
    cells: Sequence[Cell],
    *,
    destination: Destination | None = None,
    front: bool = False,
    listen: JobListener | None = None,
) -> Grid:
    """Keep a grid and put the painting of it into the queue, in one transaction.

    Raises:
        InputError: not a name, or too much for one job.
    """
    id = secrets.token_hex(16)
    job = submit(
        w,
        [Task(recipe=recipe) for recipe in _recipes(cells)],
        title=f"grid {name_of(name)}",
        kind="grid",
        destination=destination,
        request={"grid": id},
        front=front,
        listen=listen,
    )
    after = {
        "name": name_of(name),
        "request": dumps(request.to_json()),
        "axes": dumps([axis_json(axis) for axis in axes]),
        "cells": dumps([[list(cell.at), list(cell.portraits)] for cell in cells]),
        "job": job,
        "made": w.at,
        "trashed": None,
    }
    perform(w, "grid", f"made the grid {name!r}", [Change(table="grids", key={"id": id}, before=None, after=after)])
    return read_grid(w.c, id)


def go_on(w: Writing, id: str, plan: Plan, *, listen: JobListener | None = None) -> str | None:
    """Paint what a grid still lacks; returns the new job, or None if it is complete.

    Raises:
        InputError: the engine or its weights have changed: other pictures would come.
    """
    grid = read_grid(w.c, id)
    missing = set(grid.portraits) - _painted(w.c, grid.portraits)
    if not missing:
        return None
    holes = {at for at, ids in grid.cells.items() if not ids}
    cells = [cell for cell in plan_cells(plan, grid.request, grid.axes) if cell.at not in holes]
    recipes = {
        name: recipe
        for cell in cells
        for name, recipe in zip(cell.portraits, cell.recipes, strict=True)
        if name in missing
    }
    if set(recipes) != missing:
        raise InputError(
            f"The grid {grid.name!r} was planned with another engine, other weights or another reader.",
            "Make it anew: the portraits that are there stay.",
        )
    ordered = [recipes[name] for name in grid.portraits if name in recipes]
    job = submit(
        w,
        [Task(recipe=r) for r in ordered],
        title=f"grid {grid.name}",
        kind="grid",
        request={"grid": id},
        listen=listen,
    )
    change = Change(table="grids", key={"id": id}, before={"job": grid.job}, after={"job": job})
    perform(w, "grid", f"went on with the grid {grid.name!r}", [change])
    return job


def drop_grid(w: Writing, id: str) -> Act | None:
    """Put a grid into the trash; its portraits stay."""
    grid = read_grid(w.c, id)
    change = Change(table="grids", key={"id": id}, before={"trashed": grid.trashed}, after={"trashed": w.at})
    return perform(w, "grid", f"threw away the grid {grid.name!r}", [change])


# reading ----------------------------------------------------------------------------------------


def read_grid(c: Connection, id: str) -> Grid:
    """A grid by its id.

    Raises:
        InputError: there is none.
    """
    row = c.execute(select(grids).where(grids.c.id == id)).first()
    if row is None:
        raise InputError(f"There is no grid {id[:12]!r}.", "See: limner grid")
    return Grid(
        id=row.id,
        name=row.name,
        request=Request.from_json(json.loads(row.request)),
        axes=tuple(_axis(data) for data in json.loads(row.axes)),
        cells={tuple(at): tuple(ids) for at, ids in json.loads(row.cells)},
        job=row.job,
        made=row.made,
        trashed=row.trashed,
    )


def list_grids(c: Connection) -> list[Grid]:
    """Grids outside the trash, the newest first."""
    rows = c.execute(select(grids.c.id).where(grids.c.trashed.is_(None)).order_by(grids.c.made.desc(), grids.c.id))
    return [read_grid(c, row.id) for row in rows]


def find_grid(c: Connection, text: str) -> str:
    """The grid that a name, or the beginning of an id, names; of several with one name the newest.

    Raises:
        InputError: there is none.
    """
    named = select(grids.c.id).where(grids.c.name == " ".join(text.split()), grids.c.trashed.is_(None))
    found = c.execute(named.order_by(grids.c.made.desc())).first()
    if found is not None:
        return str(found.id)
    if len(text) >= MIN_PREFIX and set(text.lower()) <= set("0123456789abcdef"):
        return find_id(c, grids, text, "grid")
    raise InputError(f"There is no grid {text!r}.", "See: limner grid")


def _painted(c: Connection, ids: Sequence[str]) -> set[str]:
    query = select(portraits.c.id).where(portraits.c.picture.is_not(None), portraits.c.trashed.is_(None))
    return {row.id for part in chunks(ids) for row in c.execute(query.where(portraits.c.id.in_(part)))}


def _recipes(cells: Sequence[Cell]) -> list[Any]:
    """Recipes of all cells, each once."""
    found = {recipe.id: recipe for cell in cells for recipe in cell.recipes}
    return list(found.values())


def axis_json(axis: Axis) -> dict[str, Any]:
    """An axis as plain JSON."""
    return {"name": axis.name, "values": [{"text": v.text, "setting": v.setting, "hole": v.hole} for v in axis.values]}


def _axis(data: Mapping[str, Any]) -> Axis:
    return Axis(name=data["name"], values=tuple(Value(**value) for value in data["values"]))
