"""Derived shelves: the studio by date, sitter, mood, medium, rating, parent; computed, never stored.

Every shelf is a query, so looking at one, searching in it and making a smart set of it are the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from limner.core.errors import InputError
from limner.studio.curation.looks import looks
from limner.studio.store.schema import links, portraits, recipes, sitters, tags, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedShelf:
    """One shelf."""

    name: str
    query: str
    """What finds its portraits."""
    size: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"name": self.name, "query": self.query, "size": self.size}


def shelves(c: Connection, by: str, *, limit: int = 100) -> list[DerivedShelf]:
    """The studio sorted onto shelves.

    Args:
        c: a connection.
        by: "date", "month", "sitter", "rating", "medium", "style", "engine", "tag", "parent", or a kind of
            term ("mood", "hour").
        limit: at most so many shelves, the newest dates or the fullest shelves first.

    Raises:
        InputError: nothing to sort by.
    """
    if by in _SHELVES:
        return _SHELVES[by](c, limit)
    found = _by_kind(c, by, limit)
    if not found:
        known = ", ".join(_SHELVES)
        raise InputError(f"There are no shelves by {by!r}.", f"Sort by {known}, or a kind of term that briefs hold.")
    return found


_LIVE = (portraits.c.trashed.is_(None), portraits.c.picture.is_not(None))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _by_time(letters: int) -> Callable[[Connection, int], list[DerivedShelf]]:
    def sort(c: Connection, limit: int) -> list[DerivedShelf]:
        day = func.substr(portraits.c.made, 1, letters).label("day")
        query = select(day, func.count().label("n")).where(*_LIVE).group_by(day).order_by(day.desc()).limit(limit)
        return [DerivedShelf(name=r.day, query=f"made:{r.day}", size=r.n) for r in c.execute(query)]

    return sort


def _by_sitter(c: Connection, limit: int) -> list[DerivedShelf]:
    joined = portraits.join(sitters, sitters.c.id == portraits.c.sitter)
    n = func.count().label("n")
    query = select(sitters.c.id, sitters.c.name, n).select_from(joined).where(*_LIVE)
    query = query.group_by(sitters.c.id, sitters.c.name).order_by(n.desc(), sitters.c.id).limit(limit)
    return [DerivedShelf(name=r.name or r.id[:10], query=f"sitter:{r.id[:16]}", size=r.n) for r in c.execute(query)]


def _by_rating(c: Connection, limit: int) -> list[DerivedShelf]:
    query = select(portraits.c.rating, func.count().label("n")).where(*_LIVE).group_by(portraits.c.rating)
    rows = sorted(c.execute(query), key=lambda r: -(r.rating or 0))[:limit]
    name = {None: "none"}
    return [
        DerivedShelf(
            name=name.get(r.rating, "\u2605" * (r.rating or 0)), query=f"rating:{r.rating or 'none'}", size=r.n
        )
        for r in rows
    ]


def _by_recipe(column: str) -> Callable[[Connection, int], list[DerivedShelf]]:
    def sort(c: Connection, limit: int) -> list[DerivedShelf]:
        joined = portraits.join(recipes, recipes.c.id == portraits.c.recipe)
        value = recipes.c[column].label("value")
        n = func.count().label("n")
        query = select(value, n).select_from(joined).where(*_LIVE, value != "").group_by(value)
        rows = c.execute(query.order_by(n.desc(), value).limit(limit))
        return [DerivedShelf(name=r.value, query=f"{column}:{_quoted(r.value)}", size=r.n) for r in rows]

    return sort


def _by_tag(c: Connection, limit: int) -> list[DerivedShelf]:
    joined = portraits.join(tags, tags.c.portrait == portraits.c.id)
    n = func.count().label("n")
    query = select(tags.c.tag, n).select_from(joined).where(*_LIVE).group_by(tags.c.tag)
    rows = c.execute(query.order_by(n.desc(), tags.c.tag).limit(limit))
    return [DerivedShelf(name=r.tag, query=f"tag:{_quoted(r.tag)}", size=r.n) for r in rows]


def _by_parent(c: Connection, limit: int) -> list[DerivedShelf]:
    joined = portraits.join(links, links.c.child == portraits.c.id)
    n = func.count(portraits.c.id.distinct()).label("n")
    query = select(links.c.parent, n).select_from(joined).where(*_LIVE).group_by(links.c.parent)
    rows = c.execute(query.order_by(n.desc(), links.c.parent).limit(limit))
    return [DerivedShelf(name=r.parent[:10], query=f"parent:{r.parent[:16]}", size=r.n) for r in rows]


def _by_kind(c: Connection, kind: str, limit: int) -> list[DerivedShelf]:
    joined = portraits.join(recipes, recipes.c.id == portraits.c.recipe)
    joined = joined.join(terms, terms.c.reading == recipes.c.reading)
    plain = sorted(looks().get(kind, ()))
    of_kind = or_(terms.c.kind == kind, (terms.c.kind == "look") & terms.c.term.in_(plain))
    n = func.count().label("n")
    query = select(terms.c.term, n).select_from(joined).where(*_LIVE, of_kind).group_by(terms.c.term)
    rows = c.execute(query.order_by(n.desc(), terms.c.term).limit(limit))
    return [DerivedShelf(name=r.term, query=f"{kind}:{_quoted(r.term)}", size=r.n) for r in rows]


_SHELVES: dict[str, Callable[[Connection, int], list[DerivedShelf]]] = {
    "date": _by_time(10),
    "month": _by_time(7),
    "sitter": _by_sitter,
    "rating": _by_rating,
    "medium": _by_recipe("medium"),
    "style": _by_recipe("style"),
    "engine": _by_recipe("engine"),
    "tag": _by_tag,
    "parent": _by_parent,
}
