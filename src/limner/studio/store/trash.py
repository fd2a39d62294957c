"""The trash: portraits and sets wait there before they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, exists, select, update

from limner.studio.store.acts import Act, Change, perform
from limner.studio.store.database import Writing, moment, stamp
from limner.studio.store.pictures import Pictures, path_of
from limner.studio.store.portraits import fetch, kept_query, select_kept
from limner.studio.store.rows import chunks
from limner.studio.store.schema import (
    grids,
    links,
    members,
    portraits,
    readings,
    recipes,
    sets,
    sitters,
    tags,
    traits,
    units,
)
from limner.studio.store.values import Kept

RETENTION = timedelta(days=30)
"""How long things stay in the trash."""


def throw_away(w: Writing, ids: Sequence[str], *, summary: str = "") -> Act | None:
    """Put portraits into the trash.

    Raises:
        InputError: an unknown portrait.
    """
    live = [kept for kept in fetch(w.c, list(dict.fromkeys(ids))) if kept.trashed is None]
    return perform(w, "trash", summary or f"threw away {_portraits(len(live))}", [_trashed(k, w.at) for k in live])


def take_back(w: Writing, ids: Sequence[str]) -> Act | None:
    """Take portraits out of the trash.

    Raises:
        InputError: an unknown portrait.
    """
    dead = [kept for kept in fetch(w.c, list(dict.fromkeys(ids))) if kept.trashed is not None and kept.picture]
    return perform(w, "restore", f"took back {_portraits(len(dead))}", [_trashed(k, None) for k in dead])


def in_trash(c: Connection, *, limit: int | None = None) -> list[Kept]:
    """What is in the trash, the latest first."""
    query = kept_query().where(portraits.c.trashed.is_not(None), portraits.c.picture.is_not(None))
    query = query.order_by(portraits.c.trashed.desc(), portraits.c.number.desc())
    return select_kept(c, query.limit(limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """What emptying the trash removed for good."""

    portraits: int
    sets: int
    bytes: int


def empty(w: Writing, pictures: Pictures, *, older_than: timedelta = RETENTION) -> Emptied:
    """Remove for good what has been in the trash for longer than a time; this cannot be undone.

    A portrait whose descendants are still in the studio leaves an empty slot, so that the lineage stays whole.
    The files go once the database no longer knows them: `recovery.recover` carries out the note that is left
    here, while nobody else writes (`Store.empty_trash` does both).
    """
    limit = stamp(moment(w.at) - older_than)
    ripe = portraits.c.trashed.is_not(None) & (portraits.c.trashed <= limit)
    rows = w.c.execute(
        select(portraits.c.id, portraits.c.picture, portraits.c.format, portraits.c.bytes).where(
            ripe, portraits.c.picture.is_not(None)
        )
    ).all()
    files = [(row.picture, row.format) for row in rows]
    for part in chunks([row.id for row in rows]):
        for table in (tags, members, traits):
            w.c.execute(delete(table).where(table.c.portrait.in_(part)))
        cleared = {"picture": None, "format": "", "bytes": 0, "note": "", "star": False, "mark": "", "rating": None}
        w.c.execute(update(portraits).where(portraits.c.id.in_(part)).values(cleared))
    _remove_bare_slots(w.c)
    old = sets.c.trashed.is_not(None) & (sets.c.trashed <= limit)
    gone = w.c.execute(delete(sets).where(old)).rowcount
    w.c.execute(delete(grids).where(grids.c.trashed.is_not(None), grids.c.trashed <= limit))
    _remove_unused(w.c)
    paths = [path_of(picture, format) for picture, format in files if not _used(w.c, picture)]
    if paths:
        intent = pictures.intend("drop", [p for path in paths for p in (path, f"{path}.json")])
        w.otherwise.append(lambda: pictures.forget(intent))
    return Emptied(portraits=len(rows), sets=gone, bytes=sum(row.bytes for row in rows))


def _used(c: Connection, picture: str) -> bool:
    return c.execute(select(portraits.c.id).where(portraits.c.picture == picture)).first() is not None


def _remove_bare_slots(c: Connection) -> None:
    """Purged slots that nobody cites vanish, and then perhaps those that only they cited."""
    cited = exists().where(links.c.parent == portraits.c.id)
    bare = portraits.c.picture.is_(None) & portraits.c.trashed.is_not(None) & ~cited
    while c.execute(delete(portraits).where(bare)).rowcount:
        pass


def _remove_unused(c: Connection) -> None:
    used = exists().where(portraits.c.recipe == recipes.c.id)
    planned = exists().where(units.c.recipe == recipes.c.id)
    c.execute(delete(recipes).where(~used, ~planned))
    read = exists().where(recipes.c.reading == readings.c.id)
    c.execute(delete(readings).where(~read))
    unnamed = (sitters.c.name == "") & (sitters.c.note == "")
    shown = exists().where(portraits.c.sitter == sitters.c.id)
    c.execute(delete(sitters).where(unnamed, ~shown))


def ripe(c: Connection, at: str) -> bool:
    """Is anything in the trash due? Quick."""
    limit = stamp(moment(at) - RETENTION)
    due = select(portraits.c.id).where(portraits.c.trashed <= limit, portraits.c.picture.is_not(None)).limit(1)
    return c.execute(due).first() is not None


def _trashed(kept: Kept, at: str | None) -> Change:
    return Change(table="portraits", key={"id": kept.id}, before={"trashed": kept.trashed}, after={"trashed": at})


def _portraits(n: int) -> str:
    return "1 portrait" if n == 1 else f"{n:,} portraits"
