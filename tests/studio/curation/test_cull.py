import pytest
from studio_world import work

from limner.core.errors import InputError
from limner.studio.curation.cull import cull, finish, undecided
from limner.studio.curation.sets import make_set, members_of
from limner.studio.store.acts import undo
from limner.studio.store.portraits import fetch, latest


@pytest.fixture
def ids(store):
    return [k.id for k in store.keep([work(seed) for seed in range(6)])]


def marks(store, ids):
    with store.read() as c:
        return "".join((k.mark or "-")[-1] for k in fetch(c, ids))


def test_verdicts_stream_in_and_are_on_disk_at_once(store, ids):
    steps = cull(store, ids, iter(["k", "x", "KEEP", "s", "q", "x"]))
    seen = [(judged.verdict, judged.left, marks(store, ids)) for judged in steps]
    assert seen == [
        ("keep", 5, "p-----"), ("kill", 4, "pl----"), ("keep", 3, "plp---"), ("skip", 2, "plp---"),
    ]  # fmt: skip
    with store.read() as c:
        assert undecided(c, ids) == ids[3:]


def test_going_back_takes_the_verdict_back(store, ids):
    steps = [j.verdict for j in cull(store, ids, ["u", "x", "u", "k", "x", "u"])]
    assert steps == ["kill", "back", "keep", "kill", "back"]
    assert marks(store, ids) == "p-----"


def test_more_verdicts_than_portraits(store, ids):
    assert len(list(cull(store, ids[:2], ["k"] * 9))) == 2
    assert list(cull(store, [], ["k"])) == []


def test_a_word_that_is_no_verdict(store, ids):
    with pytest.raises(InputError, match="maybe"):
        list(cull(store, ids, ["k", "maybe"]))
    assert marks(store, ids) == "p-----"


def test_finishing_is_one_act(store, ids):
    with store.write() as w:
        best = make_set(w, "best")
    list(cull(store, ids, ["k", "x", "k", "x", "s", "s"]))
    with store.write() as w:
        act = finish(w, ids, set=best)
        assert act.summary == "culled 4: kept 2, threw away 2 portraits"
    assert marks(store, ids) == "------"
    with store.read() as c:
        assert members_of(c, best) == [ids[0], ids[2]]
        assert {k.id for k in latest(c)} == {ids[0], ids[2], ids[4], ids[5]}
    with store.write() as w:
        undo(w)
        assert members_of(w.c, best) == []
        assert len(latest(w.c)) == 6
    assert marks(store, ids) == "plpl--"


def test_a_cull_that_said_nothing(store, ids):
    with store.write() as w:
        assert finish(w, ids) is None
