"""The graph of portraits: ancestors, descendants, siblings, cousins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import links, portraits
from limner.studio.store.values import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One link."""

    parent: str
    child: str
    kind: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Some portraits, and all links between them."""

    members: tuple[str, ...]
    """Parents before children."""
    edges: tuple[Edge, ...]

    def children(self) -> dict[str, list[str]]:
        """Children by parent."""
        found: dict[str, list[str]] = {id: [] for id in self.members}
        for edge in self.edges:
            found[edge.parent].append(edge.child)
        return found

    def parents(self) -> dict[str, list[str]]:
        """Parents by child, in their order."""
        found: dict[str, list[str]] = {id: [] for id in self.members}
        for edge in self.edges:
            found[edge.child].append(edge.parent)
        return found


# relatives --------------------------------------------------------------------------------------


def parents_of(c: Connection, id: str) -> list[str]:
    """Parents in their order."""
    query = select(links.c.parent).where(links.c.child == id).order_by(links.c.place)
    return list(dict.fromkeys(row.parent for row in c.execute(query)))


def children_of(c: Connection, id: str) -> list[str]:
    """Children, the oldest first."""
    return _in_order(c, _below(c, [id]))


def ancestors(c: Connection, id: str, *, generations: int | None = None) -> dict[str, int]:
    """Ancestors and how many generations they are away, the nearest first."""
    return _walk(c, id, generations, up=True)


def descendants(c: Connection, id: str, *, generations: int | None = None) -> dict[str, int]:
    """Descendants and how many generations they are away, the nearest first."""
    return _walk(c, id, generations, up=False)


def siblings(c: Connection, id: str) -> list[str]:
    """Portraits that share a parent with this one, the oldest first."""
    return _in_order(c, _below(c, parents_of(c, id)) - {id})


def cousins(c: Connection, id: str) -> list[str]:
    """Children of the parents' siblings that are no siblings, the oldest first."""
    own = parents_of(c, id)
    aunts = _below(c, _above(c, own)) - set(own)
    return _in_order(c, _below(c, aunts) - _below(c, own) - {id})


# families ---------------------------------------------------------------------------------------


def family_of(c: Connection, id: str, *, up: int | None = None, down: int | None = None) -> Family:
    """A portrait with its ancestors and descendants.

    Args:
        c: a connection.
        id: the portrait.
        up: generations of ancestors; None for all, 0 for none.
        down: generations of descendants, likewise.
    """
    ids = {id, *ancestors(c, id, generations=up), *descendants(c, id, generations=down)}
    return family_among(c, ids)


def family_among(c: Connection, ids: Iterable[str]) -> Family:
    """Certain portraits and the links between them."""
    wanted = set(ids)
    found: list[Edge] = []
    for part in chunks(sorted(wanted)):
        query = select(links).where(links.c.child.in_(part)).order_by(links.c.child, links.c.place)
        found += [
            Edge(parent=r.parent, child=r.child, kind=r.kind, share=r.share)
            for r in c.execute(query)
            if r.parent in wanted
        ]
    return _family(_in_order(c, wanted), found)


def whole_family(c: Connection, *, trashed: bool = False) -> Family:
    """Every portrait of the studio that has a relative.

    Args:
        c: a connection.
        trashed: with those in the trash.
    """
    query = select(portraits.c.id)
    if not trashed:
        query = query.where(portraits.c.trashed.is_(None))
    there = {row.id for row in c.execute(query)}
    edges = [
        Edge(parent=r.parent, child=r.child, kind=r.kind, share=r.share)
        for r in c.execute(select(links).order_by(links.c.child, links.c.place))
        if r.parent in there and r.child in there
    ]
    related = {id for edge in edges for id in (edge.parent, edge.child)}
    return _family(_in_order(c, related), edges)


def family_json(c: Connection, family: Family) -> dict[str, Any]:
    """A family as plain JSON: portraits with what is known of them, and links."""
    return {
        "portraits": [_portrait_json(kept) for kept in fetch(c, family.members)],
        "links": [{"parent": e.parent, "child": e.child, "kind": e.kind, "share": e.share} for e in family.edges],
    }


def topological(members: Sequence[str], edges: Iterable[Edge]) -> list[str]:
    """The members with parents before children, otherwise in the order given (Kahn 1962)."""
    place = {id: k for k, id in enumerate(members)}
    waiting = dict.fromkeys(members, 0)
    below: dict[str, list[str]] = {id: [] for id in members}
    for edge in edges:
        waiting[edge.child] += 1
        below[edge.parent].append(edge.child)
    import heapq

    free = [place[id] for id in members if not waiting[id]]
    order: list[str] = []
    while free:
        id = members[heapq.heappop(free)]
        order.append(id)
        for child in below[id]:
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(free, place[child])
    return order


# helpers ----------------------------------------------------------------------------------------


def _family(members: Sequence[str], edges: Sequence[Edge]) -> Family:
    return Family(members=tuple(topological(members, edges)), edges=tuple(edges))


def _walk(c: Connection, id: str, generations: int | None, *, up: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    edge = {id}
    away = 0
    while edge and (generations is None or away < generations):
        away += 1
        edge = (_above(c, edge) if up else _below(c, edge)) - found.keys() - {id}
        found |= dict.fromkeys(_in_order(c, edge), away)
    return found


def _above(c: Connection, ids: Iterable[str]) -> set[str]:
    query = select(links.c.parent).distinct()
    return {r.parent for part in chunks(sorted(ids)) for r in c.execute(query.where(links.c.child.in_(part)))}


def _below(c: Connection, ids: Iterable[str]) -> set[str]:
    query = select(links.c.child).distinct()
    return {r.child for part in chunks(sorted(ids)) for r in c.execute(query.where(links.c.parent.in_(part)))}


def _in_order(c: Connection, ids: Iterable[str]) -> list[str]:
    query = select(portraits.c.id, portraits.c.made, portraits.c.number)
    rows = [r for part in chunks(sorted(ids)) for r in c.execute(query.where(portraits.c.id.in_(part)))]
    return [row.id for row in sorted(rows, key=lambda r: (r.made, r.number))]


def _portrait_json(kept: Kept) -> dict[str, Any]:
    names = ("id", "sitter", "recipe", "words", "edit", "reason", "made", "rating", "star", "note", "trashed")
    return {name: getattr(kept, name) for name in names} | {"slot": kept.picture is None}
