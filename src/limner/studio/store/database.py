"""The database: one writer, many readers, and errors that say what to do.

SQLite runs in WAL mode with foreign keys on and every commit synced; PostgreSQL is used as it is.
Writing begins with `BEGIN IMMEDIATE` (SQLite) or an advisory lock (PostgreSQL), so that in both there is
one writer at a time and a writer never has to start again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from limner.core.errors import StorageError
from limner.studio.store.place import Place
from limner.studio.store.whole import no_room

WAIT = 30.0
"""Seconds that a writer waits for another one."""

_LOCK = 0x6C696D6E6572  # "limner"
_WRITING = "limner_writing"

Clock = Callable[[], datetime]
"""Tells the time, in UTC."""


def utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """A time as it stands in the database: ISO 8601, UTC, microseconds; texts sort like times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A transaction that may write."""

    c: Connection
    """Where statements go."""
    at: str
    """Its time, for everything that it writes."""
    actor: str
    """Who acts: "person", or the name of a job."""
    afterwards: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """Called once the transaction is on disk; never if it fails."""
    otherwise: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """Called if the transaction fails before its commit; whether a commit that failed took place may be
    unknown, and is left to recovery."""


class Database:
    """Connections to one database.

    Args:
        place: where it is.
        clock: tells the time of what is written.
        read_only: never write, and open what lies on read-only media.
    """

    def __init__(self, place: Place, *, clock: Clock = utc, read_only: bool = False) -> None:
        self.place = place
        self.clock = clock
        self.read_only = read_only
        self._lock = threading.RLock()
        self.engine = _sqlite(place, read_only) if place.sqlite else _postgres(place)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that sees one state of the database and cannot write.

        Raises:
            StorageError: the database cannot be read.
        """
        with _translated(self.place), self.engine.connect() as c:
            if not self.place.sqlite:
                c = c.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with c.begin():
                yield c

    @contextmanager
    def write(self, *, actor: str = "person", loose: bool = False) -> Generator[Writing]:
        """A transaction that may write; it is on disk when the block ends.

        Args:
            actor: who acts.
            loose: for rebuilding tables: SQLite's foreign keys are off until the block ends.

        Raises:
            StorageError: read-only, full, locked for too long, damaged.
        """
        if self.read_only:
            if self.place.sqlite and no_room(self.place.folder):
                raise StorageError(
                    f"The disk is full; nothing was written to {self.place.sqlite}.",
                    "Free some space and run it again.",
                )
            raise StorageError(
                f"The studio in {self.place.folder} is read-only here; nothing was changed.",
                "Copy it to a disk of your own to work on it.",
            )
        with self._lock:
            with _translated(self.place), self.engine.connect() as c:
                c = c.execution_options(**{_WRITING: True})
                with self._foreign_keys(c, loose), c.begin():
                    if not self.place.sqlite:
                        c.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                    writing = Writing(c=c, at=stamp(self.clock()), actor=actor)
                    try:
                        yield writing
                    except BaseException:
                        for step in writing.otherwise:
                            step()
                        raise
            for step in writing.afterwards:
                step()

    @contextmanager
    def _foreign_keys(self, c: Connection, loose: bool) -> Generator[None]:
        """SQLite rebuilds a table by dropping it, which must not cascade; the switch works between transactions."""
        if not (loose and self.place.sqlite):
            yield
            return
        driver: Any = c.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            driver.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


# engines ----------------------------------------------------------------------------------------


def _sqlite(place: Place, read_only: bool) -> Engine:
    file = place.sqlite
    assert file is not None
    url: str | URL = URL.create("sqlite", database=str(file))
    if read_only:
        # without a write-ahead log beside it nobody can be writing: SQLite may then skip its locks
        still = "" if Path(f"{file}-wal").exists() else "&immutable=1"
        url = f"sqlite:///file:{quoted(file)}?mode=ro{still}&uri=true"
    engine = create_engine(url, connect_args={"timeout": WAIT, "isolation_level": None})

    def connected(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -65536")
        cursor.execute("PRAGMA temp_store = MEMORY")
        if not read_only:
            _use_wal(cursor)
            cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
    return engine


def quoted(file: Path) -> str:
    """A path as it stands in an SQLite URI."""
    from urllib.parse import quote

    return quote(str(file))


def _use_wal(cursor: Any) -> None:
    """Switch to the write-ahead log; two that do so at once have to take turns."""
    import sqlite3

    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone()[0] == "wal":
        return
    deadline = time.monotonic() + WAIT
    done = False
    while not done:
        try:
            cursor.execute("PRAGMA journal_mode = WAL").fetchone()
            done = True
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _postgres(place: Place) -> Engine:
    from limner.core.errors import MissingExtraError

    try:
        import psycopg  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as error:
        raise MissingExtraError(
            "LIMNER_DATABASE_URL names a PostgreSQL database, and its driver is not installed.",
            "Install it: pip install 'limner[postgres]'",
        ) from error
    return create_engine(place.database, pool_pre_ping=True, connect_args={"connect_timeout": 10})


# errors -----------------------------------------------------------------------------------------


@contextmanager
def _translated(place: Place) -> Generator[None]:
    """The driver's errors as ours."""
    try:
        yield
    except exc.DBAPIError as error:
        raise storage_error(place, error) from error


def storage_error(place: Place, error: exc.DBAPIError) -> StorageError:
    """Our error for one of the database's."""
    text = str(error.orig).strip()
    where = str(place.sqlite or place.database.rpartition("@")[2])
    state = getattr(error.orig, "sqlstate", None)
    if "disk i/o error" in text.lower() and place.sqlite and no_room(place.folder):
        text = "disk is full"
    for words, states, message, hint in _ERRORS:
        if any(word in text.lower() for word in words) or state in states:
            return StorageError(message.format(where=where, text=text), hint.format(folder=Path(where).parent))
    if isinstance(error, exc.OperationalError) and not place.sqlite:
        return StorageError(f"The database {where} does not answer ({text.splitlines()[0]}).", "Is it running?")
    return StorageError(f"The database {where} failed ({text.splitlines()[0]}).", "See: limner studio check")


_ERRORS = (
    (
        ("disk is full",),
        ("53100",),
        "The disk is full; nothing was written to {where}.",
        "Free some space and run it again.",
    ),
    (
        ("readonly", "read-only"),
        ("25006",),
        "{where} cannot be written: it is read-only.",
        "Copy the studio to a disk of your own.",
    ),
    (
        ("locked", "busy"),
        ("55P03",),
        f"Another process has been writing to {{where}} for {WAIT:.0f} seconds.",
        "Wait for it, or end it.",
    ),
    (
        ("malformed", "not a database"),
        ("XX001", "XX002"),
        "The database {where} is damaged ({text}).",
        "Rebuild it: limner studio reindex",
    ),
    (("unable to open",), (), "{where} cannot be opened.", "May you read and write {folder}?"),
)
"""Words or SQLSTATE of an error; what we say; what to do."""
