import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from studio_world import snapshot, work
from test_reindex import furnished

from limner.core.errors import InputError, StorageError
from limner.studio.curation.marks import name_sitter, note, rate, tag
from limner.studio.curation.sets import add_to_set, drop_set, list_sets, make_set, members_of
from limner.studio.store.acts import redo, undo
from limner.studio.store.check import check, count_of
from limner.studio.store.export import export
from limner.studio.store.importing import import_archive
from limner.studio.store.portraits import fetch, origins_of
from limner.studio.store.store import Store
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin


@pytest.fixture
def other(new_place, clock):
    with Store(new_place("other"), clock=clock) as store:
        yield store


def test_import_of_export_is_the_same_studio(store, other, tmp_path):
    furnished(store)
    report = export(store, tmp_path / "all.limner")
    assert (report.portraits, report.slots, report.sets) == (7, 0, 1)
    done = import_archive(other, report.file)
    assert (done.portraits, done.present, done.sets, done.conflicts) == (7, 0, ("wall",), ())
    assert done.engines == ("fake.test",)
    before, after = snapshot(store), snapshot(other)
    assert after == before
    assert check(other) == []
    again = import_archive(other, report.file)
    assert (again.portraits, again.present, again.sets, again.conflicts) == (0, 7, (), ())
    assert snapshot(other) == after


def test_an_import_is_one_act(store, other, tmp_path):
    furnished(store)
    import_archive(other, export(store, tmp_path / "all.limner").file)
    after = snapshot(other)
    with other.write() as w:
        undo(w)
        assert count_of(w.c)["portraits"] == 0
        assert list_sets(w.c) == []
    with other.write() as w:
        redo(w)
    assert snapshot(other) == after


def test_a_set_travels_with_its_ancestors_as_slots(store, other, tmp_path):
    kept = furnished(store)
    with store.write() as w:
        wall = make_set(w, "one", ids=[kept[5].id])
    report = export(store, tmp_path / "one.limner", set=wall)
    assert (report.portraits, report.slots) == (1, 3)
    import_archive(other, report.file)
    with other.read() as c:
        assert count_of(c)["empty slots"] == 3
        assert members_of(c, wall) == [kept[5].id]
        slot = fetch(c, [kept[3].id])[0]
        assert (slot.picture, slot.recipe, slot.rating) == (None, kept[3].recipe, None)
        assert [o.parent for o in origins_of(c, [slot.id])[slot.id]] == [kept[0].id, kept[1].id]
    assert check(other) == []
    import_archive(other, export(store, tmp_path / "all.limner").file)
    with other.read() as c:
        assert count_of(c)["empty slots"] == 0
    assert check(other) == []


def test_what_is_here_stands_and_conflicts_are_named(store, other, tmp_path):
    kept = furnished(store)
    file = export(store, tmp_path / "all.limner").file
    other.keep([work(2, "webp"), work(3, "jpeg")])
    with other.write() as w:
        rate(w, [kept[1].id], 1)
        tag(w, [kept[1].id], add=["mine"])
        note(w, kept[2].id, "here")
        make_set(w, "wall", ids=[kept[1].id])
    with store.write() as w:
        rate(w, [kept[1].id], 2)
    file = export(store, tmp_path / "all.limner").file
    done = import_archive(other, file)
    assert (done.portraits, done.present) == (5, 2)
    assert done.sets == ("wall 2",)
    assert len(done.conflicts) == 1
    assert "1 stays, the archive says 2" in done.conflicts[0]
    with other.read() as c:
        assert fetch(c, [kept[1].id])[0].rating == 1
        assert snapshot(other)["tags"].count((kept[1].id, "mine")) == 1


def test_two_studios_with_one_id(store, new_place, clock, tmp_path):
    """A copied studio that went its own way: both sets live on."""
    kept = furnished(store)
    with Store(new_place("twin"), clock=clock) as twin:
        import_archive(twin, export(store, tmp_path / "all.limner").file)
        with store.read() as c:
            wall = list_sets(c)[0].id
        with store.write() as w:
            add_to_set(w, wall, [kept[1].id])
        done = import_archive(twin, export(store, tmp_path / "more.limner").file)
        assert done.sets == ("wall 2",)
        assert "other members" in done.conflicts[0]
        with twin.read() as c:
            assert sorted(s.size for s in list_sets(c)) == [2, 3]


