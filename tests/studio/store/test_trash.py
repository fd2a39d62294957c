from datetime import timedelta

from studio_world import work

from limner.studio.curation.marks import rate, tag
from limner.studio.curation.sets import list_sets, make_set
from limner.studio.store.check import check, count_of
from limner.studio.store.portraits import fetch, latest, origins_of
from limner.studio.store.store import Store
from limner.studio.store.trash import RETENTION, in_trash, take_back, throw_away
from limner.studio.store.values import Origin


def test_the_trash_gives_back_what_it_got(store):
    ids = [k.id for k in store.keep([work(seed) for seed in range(3)])]
    with store.write() as w:
        rate(w, ids, 5)
        throw_away(w, ids[:2])
        assert [k.id for k in latest(w.c)] == ids[2:]
        assert {k.id for k in in_trash(w.c)} == set(ids[:2])
        take_back(w, ids[:1])
    with store.read() as c:
        assert {k.id for k in latest(c)} == {ids[0], ids[2]}
        assert fetch(c, ids)[0].rating == 5


def test_painting_again_takes_out_of_the_trash(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        throw_away(w, [kept.id])
    assert store.keep([work(1)])[0].trashed is None


def test_emptying_leaves_a_slot_where_descendants_need_one(store):
    root, lone = store.keep([work(1), work(2)])
    (middle,) = store.keep([work(3, origins=(Origin(parent=root.id, kind="varied"),))])
    (leaf,) = store.keep([work(4, origins=(Origin(parent=middle.id, kind="edited"),))])
    with store.write() as w:
        tag(w, [root.id], add=["gone"])
        make_set(w, "all", ids=[root.id, lone.id, middle.id, leaf.id])
        throw_away(w, [root.id, lone.id, middle.id])
    done = store.empty_trash(older_than=timedelta(0))
    assert (done.portraits, done.bytes) == (3, root.bytes + lone.bytes + middle.bytes)
    assert len(list(store.pictures.listing())) == 1
    assert store.pictures.intents() == {}
    with store.read() as c:
        assert count_of(c)["empty slots"] == 2
        assert [k.picture for k in fetch(c, [root.id, middle.id])] == [None, None]
        assert origins_of(c, [leaf.id])[leaf.id][0].parent == middle.id
        assert fetch(c, [middle.id])[0].recipe == middle.recipe
        assert list_sets(c)[0].size == 1
    with store.write() as w:
        throw_away(w, [leaf.id])
    store.empty_trash(older_than=timedelta(0))
    with store.read() as c:
        assert count_of(c) == {"portraits": 0, "in the trash": 0, "empty slots": 0, "bytes": 0}
    assert check(store) == []


def test_an_emptied_portrait_can_be_painted_into_its_slot_again(store):
    (root,) = store.keep([work(1)])
    (child,) = store.keep([work(2, origins=(Origin(parent=root.id, kind="edited"),))])
    with store.write() as w:
        throw_away(w, [root.id])
    store.empty_trash(older_than=timedelta(0))
    (again,) = store.keep([work(1)])
    assert (again.id, again.trashed) == (root.id, None)
    assert store.picture_of(again)
    assert child.sitter == again.sitter
    assert check(store) == []


def test_retention_empties_what_is_old_when_the_studio_opens(place, clock):
    with Store(place, clock=clock) as store:
        old, young = store.keep([work(1), work(2)])
        with store.write() as w:
            throw_away(w, [old.id])
        clock.now += RETENTION - timedelta(days=1)
        with store.write() as w:
            throw_away(w, [young.id])
    clock.now += timedelta(days=2)
    with Store(place, clock=clock) as store, store.read() as c:
        assert [k.id for k in in_trash(c)] == [young.id]


def test_two_portraits_of_one_file_share_it(store):
    """Emptying one of them leaves the file to the other."""

    from limner.studio.store.acts import Change, apply

    one, two = store.keep([work(1), work(2)])
    with store.write() as w:  # as if both files had been the same
        picture = {"picture": one.picture, "format": one.format, "bytes": one.bytes}
        apply(w.c, [Change(table="portraits", key={"id": two.id}, before={}, after=picture)])
        throw_away(w, [two.id])
    store.empty_trash(older_than=timedelta(0))
    assert store.picture_of(one)
