"""Rebuilding the database from the pictures alone.

Every picture carries its recipe and its label, so portraits, recipes, sitters and lineage come back from
the files.  What only the database knows (ratings, tags, notes, sets, trash) is kept where the database
can still be read, and taken from the newest backup that can where it cannot.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.exc import DBAPIError

from limner.core.errors import PictureError, StorageError
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.store.backup import back_up, backups, sound
from limner.studio.store.database import Clock, Database, Writing, stamp, utc
from limner.studio.store.entries import insert_entries, refresh_entries
from limner.studio.store.entry import Entry, entry_of
from limner.studio.store.keep import keep
from limner.studio.store.migrate import migrate
from limner.studio.store.pictures import Pictures, move_aside, open_pictures, path_of, read_owner, sha256
from limner.studio.store.place import Place, place_at
from limner.studio.store.recovery import sidecar_of
from limner.studio.store.revisions import revision_of
from limner.studio.store.rows import chunks, insert_missing
from limner.studio.store.schema import grids, members, portraits, sets, sitters, studio, tags, traits
from limner.studio.store.values import Origin, Work
from limner.studio.store.whole import disk_error

_log = logging.getLogger(__name__)

_FEW = 3  # a studio of so few pictures may well have lost all of them

_CURATED = ("rating", "star", "mark", "note", "trashed", "sitter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    """What a reindexing found and did."""

    portraits: int
    """Pictures that were read."""
    added: int
    """Portraits that the database did not know."""
    emptied: tuple[str, ...]
    """Portraits whose file is missing: they are empty slots now."""
    altered: tuple[str, ...]
    """Portraits whose file was altered outside: it was kept as a new portrait, altered by hand."""
    damaged: tuple[str, ...]
    """Files that cannot be read, moved into `damaged` beside the pictures, with the reason."""
    doubles: tuple[str, ...]
    """Files that show a portrait which another file shows already, moved into `doubles` beside the pictures."""
    curation: str
    """Where ratings, tags, notes and sets come from: "database", a backup's file name, or "lost"."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def reindex(place: Place, *, clock: Clock = utc, listen: Listener = silent, cancel: Cancel | None = None) -> Reindexed:
    """Make the database agree with the pictures, after a backup.

    Raises:
        StorageError: the place cannot be written, the pictures are another studio's, or all of them are missing.
        Cancelled: `cancel` was requested; nothing was changed.
    """
    pictures = open_pictures(place.pictures)
    _set_damaged_aside(place, stamp(clock()))
    database = Database(place, clock=clock)
    try:
        with database.read() as c:
            fresh = revision_of(c) is None
        migrate(database)
        _check_owner(database, pictures, place)
        found = _scan(pictures, stamp(clock()), listen, cancel or Cancel())
        with database.write(actor="reindex") as w:
            if not fresh:
                back_up(place, w.c, w.at, "before-reindex")
            report = _reconcile(w, pictures, found, place)
            report = replace(report, curation=_curation(w, place) if fresh else "database")
        with database.write(actor="reindex") as w:
            altered = _keep_altered(w, pictures, found)
        damaged = tuple(f"{move_aside(pictures, path, 'damaged')}: {reason}" for path, reason in found.damaged)
        doubles = tuple(move_aside(pictures, path, "doubles") for path in report.doubles)
        return replace(report, altered=altered, damaged=damaged, doubles=doubles)
    finally:
        database.close()


@dataclass(slots=True)
class _Found:
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    altered: list[tuple[str, bytes, str]] = field(default_factory=list[tuple[str, bytes, str]])
    damaged: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    doubles: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])


def _check_owner(database: Database, pictures: Pictures, place: Place) -> None:
    """Rebuilding one studio from another one's pictures would empty it."""
    with database.read() as c:
        known = c.execute(select(studio.c.id)).scalar()
    owner = read_owner(pictures)
    if known is not None and owner is not None and owner["id"] != known:
        raise StorageError(
            f"The pictures in {place.pictures} belong to the studio {owner['name'] or owner['id'][:8]!r}, the database "
            f"to {known[:8]!r}; nothing was changed.",
            "Give each studio its own place, or bring them together with limner studio export and import.",
        )


# reading pictures -------------------------------------------------------------------------------


def _scan(pictures: Pictures, at: str, listen: Listener, cancel: Cancel) -> _Found:
    found = _Found()
    listed = sorted(pictures.listing())
    for done, (picture, format) in enumerate(listed, 1):
        cancel.check()
        path = path_of(picture, format)
        try:
            data = pictures.read(path)
            entry = entry_of(data, sha256(data), sidecar_of(pictures, path), at)
        except PictureError as exc:
            found.damaged.append((path, str(exc)))
        except StorageError as exc:
            _log.warning("%s", exc)
        else:
            if entry.picture != picture:
                found.altered.append((path, data, entry.id))
            elif entry.id in found.entries:
                found.doubles.setdefault(entry.id, []).append(entry)
            else:
                found.entries[entry.id] = entry
        if done % 100 == 0 or done == len(listed):
            listen(Progress(stage="reading pictures", done=done, total=len(listed), unit="pictures"))
    return found


