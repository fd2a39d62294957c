import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from studio_world import snapshot, work

from limner.core.errors import InputError, StorageError
from limner.studio.curation.marks import rate
from limner.studio.curation.sets import make_set
from limner.studio.store import revisions
from limner.studio.store.backup import KEPT_BACKUPS, back_up, backups, restore
from limner.studio.store.check import check
from limner.studio.store.database import Database
from limner.studio.store.migrate import migrate
from limner.studio.store.place import place_at, place_of
from limner.studio.store.portraits import count, fetch
from limner.studio.store.revisions import NEWEST, REVISIONS, revision_of
from limner.studio.store.schema import tables
from limner.studio.store.store import Store
from limner.studio.store.values import Origin


def test_every_revision_has_its_file():
    folder = Path(revisions.__file__).parent / "migrations" / "versions"
    assert sorted(f.stem for f in folder.glob("[0-9]*.py")) == sorted(REVISIONS)
    for before, name in zip((None, *REVISIONS), REVISIONS, strict=False):
        source = (folder / f"{name}.py").read_text()
        assert re.search(rf'^revision = "{name}"$', source, re.MULTILINE)
        expected = f'"{before}"' if before else "None"
        assert re.search(rf"^down_revision = {expected}$", source, re.MULTILINE)


def test_migrations_make_the_schema_that_the_code_knows(place):
    database = Database(place)
    with database.read() as c:
        context = MigrationContext.configure(c, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, tables) == []
        assert revision_of(c) == NEWEST
    database.close()


def as_it_was(store, revision):
    """Take the schema of an open studio back to an older one, whose tables are a part of today's."""
    newer = [t for t in reversed(tables.sorted_tables) if t.name in ADDED[revision]]
    with store.database.write(loose=True) as w:
        for table in newer:
            w.c.execute(text(f"DROP TABLE {table.name}"))
        w.c.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


ADDED = {
    "0001_first": {"jobs", "units", "events", "workers", "switches", "grids"},
    "0002_jobs": {"grids"},
}


def test_the_first_schema_holds_what_it_held(tmp_path):
    """`as_it_was` is true: what is left is what the first migration made."""
    old, new = place_at(tmp_path / "old"), place_at(tmp_path / "new")
    database = Database(old)
    old.folder.mkdir()
    migrate(database, to="0001_first")
    with Store(new) as store:
        as_it_was(store, "0001_first")
        listing = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        with database.read() as a, store.read() as b:
            assert list(a.exec_driver_sql(listing)) == list(b.exec_driver_sql(listing))
    database.close()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_upgrading_keeps_everything_and_makes_a_backup(place, clock, revision):
    with Store(place, clock=clock) as store:
        (root,) = store.keep([work(1)])
        store.keep([work(2, origins=(Origin(parent=root.id, kind="edited"),))])
        with store.write() as w:
            rate(w, [root.id], 4)
            make_set(w, "wall", ids=[root.id])
        before = snapshot(store)
        as_it_was(store, revision)
    with Store(place, clock=clock) as store:
        assert snapshot(store) == before
        assert check(store) == []
        with store.read() as c:
            assert revision_of(c) == NEWEST
    (backup,) = backups(place)
    assert f"before-{NEWEST}" in backup.name
    with Store(place, clock=clock):
        assert backups(place) == [backup]


def test_an_upgrade_that_fails_changes_nothing(place, clock, monkeypatch):
    from limner.studio.store import migrate as module

    with Store(place, clock=clock) as store:
        store.keep([work(1)])
        before = snapshot(store)
        as_it_was(store, "0002_jobs")

    def broken(c, to):
        c.execute(text("CREATE TABLE half_done (x INTEGER)"))
        raise StorageError("The power went off.")

    with monkeypatch.context() as m:
        m.setattr(module, "upgrade", broken)
        with pytest.raises(StorageError, match="power"):
            Store(place, clock=clock)
    database = Database(place)
    with database.read() as c:
        assert revision_of(c) == "0002_jobs"
        from sqlalchemy import inspect

        assert "half_done" not in inspect(c).get_table_names()
    database.close()
    with Store(place, clock=clock) as store:
        assert snapshot(store) == before


