"""Where a studio keeps its memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from limner.core.errors import InputError
from limner.core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Folder, database and pictures of one studio."""

    folder: Path
    """Local folder: the SQLite file, backups, and what can be computed again."""
    database: str
    """SQLAlchemy URL."""
    pictures: str
    """A path, or an fsspec address."""

    @property
    def sqlite(self) -> Path | None:
        """The SQLite file; None for another database."""
        prefix = "sqlite:///"
        return Path(self.database.removeprefix(prefix)) if self.database.startswith(prefix) else None

    @property
    def backups(self) -> Path:
        """Folder of the backups."""
        return self.folder / "backups"

    @property
    def index(self) -> Path:
        """Folder of the search index; it may be deleted at any time."""
        return self.folder / "index"


def place_at(folder: Path, *, database: str = "", pictures: str = "") -> Place:
    """The place of a studio in a folder.

    Args:
        folder: local folder; it need not exist yet.
        database: `postgresql://...`; empty for the file `studio.db` in the folder.
        pictures: a path or an fsspec address; empty for `pictures` in the folder.

    Raises:
        InputError: a database that is not PostgreSQL or SQLite.
    """
    folder = folder.expanduser().absolute()
    return Place(
        folder=folder,
        database=_url(database) if database else f"sqlite:///{folder / 'studio.db'}",
        pictures=_address(pictures, folder / "pictures"),
    )


def place_of(settings: Settings) -> Place:
    """The place that settings name: `studio` in the home directory unless moved."""
    return place_at(settings.home / "studio", database=settings["database_url"], pictures=settings["pictures"])


def _address(pictures: str, otherwise: Path) -> str:
    if "://" in pictures:
        return pictures
    return str(Path(pictures).expanduser().absolute() if pictures else otherwise)


def _url(text: str) -> str:
    scheme, sign, rest = text.partition("://")
    if sign and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if sign and scheme == "sqlite":
        return text
    raise InputError(
        f"LIMNER_DATABASE_URL does not name a database that Limner knows (it begins with {scheme!r}).",
        "Write postgresql://user@host/name, or leave it out for SQLite.",
    )
