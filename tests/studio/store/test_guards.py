"""Ways in which a picture, or what is known of it, could get lost; each is shut."""

import contextlib
import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from studio_world import picture_file, snapshot, work
from test_reindex import furnished

from limner.core.errors import InputError, StorageError
from limner.studio.store import reindex as reindexing
from limner.studio.store.backup import backups, restore
from limner.studio.store.check import check
from limner.studio.store.export import export
from limner.studio.store.importing import import_archive
from limner.studio.store.pictures import path_of
from limner.studio.store.portraits import fetch
from limner.studio.store.recovery import recover
from limner.studio.store.reindex import reindex
from limner.studio.store.store import Store
from limner.studio.store.trash import empty, throw_away
from limner.studio.store.values import Origin, Work

# removing ---------------------------------------------------------------------------------------


def test_a_picture_that_comes_back_before_its_file_is_removed_stays(store, new_place, clock, tmp_path):
    (kept,) = store.keep([work(1)])
    file = export(store, tmp_path / "all.limner").file
    with store.write() as w:
        throw_away(w, [kept.id])
    with store.write() as w:
        empty(w, store.pictures, older_than=timedelta(0))
    import_archive(store, file)  # the same file, between the rows' end and the files' end
    recover(store.database, store.pictures)
    with store.read() as c:
        (again,) = fetch(c, [kept.id])
    assert again.picture == kept.picture
    assert store.picture_of(again)
    assert check(store) == []


