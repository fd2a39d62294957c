from pathlib import Path

import pytest
from studio_world import facts, picture_file, snapshot, work

from limner.core.errors import StorageError
from limner.studio.curation.marks import name_sitter, note, rate, tag
from limner.studio.curation.sets import make_set
from limner.studio.store.backup import back_up
from limner.studio.store.check import check
from limner.studio.store.portraits import fetch, latest, origins_of
from limner.studio.store.reindex import reindex
from limner.studio.store.store import Store
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin, Traits, Work


def furnished(store):
    """A studio with something of everything."""
    traits = Traits(dials={"smile": 0.5}, palette=(("#102030", 1.0),), likeness=b"\x00<" * 4)
    roots = store.keep([work(1, traits=traits), work(2, "webp"), work(3, "jpeg", reason="for the north wall")])
    origins = tuple(Origin(parent=k.id, kind="bred", share=s) for k, s in zip(roots[:2], (0.25, 0.75), strict=True))
    children = store.keep([work(4, origins=origins), work(5, origins=(Origin(parent=roots[0].id, kind="edited"),))])
    _, data = picture_file(6)
    mine = store.keep([Work(data=data, origins=(Origin(parent=children[0].id, kind="altered"),), edit="new hat")])
    long, jpeg = picture_file(7, "jpeg")
    store.keep([Work(data=jpeg, recipe=long, reason="long " * 15_000)])
    with store.write() as w:
        rate(w, [roots[0].id, mine[0].id], 5)
        tag(w, [roots[1].id], add=["blue"])
        note(w, children[0].id, "keep an eye on her")
        name_sitter(w, roots[0].id, "Ada")
        make_set(w, "wall", ids=[mine[0].id, roots[0].id])
        throw_away(w, [children[1].id])
    return [*roots, *children, *mine]


def test_reindexing_a_whole_studio_changes_nothing(store, clock):
    furnished(store)
    before = snapshot(store)
    report = reindex(store.place, clock=clock)
    assert (report.added, report.emptied, report.altered, report.damaged) == (0, (), (), ())
    assert report.curation == "database"
    assert snapshot(store) == before
    assert check(store) == []


def _lose_database(place):
    for file in place.folder.glob("studio.db*"):
        file.unlink()


@pytest.fixture
def sqlite_place(tmp_path):
    from limner.studio.store.place import place_at

    return place_at(tmp_path / "lost")


def test_portraits_and_lineage_come_back_from_the_pictures_alone(sqlite_place, clock):
    with Store(sqlite_place, clock=clock) as store:
        furnished(store)
        before, name = facts(store), store.identity
    _lose_database(sqlite_place)
    report = reindex(sqlite_place, clock=clock)
    assert report.portraits == report.added == 7
    assert report.curation == "lost"
    with Store(sqlite_place, clock=clock) as store:
        assert facts(store) == before
        assert store.identity.id == name.id
        assert check(store) == []


def test_curation_comes_back_from_the_newest_backup(sqlite_place, clock):
    with Store(sqlite_place, clock=clock) as store:
        furnished(store)
        before = snapshot(store)
        with store.write() as w:
            back_up(store.place, w.c, w.at, "by hand")
        store.keep([work(50)])
    newest = max(sqlite_place.backups.iterdir())
    (sqlite_place.backups / "99991231T000000-broken.db").write_bytes(b"SQLite format 3\0 and nothing else")
    _lose_database(sqlite_place)
    assert reindex(sqlite_place, clock=clock).curation == newest.name
    with Store(sqlite_place, clock=clock) as store:
        after = snapshot(store)
        assert len(after["portraits"]) == len(before["portraits"]) + 1
        for name in ("tags", "sets", "members"):
            assert after[name] == before[name]
        assert all(after["curated"][id] == said for id, said in before["curated"].items())
        assert set(before["sitters"].items()) <= set(after["sitters"].items())


def test_a_damaged_database_is_set_aside_and_rebuilt(sqlite_place, clock):
    with Store(sqlite_place, clock=clock) as store:
        furnished(store)
        before = facts(store)
    data = bytearray(sqlite_place.sqlite.read_bytes())
    data[4096:16384] = b"\xaa" * 12288
    sqlite_place.sqlite.write_bytes(data)
    with pytest.raises(StorageError, match="reindex"), Store(sqlite_place, clock=clock) as store, store.read() as c:
        latest(c)
    reindex(sqlite_place, clock=clock)
    with Store(sqlite_place, clock=clock) as store:
        assert facts(store) == before
    assert list(sqlite_place.backups.glob("damaged-*.db"))


