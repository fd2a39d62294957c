"""Pruning: cutting a branch back to what is worth keeping."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from limner.studio.lineage.family import ancestors, descendants
from limner.studio.store.acts import Act
from limner.studio.store.database import Writing
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import members, sets
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What pruning would do."""

    away: tuple[str, ...]
    """Portraits that go into the trash."""
    spared: tuple[str, ...]
    """Portraits that stay: starred, rated 4 or more, marked keep, in a set, or ancestors of such."""


def plan_prune(c: Connection, id: str, *, spare: bool = True, whole: bool = False) -> Cut:
    """What pruning the branch below a portrait would do.

    Args:
        c: a connection.
        id: where the branch begins.
        spare: leave what the artist has singled out, and the way to it.
        whole: the portrait itself belongs to the branch, too.
    """
    ids = [*([id] if whole else []), *descendants(c, id)]
    branch = [kept for kept in fetch(c, ids) if kept.trashed is None and kept.picture is not None]
    dear: set[str] = set()
    if spare:
        collected = _collected(c, [kept.id for kept in branch])
        for kept in branch:
            if _singled_out(kept) or kept.id in collected:
                dear |= {kept.id, *ancestors(c, kept.id)}
    return Cut(
        away=tuple(kept.id for kept in branch if kept.id not in dear),
        spared=tuple(kept.id for kept in branch if kept.id in dear),
    )


def prune(w: Writing, id: str, *, spare: bool = True, whole: bool = False) -> tuple[Act | None, Cut]:
    """Put the branch below a portrait into the trash, in one act; see `plan_prune`."""
    cut = plan_prune(w.c, id, spare=spare, whole=whole)
    noun = "1 portrait" if len(cut.away) == 1 else f"{len(cut.away):,} portraits"
    return throw_away(w, cut.away, summary=f"pruned {noun} below {id[:12]}"), cut


def _singled_out(kept: Kept) -> bool:
    return kept.star or kept.mark == "keep" or (kept.rating or 0) >= 4


def _collected(c: Connection, ids: list[str]) -> set[str]:
    joined = members.join(sets, members.c.set == sets.c.id)
    query = select(members.c.portrait).select_from(joined).where(sets.c.trashed.is_(None))
    return {row.portrait for part in chunks(ids) for row in c.execute(query.where(members.c.portrait.in_(part)))}
