"""Entries into the database, wherever they come from: keeping, recovery, reindexing, import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from limner.studio.store.acts import Change
from limner.studio.store.entry import Entry
from limner.studio.store.recipes import insert_recipes
from limner.studio.store.rows import chunks, insert_all, insert_missing
from limner.studio.store.schema import links, portraits, sitters, traits
from limner.studio.store.values import Traits, dumps


def insert_entries(c: Connection, entries: Sequence[Entry], at: str) -> list[Change]:
    """Add portraits that are new, and fill empty slots; those that have their picture stay as they are.

    Parents that are not in the database become empty slots.

    Returns:
        What the journal records: undone, it puts the portraits into the trash.
    """
    there = _known(c, [e.id for e in entries])
    fresh = list({e.id: e for e in entries if e.id not in there}.values())
    empty = [e for e in entries if e.id in there and there[e.id].picture is None]
    filled = [e for e in empty if e.picture is not None]
    told = [e for e in empty if e.picture is None and e.recipe is not None and there[e.id].recipe is None]
    added = [*fresh, *filled, *told]
    insert_recipes(c, [e.recipe for e in added if e.recipe is not None])
    insert_missing(c, sitters, [_sitter_row(e.sitter or e.id, e.made or at) for e in added])
    insert_all(c, portraits, [_row(e, at) for e in fresh])
    _place(c, filled, at, also=("sitter", "trashed"))
    _place(c, told, at, also=("sitter",))
    _add_links(c, added, at)
    add_traits(c, {e.id: e.traits for e in added if e.traits is not None})
    return [
        Change(table="portraits", key={"id": e.id}, before={"trashed": at}, after={"trashed": None})
        for e in [*fresh, *filled]
        if e.picture is not None
    ]


def refresh_entries(c: Connection, entries: Sequence[Entry], at: str) -> None:
    """Make portraits that are in the database agree with their files; what the artist said of them stays."""
    for part in chunks([e.id for e in entries]):
        c.execute(delete(links).where(links.c.child.in_(part)))
    insert_recipes(c, [e.recipe for e in entries if e.recipe is not None])
    _place(c, entries, at)
    _add_links(c, entries, at)
    add_traits(c, {e.id: e.traits for e in entries if e.traits is not None})


def add_traits(c: Connection, found: dict[str, Traits]) -> None:
    """Remember what was measured; what is known of a portrait already stays."""
    rows = [
        {
            "portrait": id,
            "dials": dumps(dict(t.dials)),
            "palette": dumps([list(p) for p in t.palette]),
            "likeness": t.likeness,
        }
        for id, t in found.items()
    ]
    insert_missing(c, traits, rows)


def _known(c: Connection, ids: list[str]) -> dict[str, Any]:
    query = select(portraits.c.id, portraits.c.picture, portraits.c.recipe)
    return {r.id: r for part in chunks(ids) for r in c.execute(query.where(portraits.c.id.in_(part)))}


def _row(entry: Entry, at: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "recipe": entry.recipe.id if entry.recipe else None,
        "picture": entry.picture,
        "format": entry.format,
        "bytes": entry.bytes,
        "width": entry.width,
        "height": entry.height,
        "sitter": entry.sitter or entry.id,
        "edit": entry.edit,
        "reason": entry.reason,
        "made": entry.made or at,
        "rating": None,
        "star": False,
        "mark": "",
        "note": "",
        "trashed": None,
    }


def _sitter_row(id: str, at: str) -> dict[str, Any]:
    return {"id": id, "name": "", "note": "", "made": at}


def _place(c: Connection, entries: Sequence[Entry], at: str, also: Sequence[str] = ()) -> None:
    """Write what files tell into the rows of their portraits."""
    if not entries:
        return
    names = ("recipe", "picture", "format", "bytes", "width", "height", "edit", "reason", "made", *also)
    rows = [{f"new_{name}": _row(e, at)[name] for name in names} | {"slot": e.id} for e in entries]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    c.execute(update(portraits).where(portraits.c.id == bindparam("slot")).values(values), rows)


def _add_links(c: Connection, entries: Sequence[Entry], at: str) -> None:
    cited = sorted({o.parent for e in entries for o in e.origins})
    there = _known(c, cited)
    slots = [Entry(id=id) for id in cited if id not in there]
    insert_missing(c, sitters, [_sitter_row(e.id, at) for e in slots])
    insert_all(c, portraits, [_row(e, at) for e in slots])
    insert_missing(
        c,
        links,
        [
            {"child": e.id, "place": k, "parent": o.parent, "kind": o.kind, "share": o.share}
            for e in entries
            for k, o in enumerate(e.origins)
        ],
    )
