"""Portraits in the database: finding and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from limner.core.errors import InputError
from limner.studio.store.rows import chunks
from limner.studio.store.schema import links, portraits, readings, recipes, sets, tags, traits
from limner.studio.store.values import Kept, Origin, Traits

MIN_PREFIX = 4
"""Fewest digits of an id that people may write."""

_COLUMNS = [
    portraits.c[name]
    for name in (
        "number", "id", "recipe", "picture", "format", "bytes", "width", "height", "sitter", "edit", "reason",
        "made", "rating", "star", "mark", "note", "trashed",
    )
]  # fmt: skip


def kept_query() -> Select[Any]:
    """All portraits with their words; narrow it with `where`."""
    joined = portraits.outerjoin(recipes, portraits.c.recipe == recipes.c.id)
    joined = joined.outerjoin(readings, recipes.c.reading == readings.c.id)
    return select(*_COLUMNS, func.coalesce(readings.c.words, "").label("words")).select_from(joined)


def select_kept(c: Connection, query: Select[Any]) -> list[Kept]:
    """The portraits of a `kept_query`."""
    return [Kept(**row) for row in c.execute(query).mappings()]


def fetch(c: Connection, ids: Sequence[str]) -> list[Kept]:
    """Portraits by id, in the order of the ids.

    Raises:
        InputError: one is not in the studio.
    """
    found = {
        kept.id: kept for part in chunks(ids) for kept in select_kept(c, kept_query().where(portraits.c.id.in_(part)))
    }
    if missing := [id for id in ids if id not in found]:
        raise InputError(f"There is no portrait {missing[0][:16]} in this studio.", "See: limner search")
    return [found[id] for id in ids]


def latest(c: Connection, *, limit: int = 50, before: int | None = None) -> list[Kept]:
    """The newest portraits that are not in the trash.

    Args:
        c: a connection.
        limit: at most so many.
        before: only portraits with a smaller number: the next page.
    """
    query = kept_query().where(portraits.c.trashed.is_(None), portraits.c.picture.is_not(None))
    if before is not None:
        query = query.where(portraits.c.number < before)
    return select_kept(c, query.order_by(portraits.c.number.desc()).limit(limit))


def origins_of(c: Connection, ids: Sequence[str]) -> dict[str, tuple[Origin, ...]]:
    """Parents by child, in their order."""
    found: dict[str, list[Origin]] = {id: [] for id in ids}
    for part in chunks(ids):
        rows = c.execute(select(links).where(links.c.child.in_(part)).order_by(links.c.child, links.c.place))
        for row in rows:
            found[row.child].append(Origin(parent=row.parent, kind=row.kind, share=row.share))
    return {id: tuple(parents) for id, parents in found.items()}


def traits_of(c: Connection, ids: Sequence[str]) -> dict[str, Traits]:
    """What was measured, by portrait; those that were not measured are left out."""
    import json

    found: dict[str, Traits] = {}
    for part in chunks(ids):
        for row in c.execute(select(traits).where(traits.c.portrait.in_(part))):
            palette = tuple((str(c), float(s)) for c, s in json.loads(row.palette))
            found[row.portrait] = Traits(dials=json.loads(row.dials), palette=palette, likeness=row.likeness)
    return found


def tags_of(c: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Tags by portrait, in alphabetical order."""
    found: dict[str, list[str]] = {id: [] for id in ids}
    for part in chunks(ids):
        for row in c.execute(select(tags).where(tags.c.portrait.in_(part)).order_by(tags.c.portrait, tags.c.tag)):
            found[row.portrait].append(row.tag)
    return found


def count(c: Connection) -> int:
    """Number of portraits that are not in the trash."""
    query = select(func.count()).where(portraits.c.trashed.is_(None), portraits.c.picture.is_not(None))
    return int(c.execute(query).scalar_one())


# names ------------------------------------------------------------------------------------------


def find(c: Connection, prefix: str) -> str:
    """The portrait that the beginning of an id names.

    Raises:
        InputError: none, several, too short, or not hexadecimal.
    """
    return find_id(c, portraits, prefix, "portrait")


def find_all(c: Connection, prefixes: Sequence[str]) -> list[str]:
    """The portraits that beginnings of ids name, each once, in order."""
    return list(dict.fromkeys(find(c, prefix) for prefix in prefixes))


def find_id(c: Connection, table: Table, prefix: str, noun: str) -> str:
    """The only id of a table that begins so.

    Raises:
        InputError: none, several, too short, or not hexadecimal.
    """
    text = prefix.strip().lower()
    if len(text) < MIN_PREFIX or not set(text) <= set("0123456789abcdef"):
        raise InputError(
            f"{prefix!r} is not the id of a {noun}.", f"Write at least {MIN_PREFIX} of its digits (0-9, a-f)."
        )
    query = select(table.c.id).where(table.c.id >= text, table.c.id < text + "g").order_by(table.c.id).limit(4)
    found = [row.id for row in c.execute(query)]
    if not found:
        raise InputError(f"There is no {noun} {prefix!r} in this studio.")
    if len(found) > 1:
        listed = ", ".join(id[:12] for id in found[:3])
        raise InputError(f"{prefix!r} may be any of several {noun}s: {listed} ...", "Write more digits.")
    return str(found[0])


def begins(c: Connection, table: Table, prefix: str, limit: int = 30) -> list[str]:
    """Ids of a table that begin so: for completing what a person types."""
    text = prefix.lower()
    query = select(table.c.id).where(table.c.id >= text, table.c.id < text + "g").order_by(table.c.id).limit(limit)
    return [str(row.id) for row in c.execute(query)]


def live_sets(c: Connection) -> dict[str, str]:
    """Ids of all sets that are not in the trash, by name."""
    return {row.name: row.id for row in c.execute(select(sets.c.id, sets.c.name).where(sets.c.trashed.is_(None)))}
