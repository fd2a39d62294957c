import pytest
from studio_world import snapshot, work

from limner.core.errors import InputError
from limner.studio.curation.marks import name_sitter, note, rate, star, tag
from limner.studio.curation.sets import add_to_set, arrange_set, drop_set, make_set, remove_from_set, rename_set
from limner.studio.store.acts import history, redo, undo
from limner.studio.store.portraits import fetch, latest
from limner.studio.store.trash import take_back, throw_away


def acts_of_every_kind(store, ids):
    """One act after the other; yields after each."""
    steps = [
        lambda w: rate(w, ids[:3], 4),
        lambda w: rate(w, ids[:2], None),
        lambda w: star(w, ids[1:]),
        lambda w: tag(w, ids, add=["blue", "night"]),
        lambda w: tag(w, ids[:2], add=["gold"], remove=["blue"]),
        lambda w: note(w, ids[0], "her best\nside"),
        lambda w: name_sitter(w, ids[0], "Ada"),
        lambda w: make_set(w, "wall", ids=ids[:3]),
        lambda w: add_to_set(w, _only(w), ids[3:]),
        lambda w: arrange_set(w, _only(w), [ids[4], ids[0]], at=1),
        lambda w: remove_from_set(w, _only(w), ids[1:2]),
        lambda w: rename_set(w, _only(w), "north wall"),
        lambda w: throw_away(w, ids[2:4]),
        lambda w: take_back(w, ids[2:3]),
        lambda w: drop_set(w, _only(w)),
    ]
    for step in steps:
        with store.write() as w:
            step(w)
        yield


def _only(w):
    from limner.studio.curation.sets import list_sets

    return list_sets(w.c)[0].id


def test_undo_is_the_inverse_of_every_act_and_redo_of_undo(store):
    ids = [k.id for k in store.keep([work(seed) for seed in range(5)])]
    states = [snapshot(store)]
    for _ in acts_of_every_kind(store, ids):
        states.append(snapshot(store))
        assert states[-1] != states[-2]
    for before in reversed(states[:-1]):
        with store.write() as w:
            undo(w)
        assert snapshot(store) == before
    for after in states[1:]:
        with store.write() as w:
            redo(w)
        assert snapshot(store) == after
    with store.write() as w, pytest.raises(InputError, match="nothing to do again"):
        redo(w)


def test_undoing_a_keep_throws_away_and_redoing_takes_back(store):
    kept = store.keep([work(1), work(2)])
    with store.write() as w:
        assert undo(w).summary == "kept 2 portraits"
        assert latest(w.c) == []
        assert all(k.trashed for k in fetch(w.c, [k.id for k in kept]))
    with store.write() as w:
        redo(w)
        assert len(latest(w.c)) == 2


def test_nothing_to_undo(store):
    with store.write() as w, pytest.raises(InputError, match="nothing to undo"):
        undo(w)


def test_another_act_ends_what_could_be_redone(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        rate(w, [kept.id], 2)
    with store.write() as w:
        undo(w)
    with store.write() as w:
        rate(w, [kept.id], 5)
    with store.write() as w:
        assert [a.state for a in history(w.c)] == ["done", "dropped", "done"]
        with pytest.raises(InputError, match="nothing to do again"):
            redo(w)


def test_acts_of_jobs_are_not_in_the_way_of_a_persons(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        rate(w, [kept.id], 2)
    store.keep([work(2)], actor="job 7")
    with store.write() as w:
        assert undo(w).kind == "rate"
        assert fetch(w.c, [kept.id])[0].rating is None
        assert len(latest(w.c)) == 2


def test_an_act_can_be_undone_out_of_order_unless_another_built_on_it(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        first = rate(w, [kept.id], 2)
    with store.write() as w:
        star(w, [kept.id])
    with store.write() as w:
        undo(w, first.number)
        assert (fetch(w.c, [kept.id])[0].rating, fetch(w.c, [kept.id])[0].star) == (None, True)
    with store.write() as w:
        redo(w)
    with store.write() as w:
        rate(w, [kept.id], 5)
    before = snapshot(store)
    with store.write() as w, pytest.raises(InputError, match="changed since"):
        undo(w, first.number)
    assert snapshot(store) == before
    with store.write() as w, pytest.raises(InputError, match="no act 999"):
        undo(w, 999)


def test_what_changes_nothing_is_no_act(store):
    (kept,) = store.keep([work(1)])
    with store.write() as w:
        assert rate(w, [kept.id], None) is None
        assert star(w, [kept.id], False) is None
        assert tag(w, [kept.id], remove=["blue"]) is None
        assert throw_away(w, []) is None
        assert len(history(w.c)) == 1


def test_undo_passes_over_what_the_trash_no_longer_has(store, clock):
    from datetime import timedelta

    one, two = store.keep([work(1), work(2)])
    with store.write() as w:
        rate(w, [one.id, two.id], 3)
    with store.write() as w:
        throw_away(w, [one.id])
    store.empty_trash(older_than=timedelta(0))
    with store.write() as w:
        assert undo(w).passed_over == 1
    with store.write() as w:
        done = undo(w)
        assert (done.kind, done.passed_over) == ("rate", 1)
        assert fetch(w.c, [two.id])[0].rating is None


def test_old_acts_are_forgotten(store, monkeypatch):
    from limner.studio.store import acts

    monkeypatch.setattr(acts, "KEPT_ACTS", 20)
    (kept,) = store.keep([work(1)])
    for k in range(205):
        with store.write() as w:
            star(w, [kept.id], k % 2 == 0)
    with store.read() as c:
        assert 20 <= len(history(c, limit=1000)) <= 130
