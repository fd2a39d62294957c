"""Bringing a database to this version's schema, after a backup.

All steps run in one transaction: a database has the old schema or the new one, never something between.
"""

from __future__ import annotations

from limner.core.errors import StorageError
from limner.studio.store.backup import back_up
from limner.studio.store.database import Database
from limner.studio.store.revisions import NEWEST, REVISIONS, revision_of, upgrade


def migrate(database: Database, *, to: str = NEWEST) -> None:
    """Bring the database to a revision, after a backup if it holds anything.

    Raises:
        StorageError: a newer schema, foreign tables, or no place for the backup.
    """
    with database.write(loose=True) as writing:
        found = revision_of(writing.c)
        if found is not None and REVISIONS.index(found) >= REVISIONS.index(to):
            return
        if found is not None:
            back_up(database.place, writing.c, writing.at, f"before-{to}")
        upgrade(writing.c, to)
        if database.place.sqlite and (broken := writing.c.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise StorageError(
                f"{len(broken)} rows of {broken[0][0]!r} cite rows that do not exist; the studio was not upgraded.",
                "Run limner studio check with the version that wrote it.",
            )