def test_a_studio_of_a_newer_limner_is_left_alone(place, clock):
    with Store(place, clock=clock) as store:
        store.keep([work(1)])
        with store.write() as w:
            w.c.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    for read_only in (False, True):
        with pytest.raises(StorageError, match="9999_future"):
            Store(place, clock=clock, read_only=read_only)
    assert backups(place) == []


def test_a_database_of_somebody_else(tmp_path):
    place = place_at(tmp_path / "studio")
    place.folder.mkdir()
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(place.sqlite)) as c:
        c.execute("CREATE TABLE portraits (x)")
        c.commit()
    with pytest.raises(StorageError, match="did not make"):
        Store(place)


def test_a_file_that_is_no_database(tmp_path):
    place = place_at(tmp_path / "studio")
    place.folder.mkdir()
    place.sqlite.write_bytes(b"not a database " * 100)
    with pytest.raises(StorageError, match="reindex"):
        Store(place)


# backups ----------------------------------------------------------------------------------------


def test_a_backup_brings_back_what_was(place, clock):
    with Store(place, clock=clock) as store:
        (one,) = store.keep([work(1)])
        with store.write() as w:
            rate(w, [one.id], 5)
        before = snapshot(store)
        with store.write() as w:
            file = back_up(place, w.c, w.at, "By hand!")
        assert file.name.endswith("-by-hand-.db" if place.sqlite else "-by-hand-.zip")
        store.keep([work(2)])
        with store.write() as w:
            rate(w, [one.id], 1)
        replaced = restore(store.database, file)
    with Store(place, clock=clock) as store:
        assert snapshot(store) == before
        assert {f.kind for f in check(store)} == {"unknown"}
        (three,) = store.keep([work(3)])
        assert three.number > one.number
        with store.read() as c:
            assert fetch(c, [one.id])[0].rating == 5
        restore(store.database, replaced)
    with Store(place, clock=clock) as store, store.read() as c:
        assert count(c) == 2


def test_an_old_backup_is_upgraded_when_it_is_opened(place, clock):
    with Store(place, clock=clock) as store:
        store.keep([work(1)])
        before = snapshot(store)
        as_it_was(store, "0001_first")
        with store.write() as w:
            file = back_up(place, w.c, w.at, "old")
        restore(store.database, file)
    with Store(place, clock=clock) as store:
        assert snapshot(store) == before


def test_only_so_many_backups_are_kept(place, clock):
    with Store(place, clock=clock) as store:
        for _ in range(KEPT_BACKUPS + 3):
            with store.write() as w:
                newest = back_up(place, w.c, w.at, "again")
    assert len(backups(place)) == KEPT_BACKUPS
    assert backups(place)[0] == newest


def test_what_is_no_backup(place, clock, tmp_path):
    (tmp_path / "note.txt").write_text("hello")
    with Store(place, clock=clock) as store:
        for name in ("none.db", "note.txt"):
            with pytest.raises(InputError, match="backup"):
                restore(store.database, tmp_path / name)


# places -----------------------------------------------------------------------------------------


def test_places(tmp_path):
    from limner.core.settings import Settings

    environ = {"LIMNER_HOME": str(tmp_path)}
    plain = place_of(Settings(environ=environ))
    assert plain.sqlite == tmp_path / "studio" / "studio.db"
    assert plain.pictures == str(tmp_path / "studio" / "pictures")
    moved = environ | {"LIMNER_DATABASE_URL": "postgres://me@host/name", "LIMNER_PICTURES": "s3://bucket/x"}
    place = place_of(Settings(environ=moved))
    assert (place.sqlite, place.pictures) == (None, "s3://bucket/x")
    assert place.database == "postgresql+psycopg://me@host/name"
    with pytest.raises(InputError, match="LIMNER_DATABASE_URL") as refused:
        Settings(environ=environ | {"LIMNER_DATABASE_URL": "mysql://me:password@x"})
    assert "password" not in str(refused.value)
    with pytest.raises(InputError, match="mysql"):
        place_at(tmp_path, database="mysql://x")


def test_a_database_that_does_not_answer(tmp_path):
    pytest.importorskip("psycopg")
    place = place_at(tmp_path, database="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageError, match="does not answer"):
        Store(place)


def test_without_the_driver(tmp_path, monkeypatch):
    import sys

    from limner.core.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"limner\[postgres\]"):
        Store(place_at(tmp_path, database="postgresql://me@host/name"))
