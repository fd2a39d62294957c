"""After a process was killed: what it had on disk and not yet in the database is taken in."""

from __future__ import annotations

import logging

from sqlalchemy import select

from limner.core.errors import PictureError, StorageError
from limner.studio.store.acts import record
from limner.studio.store.database import Database, Writing
from limner.studio.store.entries import insert_entries
from limner.studio.store.entry import Entry, entry_of
from limner.studio.store.pictures import Pictures, path_of, sha256
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits

_log = logging.getLogger(__name__)


def recover(database: Database, pictures: Pictures) -> int:
    """Take in the pictures of interrupted acts.

    Every act leaves a note of intent before it writes files, and removes it once the database knows them.
    Acts run one at a time, so a note that is seen while nobody else writes belongs to a dead process.

    Returns:
        Number of portraits that were taken in.
    """
    if not pictures.intents():
        return 0
    with database.write(actor="recovery") as w:
        notes = pictures.intents()
        _drop(w, pictures, [path for name, paths in notes.items() if name.startswith("drop") for path in paths])
        pictures.sweep(path for paths in notes.values() for path in paths)
        kept = {path for name, paths in notes.items() if name.startswith("keep") for path in paths}
        paths = sorted(path for path in kept if not path.endswith(".json"))
        found = {path: entry for path in paths if (entry := _entry(w, pictures, path)) is not None}
        doubles = _doubles(w, pictures, found)
        w.afterwards.append(lambda: pictures.remove(p for path in doubles for p in (path, f"{path}.json")))
        entries = [entry for path, entry in found.items() if path not in doubles]
        changes = insert_entries(w.c, entries, w.at)
        record(w, "keep", f"recovered {len(changes)} portraits of an interrupted run", tuple(changes))
        w.afterwards.extend(lambda name=name: pictures.forget(name) for name in notes)
    return len(changes)


def _drop(w: Writing, pictures: Pictures, paths: list[str]) -> None:
    """Finish removing what the trash was emptied of; what a row still needs stays."""
    named = {path: path.rpartition("/")[2].partition(".")[0] for path in paths}
    query = select(portraits.c.picture)
    used = {
        row.picture
        for part in chunks(sorted(set(named.values())))
        for row in w.c.execute(query.where(portraits.c.picture.in_(part)))
    }
    pictures.remove(path for path, picture in named.items() if picture not in used)


def _doubles(w: Writing, pictures: Pictures, found: dict[str, Entry]) -> set[str]:
    """Files of portraits that were painted again meanwhile, and have their picture."""
    query = select(portraits.c.id, portraits.c.picture, portraits.c.format).where(portraits.c.picture.is_not(None))
    rows = [
        row
        for part in chunks([entry.id for entry in found.values()])
        for row in w.c.execute(query.where(portraits.c.id.in_(part)))
    ]
    shown = {row.id for row in rows if pictures.exists(path_of(row.picture, row.format))}
    return {path for path, entry in found.items() if entry.id in shown}


def _entry(w: Writing, pictures: Pictures, path: str) -> Entry | None:
    """The portrait of a file that no row knows; None if it is not there, or is known."""
    if not pictures.exists(path):
        return None
    data = pictures.read(path)
    picture = sha256(data)
    if w.c.execute(select(portraits.c.id).where(portraits.c.picture == picture)).first() is not None:
        return None
    try:
        return entry_of(data, picture, sidecar_of(pictures, path), w.at)
    except PictureError as exc:
        _log.warning("%s cannot be taken in: %s", path, exc)
        return None


def sidecar_of(pictures: Pictures, path: str) -> bytes | None:
    """The label that lies beside a picture, if any."""
    try:
        return pictures.read(f"{path}.json")
    except StorageError:
        return None