def test_database_and_pictures_of_two_studios_are_not_mixed(store, other, clock):
    from dataclasses import replace

    furnished(store)
    with pytest.raises(StorageError, match="Give each studio its own place"):
        Store(replace(store.place, pictures=other.place.pictures), clock=clock)


def test_sets_in_the_trash_travel_too(store, other, tmp_path):
    furnished(store)
    with store.write() as w:
        drop_set(w, list_sets(w.c)[0].id)
    import_archive(other, export(store, tmp_path / "all.limner").file)
    with other.read() as c:
        assert list_sets(c) == []
        assert [s.name for s in list_sets(c, trashed=True)] == ["wall"]


def rewritten(file: Path, change) -> Path:
    """The archive with some of its files changed."""
    target = file.with_name("changed.limner")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def head_with(**values):
    return lambda name, data: json.dumps(json.loads(data) | values).encode() if name == "limner.json" else data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, data: data if name != "limner.json" else None, "no archive"),
        (lambda name, data: data if name != "limner.json" else b"{", "damaged"),
        (head_with(format=2), "Upgrade"),
        (head_with(rows={}), "damaged"),
        (lambda name, data: data + b"{}\n" if name == "rows/portraits.jsonl" else data, "checksum"),
        (lambda name, data: None if name == "rows/sets.jsonl" else data, "sets"),
        (lambda name, data: data[:-9] if name.startswith("pictures/") else data, "picture of"),
    ],
)
def test_a_damaged_archive_is_named_and_adds_nothing(store, other, tmp_path, change, said):
    furnished(store)
    file = rewritten(export(store, tmp_path / "all.limner").file, change)
    with pytest.raises(InputError, match=said):
        import_archive(other, file)
    with other.read() as c:
        assert count_of(c)["portraits"] == 0


def test_other_files_are_no_archives(other, tmp_path):
    for name, data in (("a.zip", b"PK\x03\x04 no"), ("b.limner", b""), ("c.limner", b"x" * 1000)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError):
            import_archive(other, tmp_path / name)
    with pytest.raises(InputError, match="no file"):
        import_archive(other, tmp_path / "none.limner")


def test_a_picture_that_the_archive_lacks_becomes_a_slot(store, other, tmp_path):
    kept = furnished(store)
    lacking = rewritten(
        export(store, tmp_path / "all.limner").file,
        lambda name, data: None if kept[0].picture in name else data,
    )
    done = import_archive(other, lacking)
    assert "missing from the archive" in done.conflicts[0]
    with other.read() as c:
        assert fetch(c, [kept[0].id])[0].picture is None
    assert check(other) == []


def test_export_needs_every_picture(store, tmp_path):
    kept = furnished(store)
    store.file_of(kept[0]).unlink()
    with pytest.raises(StorageError, match="missing"):
        export(store, tmp_path / "all.limner")
    assert not list(tmp_path.glob("*.limner*"))
    shutil.rmtree(tmp_path / "nothing", ignore_errors=True)


def test_slots_of_the_trash_travel_as_they_are(store, other, tmp_path):
    (root,) = store.keep([work(1)])
    store.keep([work(2, origins=(Origin(parent=root.id, kind="bred"),))])
    with store.write() as w:
        throw_away(w, [root.id])
    store.empty_trash(older_than=timedelta(0))
    import_archive(other, export(store, tmp_path / "all.limner").file)
    assert snapshot(other)["curated"] == snapshot(store)["curated"]


def test_a_named_sitter_without_portraits_travels(store, other, tmp_path):
    (root,) = store.keep([work(1)])
    with store.write() as w:
        name_sitter(w, root.id, "Ada")
        throw_away(w, [root.id])
    store.empty_trash(older_than=timedelta(0))
    import_archive(other, export(store, tmp_path / "all.limner").file)
    assert snapshot(other)["sitters"] == snapshot(store)["sitters"] == {root.id: ("Ada", "")}
    with other.write() as w:
        undo(w)
    assert snapshot(other)["sitters"] == {}
