import pytest
from studio_world import work

from limner.studio.curation.marks import rate, star
from limner.studio.curation.sets import make_set
from limner.studio.lineage.family import (
    ancestors,
    children_of,
    cousins,
    descendants,
    family_among,
    family_json,
    family_of,
    parents_of,
    siblings,
    whole_family,
)
from limner.studio.lineage.prune import plan_prune, prune
from limner.studio.store.acts import undo
from limner.studio.store.portraits import latest
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin


@pytest.fixture
def people(store):
    """Grandparents a and b; their children c and d; e (a stranger); f of c and e, g of d, h of g."""
    plan = {"a": "", "b": "", "c": "ab", "d": "ab", "e": "", "f": "ce", "g": "d", "h": "g"}
    found = {}
    for seed, (name, parents) in enumerate(plan.items()):
        origins = tuple(Origin(parent=found[p], kind="bred") for p in parents)
        found[name] = store.keep([work(seed, origins=origins)])[0].id
    return found


def test_relatives(store, people):
    names = {id: name for name, id in people.items()}

    def named(ids):
        return "".join(names[id] for id in ids)

    with store.read() as c:
        assert named(parents_of(c, people["f"])) == "ce"
        assert named(children_of(c, people["a"])) == "cd"
        assert {names[i]: away for i, away in ancestors(c, people["h"]).items()} == {"g": 1, "d": 2, "a": 3, "b": 3}
        assert named(ancestors(c, people["h"], generations=2)) == "gd"
        assert {names[i]: away for i, away in descendants(c, people["a"]).items()} == {
            "c": 1, "d": 1, "f": 2, "g": 2, "h": 3,
        }  # fmt: skip
        assert named(siblings(c, people["c"])) == "d"
        assert named(siblings(c, people["e"])) == ""
        assert named(cousins(c, people["f"])) == "g"
        assert named(cousins(c, people["g"])) == "f"
        assert named(cousins(c, people["h"])) == ""


def test_families(store, people):
    store.keep([work(100)])
    with store.read() as c:
        near = family_of(c, people["d"], up=1, down=1)
        assert set(near.members) == {people[n] for n in "abdg"}
        assert len(near.edges) == 3
        whole = whole_family(c)
        assert set(whole.members) == set(people.values())
        assert near.parents()[people["d"]] == [people["a"], people["b"]]
        assert whole.children()[people["g"]] == [people["h"]]
        place = {id: k for k, id in enumerate(whole.members)}
        assert all(place[e.parent] < place[e.child] for e in whole.edges)
        told = family_json(c, family_among(c, [people["a"], people["c"]]))
        assert [p["id"] for p in told["portraits"]] == [people["a"], people["c"]]
        assert told["links"] == [{"parent": people["a"], "child": people["c"], "kind": "bred", "share": None}]


def test_the_trash_is_no_part_of_the_family(store, people):
    with store.write() as w:
        throw_away(w, [people["g"]])
    with store.read() as c:
        assert people["g"] not in whole_family(c).members
        assert people["g"] in whole_family(c, trashed=True).members


def test_pruning_spares_what_is_dear_and_the_way_to_it(store, people):
    with store.write() as w:
        star(w, [people["h"]])
        cut = plan_prune(w.c, people["a"])
        assert set(cut.away) == {people["f"], people["c"]}
        assert set(cut.spared) == {people[n] for n in "dgh"}
        assert set(plan_prune(w.c, people["a"], spare=False, whole=True).away) == {people[n] for n in "acdfgh"}
    with store.write() as w:
        prune(w, people["a"])
    with store.write() as w:
        assert {k.id for k in latest(w.c)} == {people[n] for n in "abdegh"}
        undo(w)
        assert len(latest(w.c)) == 8


def test_what_is_in_a_set_or_rated_high_is_dear(store, people):
    with store.write() as w:
        make_set(w, "wall", ids=[people["f"]])
        rate(w, [people["d"]], 4)
        rate(w, [people["g"]], 3)
        assert set(plan_prune(w.c, people["a"]).away) == {people["g"], people["h"]}
