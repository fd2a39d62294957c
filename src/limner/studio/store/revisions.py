"""The schema's revisions, and walking through them.

Migrations are Alembic revisions in `migrations/versions`, append only, recorded by name.
"""

from __future__ import annotations

import logging
from importlib import resources

from sqlalchemy import Connection, inspect, text

from limner.core.errors import StorageError

REVISIONS = ("0001_first", "0002_jobs", "0003_grids")
"""Names of all revisions, oldest first (a test holds them together with the files)."""

NEWEST = REVISIONS[-1]


def revision_of(c: Connection) -> str | None:
    """Name of the schema that a database has; None for an empty database.

    Raises:
        StorageError: a newer schema, or tables that are not ours.
    """
    names = inspect(c).get_table_names()
    if "alembic_version" not in names:
        if "portraits" in names:
            raise StorageError("The database has a table `portraits` that Limner did not make.", "Give it another one.")
        return None
    found = c.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        raise StorageError(
            f"The studio was written by a newer Limner (schema {found!r}; this one knows up to {NEWEST!r}).",
            "Upgrade Limner: pip install --upgrade limner",
        )
    return None if found is None else str(found)


def upgrade(c: Connection, to: str = NEWEST) -> None:
    """Run the migrations up to a revision, within the transaction of a connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("limner.studio.store").joinpath("migrations")))
    config.attributes["connection"] = c
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(config, to)
