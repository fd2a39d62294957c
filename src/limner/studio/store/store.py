"""The studio's memory: opened, used, closed.

Reading functions take a connection (`with store.read() as c`), writing ones a transaction
(`with store.write() as w`); both are plain functions in the modules beside this one and in
`studio.curation`, `studio.lineage`, `studio.jobs` and `studio.grids`.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, exc, insert, select, text

from limner.core.errors import InputError, StorageError
from limner.core.settings import Settings
from limner.studio.store import trash
from limner.studio.store.acts import Change, perform
from limner.studio.store.database import Clock, Database, Writing, stamp, utc
from limner.studio.store.keep import keep
from limner.studio.store.migrate import migrate
from limner.studio.store.pictures import Pictures, open_pictures, path_of, read_owner, write_owner
from limner.studio.store.place import Place, place_of
from limner.studio.store.recovery import recover
from limner.studio.store.revisions import NEWEST, revision_of
from limner.studio.store.schema import studio
from limner.studio.store.values import Kept, Work
from limner.studio.store.whole import disk_error, no_room

_log = logging.getLogger(__name__)

BATCH = 128
"""Portraits that `Store.keep` puts into one transaction: others may write in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a studio is."""

    id: str
    name: str
    made: str


class Store:
    """One studio's memory; a context manager.

    Args:
        place: where it is; what is not there yet is made.
        clock: tells the time of what is written.
        read_only: change nothing, not even to recover; chosen by itself on media that cannot be written.

    Raises:
        StorageError: no access, damaged, written by a newer Limner, or database and pictures of two studios.
    """

    def __init__(self, place: Place, *, clock: Clock = utc, read_only: bool = False) -> None:
        self.place = place
        self.clock = clock
        self.read_only = read_only = read_only or _locked(place)
        if read_only and place.sqlite is not None and not place.sqlite.exists():
            raise StorageError(f"There is no studio in {place.folder}.", "Paint something first: limner paint")
        if not read_only and place.sqlite is not None:
            _make_folder(place.folder)
        self.database = Database(place, clock=clock, read_only=read_only)
        try:
            self.pictures: Pictures = open_pictures(place.pictures)
            self._bring_up_to_date()
            self.identity = self._identify()
            if not read_only:
                self._tidy()
        except BaseException:
            self.database.close()
            raise

    # transactions -----------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that sees one state and cannot write."""
        with self.database.read() as c:
            yield c

    @contextmanager
    def write(self, *, actor: str = "person") -> Generator[Writing]:
        """A transaction that may write; on disk when the block ends."""
        with self.database.write(actor=actor) as w:
            yield w

    # portraits --------------------------------------------------------------------------------

    def keep(self, works: Sequence[Work], *, actor: str = "person", summary: str = "") -> list[Kept]:
        """Keep finished pictures; when this returns, they are safe on disk.

        Large numbers go in several transactions (and are as many acts for undo), so that others may write
        in between and a failure keeps what came before it.

        Raises:
            InputError: an unknown parent.
            PictureError: not a PNG, JPEG or WebP file.
            StorageError: no space, no permission.
        """
        kept: list[Kept] = []
        for start in range(0, len(works), BATCH):
            with self.write(actor=actor) as w:
                kept += keep(w, self.pictures, works[start : start + BATCH], summary=summary)
        return kept

    def picture_of(self, kept: Kept) -> bytes:
        """The file of a portrait.

        Raises:
            StorageError: an empty slot, or the file is missing.
        """
        return self.pictures.read(self._path(kept))

    def file_of(self, kept: Kept) -> Path | None:
        """The path of a portrait's file on this machine; None if it lies elsewhere."""
        return self.pictures.local(self._path(kept))

    def _path(self, kept: Kept) -> str:
        if kept.picture is None:
            raise StorageError(f"The portrait {kept.id[:12]} is an empty slot: its picture is not in this studio.")
        return path_of(kept.picture, kept.format)

    def empty_trash(self, *, older_than: timedelta = trash.RETENTION, actor: str = "person") -> trash.Emptied:
        """Remove for good what has been in the trash for longer than a time; this cannot be undone."""
        with self.write(actor=actor) as w:
            emptied = trash.empty(w, self.pictures, older_than=older_than)
        recover(self.database, self.pictures)
        return emptied

    # identity ---------------------------------------------------------------------------------

    def rename(self, name: str) -> None:
        """Give the studio another name."""
        change = Change(
            table="studio", key={"id": self.identity.id}, before={"name": self.identity.name}, after={"name": name}
        )
        renamed = replace(self.identity, name=name)
        with self.write() as w:
            perform(w, "rename", f"named the studio {name!r}", [change])
            w.afterwards.append(lambda: write_owner(self.pictures, _owner(renamed)))
        self.identity = renamed

    # life cycle -------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _bring_up_to_date(self) -> None:
        revision = _revision(self.database)
        if revision == NEWEST:
            return
        if self.read_only:
            with self.database.read() as c:
                revision_of(c)
            raise StorageError(
                f"The studio in {self.place.folder} has an older schema and cannot be upgraded where it is.",
                "Copy it to a disk of your own.",
            )
        migrate(self.database)

    def _identify(self) -> Identity:
        with self.read() as c:
            row = c.execute(select(studio)).mappings().first()
        known = Identity(**row) if row is not None else None
        owner = read_owner(self.pictures)
        if known is None:
            known = self._found(owner)
        if owner is None and not self.read_only:
            write_owner(self.pictures, _owner(known))
        elif owner is not None and owner["id"] != known.id:
            raise StorageError(
                f"The database belongs to the studio {known.name or known.id[:8]!r} ({known.id[:8]}), the pictures in "
                f"{self.place.pictures} to {owner['name'] or owner['id'][:8]!r} ({owner['id'][:8]}).",
                "Give each studio its own place, or bring them together with limner studio export and import.",
            )
        return known

    def _found(self, owner: Mapping[str, str] | None) -> Identity:
        """Enter a new database's studio: the one that owns the pictures, or a new one."""
        if owner is not None:
            identity = Identity(id=owner["id"], name=owner["name"], made=owner["made"])
        else:
            identity = Identity(id=secrets.token_hex(16), name="", made=stamp(self.clock()))
        if self.read_only:
            return identity
        with self.write() as w:
            first = w.c.execute(select(studio)).mappings().first()
            if first is not None:  # another process was quicker
                return Identity(**first)
            w.c.execute(insert(studio), _owner(identity))
        return identity

    def _tidy(self) -> None:
        """Take in what a killed process left, and remove what has been in the trash for long."""
        try:
            if number := recover(self.database, self.pictures):
                _log.warning("%d portraits of an interrupted run were taken in", number)
            with self.read() as c:
                due = trash.ripe(c, stamp(self.clock()))
            if due:
                emptied = self.empty_trash(actor="retention")
                _log.info("%d portraits left the trash for good", emptied.portraits)
        except StorageError as error:  # a full disk must not keep anyone from looking, and from making room
            _log.warning("the studio could not be tidied up: %s", error)


def open_store(settings: Settings | None = None, *, read_only: bool = False) -> Store:
    """The store of the studio that settings and variables name."""
    return Store(place_of(settings or Settings()), read_only=read_only)


def _revision(database: Database) -> str | None:
    """Name of the schema, read as quickly as can be; None if there is none or it cannot be told."""
    try:
        with database.engine.connect() as c:
            return str(c.execute(text("SELECT version_num FROM alembic_version")).scalar())
    except exc.DBAPIError:
        return None


def _locked(place: Place) -> bool:
    """Is there an SQLite studio that this process cannot write, for want of permission or room?"""
    file = place.sqlite
    if file is None or not file.exists():
        return False
    return not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)) or no_room(file.parent)


def _owner(identity: Identity) -> dict[str, str]:
    return {"id": identity.id, "name": identity.name, "made": identity.made}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError(f"{folder} is a file, not a folder.", "Move it, or set LIMNER_HOME.") from error
    except OSError as error:
        raise disk_error(folder, error) from error
