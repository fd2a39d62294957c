"""Copies of the database, without the pictures: made before anything dangerous, and on request.

SQLite is copied page by page through its own backup interface; PostgreSQL as a zip of COPY texts.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, text

from limner.core.errors import InputError, StorageError
from limner.studio.store.database import WAIT, Database, quoted
from limner.studio.store.place import Place
from limner.studio.store.revisions import upgrade
from limner.studio.store.schema import tables
from limner.studio.store.whole import disk_error

KEPT_BACKUPS = 20
"""Older backups than this many are removed, the oldest first."""

_REVISION = "revision.txt"


def back_up(place: Place, c: Connection, at: str, reason: str) -> Path:
    """Write a backup of what a transaction's start saw.

    Args:
        place: the studio's place.
        c: an open transaction; on SQLite what is committed is copied.
        at: time of the backup.
        reason: a word for the file's name.

    Raises:
        StorageError: it cannot be written.
    """
    name = f"{re.sub(r'[^0-9T]', '', at)}-{re.sub(r'[^a-z0-9_]+', '-', reason.lower())}"
    file = place.backups / f"{name}{'.db' if place.sqlite else '.zip'}"
    beside = file.with_name(f".{file.name}.part")
    try:
        place.backups.mkdir(parents=True, exist_ok=True)
        if place.sqlite:
            _copy_sqlite(place.sqlite, beside)
        else:
            _copy_postgres(c, beside)
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(file)
    except (OSError, sqlite3.Error) as exc:
        beside.unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise disk_error(file, exc) from exc
        raise StorageError(
            f"The backup {file} cannot be written ({exc}).", "Free some space and run it again."
        ) from exc
    for old in backups(place)[KEPT_BACKUPS:]:
        old.unlink(missing_ok=True)
    return file


def backups(place: Place) -> list[Path]:
    """All backups, newest first."""
    return sorted((f for f in place.backups.glob("[0-9]*") if f.suffix in (".db", ".zip")), reverse=True)


def restore(database: Database, file: Path) -> Path:
    """Put a backup in the place of the database, after a backup of what stands there now.

    Pictures that were kept since stay where they are; `limner studio reindex` brings them back.

    Returns:
        The backup of what was replaced.

    Raises:
        InputError: not a backup of such a database.
        StorageError: it cannot be written.
    """
    _check(database.place, file)
    with database.write() as writing:
        before = back_up(database.place, writing.c, writing.at, "before-restore")
        if not database.place.sqlite:
            _restore_postgres(writing.c, file)
    if database.place.sqlite:
        _restore_sqlite(database, file)
    return before


def _check(place: Place, file: Path) -> None:
    if not file.is_file():
        raise InputError(f"There is no backup {file}.", "See: limner studio backup --list")
    if place.sqlite:
        with file.open("rb") as opened:
            good = opened.read(16) == b"SQLite format 3\0"
    else:
        good = zipfile.is_zipfile(file) and _REVISION in zipfile.ZipFile(file).namelist()
    if not good:
        raise InputError(f"{file} is no backup of such a database.", "See: limner studio backup --list")
    if place.sqlite and not sound(file):
        raise InputError(f"The backup {file} is damaged; nothing was restored.", "See: limner studio backup --list")


# SQLite -----------------------------------------------------------------------------------------


def sound(file: Path) -> bool:
    """Can an SQLite file be read?  One that is merely locked or may not be opened is not called damaged.

    Raises:
        StorageError: it cannot be looked at.
    """
    try:
        with closing(sqlite3.connect(f"file:{quoted(file.absolute())}?mode=ro", uri=True, timeout=WAIT)) as c:
            return c.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.OperationalError as exc:
        raise StorageError(f"{file} cannot be looked at ({exc}).", "Close other programs first.") from exc
    except sqlite3.DatabaseError:
        return False


def _copy_sqlite(file: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _restore_sqlite(database: Database, file: Path) -> None:
    """Overwrite the database through SQLite itself, so that other processes see one state or the other."""
    place = database.place.sqlite
    assert place is not None
    database.close()
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(place, timeout=30)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as exc:
        raise StorageError(f"The backup {file} cannot be restored ({exc}).", "Close other programs first.") from exc


# PostgreSQL -------------------------------------------------------------------------------------


def _copy_postgres(c: Connection, target: Path) -> None:
    """Every table as `COPY ... TO STDOUT` gives it, in an order that foreign keys allow."""
    cursor = _driver(c).cursor()
    present = {row[0] for row in c.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))}
    revision = c.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_REVISION, str(revision))
        for name in (t.name for t in tables.sorted_tables if t.name in present):
            with (
                archive.open(f"{name}.copy", "w", force_zip64=True) as out,
                cursor.copy(f'COPY "{name}" TO STDOUT') as rows,
            ):
                for block in rows:
                    out.write(block)


def _restore_postgres(c: Connection, file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for table in reversed(tables.sorted_tables):
            c.execute(text(f'DROP TABLE IF EXISTS "{table.name}" CASCADE'))
        c.execute(text("DROP TABLE IF EXISTS alembic_version"))
        upgrade(c, archive.read(_REVISION).decode())
        cursor = _driver(c).cursor()
        for table in tables.sorted_tables:
            if f"{table.name}.copy" not in archive.namelist():
                continue
            with archive.open(f"{table.name}.copy") as rows, cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
                for block in _blocks(rows):
                    copy.write(block)
            if "number" in table.columns:
                count_on(c, table.name)


def count_on(c: Connection, table: str) -> None:
    """After rows were written with their numbers: go on counting behind them (PostgreSQL)."""
    c.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), "
            f"(SELECT coalesce(max(number), 0) + 1 FROM {table}), false)"
        )
    )


def _driver(c: Connection) -> Any:
    return c.connection.dbapi_connection


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(1 << 16):
        yield block
