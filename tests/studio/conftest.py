"""Studios for tests, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import real_postgres
from studio_world import Time

from limner.studio.store.place import Place, place_at
from limner.studio.store.store import Store


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if real_postgres.binaries() is None:
        pytest.skip("there is no PostgreSQL server here: apt-get install postgresql")
    pytest.importorskip("psycopg")
    with real_postgres.server() as url:
        yield url


def _sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as c:
        c.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


@pytest.fixture(scope="session")
def fresh_studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and no studio in it: migrated once, copied often."""
    from limner.studio.store.database import Database
    from limner.studio.store.migrate import migrate

    place = place_at(tmp_path_factory.mktemp("fresh"))
    database = Database(place)
    migrate(database)
    database.close()
    assert place.sqlite
    return place.sqlite


@pytest.fixture(scope="session")
def fresh_database(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL: a database that others are copied from."""
    from limner.studio.store.database import Database
    from limner.studio.store.migrate import migrate

    _sql(postgres_url, "CREATE DATABASE fresh")
    place = place_at(tmp_path_factory.mktemp("fresh"), database=postgres_url.replace("/postgres?", "/fresh?"))
    database = Database(place)
    migrate(database)
    database.close()
    return postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes places for studios, on both databases."""
    made: list[str] = []

    def make(name: str) -> Place:
        folder = tmp_path / name
        if request.param == "sqlite":
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / "studio.db").exists():
                shutil.copy(request.getfixturevalue("fresh_studio"), folder / "studio.db")
            return place_at(folder)
        url = request.getfixturevalue("fresh_database")
        database = f"t{abs(hash((str(tmp_path), name)))}"
        if database not in made:
            _sql(url, f"CREATE DATABASE {database} TEMPLATE fresh")
            made.append(database)
        return place_at(folder, database=url.replace("/postgres?", f"/{database}?"))

    yield make
    for database in made:
        _sql(request.getfixturevalue("fresh_database"), f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def place(new_place: Callable[[str], Place]) -> Place:
    return new_place("studio")


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def store(place: Place, clock: Time) -> Iterator[Store]:
    with Store(place, clock=clock) as store:
        yield store