# bringing the database in line ------------------------------------------------------------------


def _reconcile(w: Writing, pictures: Pictures, found: _Found, place: Place) -> Reindexed:
    columns = (portraits.c.id, portraits.c.picture, portraits.c.format)
    there = {row.id: row for row in w.c.execute(select(*columns))}
    rows = {id: row.picture for id, row in there.items()}
    doubles: list[str] = []
    for id, others in found.doubles.items():
        # of several files for one portrait, the one that the database names
        every = [found.entries[id], *others]
        chosen = next((e for e in every if e.picture == rows.get(id)), every[0])
        found.entries[id] = chosen
        doubles += [path_of(e.picture or "", e.format) for e in every if e is not chosen]
    entries = sorted(found.entries.values(), key=lambda e: (e.made, e.id))
    unusable = {path for path, *_ in (*found.altered, *found.damaged)}
    missing = {
        id: path_of(row.picture, row.format)
        for id, row in there.items()
        if row.picture is not None and id not in found.entries
    }
    # what was kept while the files were read, and what cannot be read just now, is there all the same
    emptied = [id for id, path in missing.items() if path in unusable or not pictures.exists(path)]
    if len(emptied) > _FEW and len(emptied) == sum(picture is not None for picture in rows.values()):
        raise StorageError(
            f"Not one of the {len(emptied):,} pictures is in {place.pictures}; nothing was changed.",
            "Is the disk there? If they are gone for good, remove the database: limner studio reindex starts anew.",
        )
    for part in chunks(emptied):
        slot = {"picture": None, "format": "", "bytes": 0}
        w.c.execute(update(portraits).where(portraits.c.id.in_(part)).values(slot))
    refresh_entries(w.c, [e for e in entries if e.id in rows], w.at)
    insert_entries(w.c, [e for e in entries if e.id not in rows], w.at)
    return Reindexed(
        portraits=len(entries),
        added=sum(e.id not in rows for e in entries),
        emptied=tuple(emptied),
        altered=(),
        damaged=(),
        doubles=tuple(doubles),
        curation="",
    )


def _keep_altered(w: Writing, pictures: Pictures, found: _Found) -> tuple[str, ...]:
    """Files that are not what their name says: kept under their own name, as altered by hand."""
    known = {row.id for row in w.c.execute(select(portraits.c.id))}
    changed: list[str] = []
    for path, data, id in found.altered:
        origins = (Origin(parent=id, kind="altered"),) if id in known else ()
        keep(w, pictures, [Work(data=data, origins=origins, reason="altered outside the studio")])
        w.afterwards.append(lambda path=path: pictures.remove([path]))
        changed.append(id)
    return tuple(changed)


# what only a database knows ---------------------------------------------------------------------


def _set_damaged_aside(place: Place, at: str) -> None:
    """Move an SQLite file that cannot be read out of the way, so that a new one can be made."""
    file = place.sqlite
    if file is None or not file.exists() or sound(file):
        return
    target = place.backups / f"damaged-{at.replace(':', '')}.db"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for ending in ("", "-wal", "-shm"):
            part = Path(f"{file}{ending}")
            if part.exists():
                shutil.move(part, f"{target}{ending}")
    except OSError as exc:
        raise disk_error(target, exc) from exc
    _log.warning("the damaged database was moved to %s", target)


def _curation(w: Writing, place: Place) -> str:
    """Take ratings, tags, notes, sets and trash from the newest backup that can be read."""
    for backup in backups(place) if place.sqlite else []:
        with tempfile.TemporaryDirectory(prefix="limner-") as folder:
            old = place_at(Path(folder))
            shutil.copy(backup, Path(folder) / "studio.db")
            database = Database(old)
            try:
                migrate(database)
                with database.read() as c:
                    _take_over(w.c, c)
            except (StorageError, DBAPIError) as exc:
                _log.warning("the backup %s cannot be read: %s", backup.name, exc)
                continue
            finally:
                database.close()
        return backup.name
    return "lost"


def _take_over(c: Connection, old: Connection) -> None:
    """Copy curation of portraits that are here from another database."""
    here = {row.id for row in c.execute(select(portraits.c.id))}
    insert_missing(c, studio, _rows(old, studio))
    insert_missing(c, sitters, _rows(old, sitters))
    named = [r for r in _rows(old, sitters) if r["name"] or r["note"]]
    _update(c, sitters, named, ("name", "note"))
    _update(c, portraits, [r for r in _rows(old, portraits) if r["id"] in here], _CURATED)
    insert_missing(c, sets, _rows(old, sets))
    insert_missing(c, grids, _rows(old, grids))
    for table in (tags, members, traits):
        rows = [r for r in _rows(old, table) if r["portrait"] in here]
        insert_missing(c, table, [{name: v for name, v in r.items() if name != "number"} for r in rows])


def _rows(c: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in c.execute(select(table)).mappings()]


def _update(c: Connection, table: Table, rows: list[dict[str, Any]], names: Sequence[str]) -> None:
    if rows:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        given = [{f"new_{name}": row[name] for name in names} | {"row": row["id"]} for row in rows]
        c.execute(update(table).where(table.c.id == bindparam("row")).values(values), given)
