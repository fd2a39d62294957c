"""After a process was killed: what it had on disk and not yet in the database is taken in."""

from __future__ import annotations

import logging

from sqlalchemy import select

from limner.core.errors import PictureError, StorageError
from limner.studio.store.acts import record
from limner.studio.store.database import Database, Writing
from limner.studio.store.entries import insert_entries
from limner.studio.store.entry import Entry, entry_of
from limner.studio.store.pictures import Pictures, sha256
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
        entries = [entry for path in paths if (entry := _entry(w, pictures, path)) is not None]
        changes = insert_entries(w.c, entries, w.at)
        record(w, "keep", f"recovered {len(changes)} portraits of an interrupted run", tuple(changes))
        w.afterwards.extend(lambda name=name: pictures.forget(name) for name in notes)
    return len(changes)


def _drop(w: Writing, pictures: Pictures, paths: list[str]) -> None:
    """Finish removing what the trash was emptied of; what a row still needs stays."""
    for path in paths:
        picture = path.rpartition("/")[2].partition(".")[0]
        if w.c.execute(select(portraits.c.id).where(portraits.c.picture == picture)).first() is None:
            pictures.remove([path])


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