def test_a_missing_file_becomes_a_slot_and_comes_back_with_it(store, clock):
    kept = furnished(store)
    before = snapshot(store)
    file = store.file_of(kept[0])
    data = file.read_bytes()
    file.unlink()
    assert [f.kind for f in check(store)] == ["missing"]
    assert [f.kind for f in check(store, quick=True)] == ["missing"]
    with pytest.raises(StorageError, match="missing"):
        store.picture_of(kept[0])
    assert reindex(store.place, clock=clock).emptied == (kept[0].id,)
    with store.read() as c:
        slot = fetch(c, [kept[0].id])[0]
        assert (slot.picture, slot.rating, slot.recipe) == (None, 5, kept[0].recipe)
    with pytest.raises(StorageError, match="empty slot"):
        store.picture_of(slot)
    assert check(store) == []
    file.write_bytes(data)
    reindex(store.place, clock=clock)
    assert snapshot(store) == before


def test_a_picture_altered_outside_is_kept_as_hand_made_work(store, clock):
    kept = furnished(store)
    _, other = picture_file(77)
    store.file_of(kept[1]).write_bytes(other)
    assert {f.kind for f in check(store)} == {"altered"}
    report = reindex(store.place, clock=clock)
    assert len(report.altered) == 1
    assert check(store) == []
    with store.read() as c:
        assert fetch(c, [kept[1].id])[0].picture is None
        newest = latest(c, limit=1)[0]
        assert newest.reason == "altered outside the studio"
    from limner.core.picture import read_picture

    assert (read_picture(store.picture_of(newest)) == read_picture(other)).all()


def test_an_edit_that_keeps_the_label_becomes_a_child(store, clock):
    (kept,) = store.keep([work(1)])
    file = store.file_of(kept)
    data = file.read_bytes()
    at = data.index(b"IDAT")
    import numpy as np

    from limner.provenance.disclosure import encode_file
    from limner.studio.store.label import PictureFile

    painted = encode_file(np.zeros((64, 64, 3), np.uint8), None)
    file.write_bytes(PictureFile(painted).with_label(PictureFile(data).said))
    assert at
    assert reindex(store.place, clock=clock).altered == (kept.id,)
    with store.read() as c:
        child = latest(c, limit=1)[0]
        assert origins_of(c, [child.id])[child.id] == (Origin(parent=kept.id, kind="altered"),)
        assert child.sitter == kept.sitter
    assert check(store) == []


def test_a_file_that_is_no_picture_is_moved_aside(store, clock):
    kept = furnished(store)
    Path(store.file_of(kept[2])).write_bytes(b"nothing")
    report = reindex(store.place, clock=clock)
    assert len(report.damaged) == 1
    assert (Path(store.place.pictures) / "damaged" / Path(store.file_of(kept[2])).name).read_bytes() == b"nothing"
    assert check(store) == []


def test_pictures_that_were_put_there_are_taken_in(store, clock):
    import hashlib

    furnished(store)
    _, data = picture_file(90)
    name = hashlib.sha256(data).hexdigest()
    file = Path(store.place.pictures) / name[:2] / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    assert [f.kind for f in check(store)] == ["unknown"]
    assert reindex(store.place, clock=clock).added == 1
    assert check(store) == []


def test_a_lost_parent_leaves_a_named_slot(sqlite_place, clock):
    with Store(sqlite_place, clock=clock) as store:
        kept = furnished(store)
        store.file_of(kept[0]).unlink()
    _lose_database(sqlite_place)
    reindex(sqlite_place, clock=clock)
    with Store(sqlite_place, clock=clock) as store, store.read() as c:
        assert fetch(c, [kept[0].id])[0].picture is None
        assert origins_of(c, [kept[3].id])[kept[3].id][0].parent == kept[0].id
        assert check(store) == []


def test_check_names_what_the_database_has_wrong(store):
    from sqlalchemy import text

    kept = furnished(store)
    with store.write() as w:
        w.c.execute(text("UPDATE recipes SET cut = cut + 1 WHERE id = :id"), {"id": kept[0].recipe})
        link = {"child": kept[0].id, "parent": kept[3].id}
        w.c.execute(text("INSERT INTO links (child, place, parent, kind) VALUES (:child, 0, :parent, 'bred')"), link)
    kinds = {fault.kind for fault in check(store)}
    assert {"recipe", "lineage"} <= kinds
    assert all(fault.mend and fault.message for fault in check(store))
