import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from limner.studio.lineage.family import Edge, Family
from limner.studio.lineage.layout import lay_out


def family(parents: list[list[int]]) -> Family:
    ids = [f"{k:064x}" for k in range(len(parents))]
    edges = tuple(
        Edge(parent=ids[p], child=ids[k], kind="bred", share=None) for k, above in enumerate(parents) for p in above
    )
    return Family(members=tuple(ids), edges=edges)


def forest(n: int, seed: int) -> Family:
    draw = random.Random(seed)
    return family([[draw.randrange(k)] if k and draw.random() < 0.95 else [] for k in range(n)])


@st.composite
def families(draw: st.DrawFn) -> Family:
    size = draw(st.integers(1, 25))
    return family([sorted(draw(st.sets(st.integers(0, k - 1), max_size=3))) if k else [] for k in range(size)])


@settings(deadline=None)
@given(families())
def test_children_stand_below_parents_and_nobody_on_another(it):
    layout = lay_out(it)
    for edge in it.edges:
        assert layout.places[edge.parent].y < layout.places[edge.child].y
    rows: dict[float, list[float]] = {}
    for point in layout.places.values():
        rows.setdefault(point.y, []).append(point.x)
    for row in rows.values():
        row.sort()
        assert all(b - a >= 1 - 1e-9 for a, b in pairwise(row))
    assert min(p.x for p in layout.places.values()) >= -1e-9
    assert layout == lay_out(it)


@settings(deadline=None)
@given(families())
def test_links_go_from_parent_to_child_one_layer_at_a_time(it):
    layout = lay_out(it)
    assert [k for k, _ in layout.ways] == list(range(len(it.edges)))
    for k, way in layout.ways:
        assert way[0] == layout.places[it.edges[k].parent]
        assert way[-1] == layout.places[it.edges[k].child]
        assert [p.y for p in way] == list(range(int(way[0].y), int(way[-1].y) + 1))


def test_a_forest_has_no_crossings():
    for seed in range(5):
        assert lay_out(forest(120, seed)).crossings == 0


def test_an_only_child_stands_under_its_parent_and_parents_above_the_middle():
    line = lay_out(family([[], [0], [1]]))
    assert len({round(p.x, 6) for p in line.places.values()}) == 1
    fan = lay_out(family([[], [0], [0], [0]]))
    xs = [fan.places[id].x for id in family([[], [0], [0], [0]]).members]
    assert abs(xs[0] - sum(xs[1:]) / 3) < 1e-6


def test_crossings_that_can_be_avoided_are():
    # two families whose children alternate in age
    assert lay_out(family([[], [], [0], [1], [0], [1], [0], [1]])).crossings == 0


def test_five_thousand_portraits():
    draw = random.Random(3)
    it = family([draw.sample(range(max(0, k - 60), k), min(k, 2)) for k in range(5000)])
    layout = lay_out(it)
    assert len(layout.places) == 5000


def test_the_longest_links_of_a_very_deep_lineage_go_straight():
    # with a waypoint in every layer this would be millions of points
    it = family([[], *([k - 1, 0] if k > 1 else [0] for k in range(1, 2000))])
    layout = lay_out(it)
    assert layout.height == 1999
    assert sum(len(way) for _, way in layout.ways) < 70_000
    ways = {it.edges[k].child: way for k, way in layout.ways if it.edges[k].parent == it.members[0]}
    assert len(ways[it.members[10]]) == layout.places[it.members[10]].y + 1
    assert ways[it.members[-1]] == (layout.places[it.members[0]], layout.places[it.members[-1]])