def test_an_emptying_that_fails_leaves_everything(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        throw_away(w, [kept.id])
    with contextlib.suppress(RuntimeError), store.write() as w:
        empty(w, store.pictures, older_than=timedelta(0))
        raise RuntimeError
    assert store.pictures.intents() == {}
    recover(store.database, store.pictures)
    assert store.picture_of(kept)


def test_a_finished_picture_of_a_killed_process_that_was_painted_again_is_removed(store):
    (kept,) = store.keep([work(1)])
    # what a killed process leaves: the same portrait in another file, and a note of intent
    twin = store.picture_of(kept) + b"\0"
    name = hashlib.sha256(twin).hexdigest()
    path = path_of(name, "png")
    store.pictures.intend("keep", [path])
    store.pictures.write({path: twin})
    recover(store.database, store.pictures)
    assert not store.pictures.exists(path)
    assert store.picture_of(kept)
    assert check(store) == []


# rebuilding -------------------------------------------------------------------------------------


def test_what_is_kept_while_files_are_read_is_not_taken_for_missing(store, clock, monkeypatch):
    furnished(store)
    scan, late = reindexing._scan, []

    def slow(*given):
        found = scan(*given)
        late.extend(store.keep([work(77)]))
        return found

    monkeypatch.setattr(reindexing, "_scan", slow)
    assert reindex(store.place, clock=clock).emptied == ()
    with store.read() as c:
        assert fetch(c, [late[0].id])[0].picture == late[0].picture
    assert check(store) == []


def test_a_studio_is_not_rebuilt_from_pictures_that_are_not_there(store, clock):
    import shutil
    from pathlib import Path

    furnished(store)
    before = snapshot(store)
    away = Path(store.place.pictures)
    away.rename(away.with_name("unmounted"))
    away.mkdir()
    with pytest.raises(StorageError, match="Is the disk there"):
        reindex(store.place, clock=clock)
    shutil.rmtree(away)
    away.with_name("unmounted").rename(away)
    assert snapshot(store) == before


def test_a_studio_is_not_rebuilt_from_anothers_pictures(store, new_place, clock):
    furnished(store)
    before = snapshot(store)
    with Store(new_place("other"), clock=clock) as other:
        other.keep([work(50)])
        with pytest.raises(StorageError, match="belong to the studio"):
            reindex(replace(store.place, pictures=other.place.pictures), clock=clock)
    assert snapshot(store) == before


def test_an_altered_file_is_removed_only_once_its_successor_is_known(store, clock, monkeypatch):
    kept = furnished(store)
    path = store.file_of(kept[0])
    assert path is not None
    path.write_bytes(path.read_bytes() + b"\0")

    def failing(*_given, **_named):
        raise RuntimeError

    monkeypatch.setattr(reindexing, "keep", failing)
    with pytest.raises(RuntimeError):
        reindex(store.place, clock=clock)
    assert path.exists()


def test_doubles_are_moved_aside_and_the_studio_is_clean_again(store, clock):
    (kept,) = store.keep([work(1)])
    twin = store.picture_of(kept) + b"\0"
    store.pictures.write({path_of(hashlib.sha256(twin).hexdigest(), "png"): twin})
    assert [fault.kind for fault in check(store)] == ["unknown"]
    (double,) = reindex(store.place, clock=clock).doubles
    assert store.pictures.read(double) == twin
    assert check(store) == []


def test_a_locked_database_is_not_called_damaged(tmp_path, clock):
    import sqlite3
    from contextlib import closing

    from limner.studio.store import backup
    from limner.studio.store.place import place_at

    place = place_at(tmp_path / "what? 100%#")
    with Store(place, clock=clock) as store:
        store.keep([work(1)])
    assert reindex(place, clock=clock).curation == "database"
    assert place.sqlite is not None
    with closing(sqlite3.connect(place.sqlite, isolation_level=None)) as c:
        c.execute("PRAGMA locking_mode = EXCLUSIVE")
        c.execute("BEGIN EXCLUSIVE")
        before = backup.WAIT
        try:
            backup.WAIT = 0.1
            with pytest.raises(StorageError, match="cannot be looked at"):
                reindex(place, clock=clock)
        finally:
            backup.WAIT = before
    assert place.sqlite.exists()


def test_a_damaged_backup_is_not_restored(tmp_path, clock):
    from limner.studio.store.backup import back_up
    from limner.studio.store.place import place_at

    with Store(place_at(tmp_path / "studio"), clock=clock) as store:
        store.keep([work(k) for k in range(40)])
        with store.write() as w:
            file = back_up(store.place, w.c, w.at, "by-hand")
        data = bytearray(file.read_bytes())
        data[5000:60_000] = bytes(55_000)
        file.write_bytes(data)
        before = snapshot(store)
        with pytest.raises(InputError, match="damaged"):
            restore(store.database, file)
        assert snapshot(store) == before
        assert backups(store.place) == [file]


# archives ---------------------------------------------------------------------------------------


def tampered(file, target, table, change):
    """An archive with other rows, and checksums that agree with them."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        head = json.loads(old.read("limner.json"))
        for name in old.namelist():
            data = old.read(name)
            if name == f"rows/{table}.jsonl":
                rows = [json.loads(line) for line in data.splitlines()]
                change(rows)
                data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
                head["rows"][table] = hashlib.sha256(data).hexdigest()
            if name != "limner.json":
                new.writestr(name, data)
        new.writestr("limner.json", json.dumps(head))
    return target


def _set(name, value, at=0):
    return lambda rows: rows[at].__setitem__(name, value)


def _cycle(rows):
    slots = [{**row, "id": 64 * digit, "recipe": None, "picture": None} for row, digit in zip(rows, "ab", strict=False)]
    slots[0]["origins"], slots[1]["origins"] = [["edited", 64 * "b", None]], [["edited", 64 * "a", None]]
    rows += slots


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("portraits", _set("id", "../../escape"), "is not the id"),
        ("portraits", _set("picture", "../../../../etc/passwd"), "is not the id"),
        ("portraits", _set("format", "exe"), "exe"),
        ("portraits", _set("sitter", "'; DROP TABLE portraits; --"), "is not the id"),
        ("portraits", _set("made", "yesterday"), "yesterday"),
        ("portraits", _set("rating", 11), "rating"),
        ("portraits", lambda rows: rows[0].pop("note"), "note"),
        ("portraits", lambda rows: rows[3]["origins"].reverse(), "is not the one that its id names"),
        ("portraits", _cycle, "among its own ancestors"),
        ("sets", _set("id", "x"), "is not the id of a set"),
        ("sets", lambda rows: rows[0].pop("name"), "name"),
        ("sets", _set("members", [64 * "e"]), "not in the archive"),
        ("recipes", _set("text", '{"seed":"x"}'), "is not the one that its id names"),
    ],
)
def test_rows_that_cannot_be_are_refused_and_nothing_is_changed(store, new_place, clock, tmp_path, table, change, said):
    furnished(store)
    file = tampered(export(store, tmp_path / "all.limner").file, tmp_path / "bad.limner", table, change)
    with Store(new_place("other"), clock=clock) as other:
        before = snapshot(other)
        with pytest.raises(InputError, match=said):
            import_archive(other, file)
        assert snapshot(other) == before
        assert check(other) == []


def test_a_picture_of_another_portrait_is_refused(store, new_place, clock, tmp_path):
    _, two = store.keep([work(1), work(2)])
    file = tampered(
        export(store, tmp_path / "all.limner").file, tmp_path / "bad.limner", "portraits", _set("picture", two.picture)
    )
    with Store(new_place("other"), clock=clock) as other:
        with pytest.raises(InputError, match="says that it is"):
            import_archive(other, file)
        assert check(other) == []


def test_a_recipe_with_an_odd_seed_is_refused(store):
    from limner.core.errors import RecipeError
    from limner.studio.store.recipes import RecipeText, insert_recipes

    with pytest.raises(RecipeError, match="seed"), store.write() as w:
        insert_recipes(w.c, [RecipeText.read('{"seed":"x"}')])


def test_work_by_hand_keeps_its_place_in_the_lineage(store, new_place, clock, tmp_path):
    (root,) = store.keep([work(1)])
    _, data = picture_file(9)
    (mine,) = store.keep([Work(data=data, origins=(Origin(parent=root.id, kind="altered"),))])
    with Store(new_place("other"), clock=clock) as other:
        import_archive(other, export(store, tmp_path / "all.limner").file)
        with other.read() as c:
            assert fetch(c, [mine.id])[0].sitter == root.id
