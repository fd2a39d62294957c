import json
import re

import pytest

from limner.core.errors import InputError
from limner.core.recipe import Recipe
from limner.studio.curation.sets import make_set, members_of
from limner.studio.grids.axes import parse_axis
from limner.studio.grids.grid import drop_grid, estimate, find_grid, go_on, list_grids, make_grid, read_grid
from limner.studio.grids.page import grid_page
from limner.studio.grids.planning import Request, able, plan_cells
from limner.studio.jobs.painting import painter
from limner.studio.jobs.queue import Destination, prune, read_job
from limner.studio.jobs.worker import Worker
from limner.studio.store.acts import undo
from limner.studio.store.check import check
from limner.studio.store.portraits import count, latest
from limner.studio.store.trash import throw_away
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


@pytest.fixture(scope="module")
def studio():
    with Studio(engine=FakeEngine()) as studio:
        yield studio


AXES = (parse_axis("smile=-0.5, SKIP:0, 0.5"), parse_axis("add=at dawn || at dusk"))
REQUEST = Request(words="a poet", seed=7, per_cell=2, dials={"age": 0.25})


def made(store, studio, **options):
    cells = plan_cells(studio.plan, REQUEST, AXES)
    with store.write() as w:
        return make_grid(w, "poets", REQUEST, AXES, cells, **options)


def paint(store, studio):
    with Worker(store, painter(studio.paint_recipes, format="webp", measure=False)) as worker:
        return worker.run(until_empty=True)


def test_cells_hold_what_their_place_says(studio):
    cells = plan_cells(studio.plan, REQUEST, AXES)
    assert [cell.at for cell in cells] == [(x, y) for x in range(3) for y in range(2)]
    assert [len(cell.recipes) for cell in cells] == [2, 2, 0, 0, 2, 2]
    first = cells[0].recipes
    assert [r.seed for r in first] == [7, 8]
    assert first[0].reading.words == "a poet, at dawn"
    assert (first[0].reading.dials["smile"], first[0].reading.dials["age"]) == (-0.5, 0.25)
    assert {r.seed for cell in cells for r in cell.recipes} == {7, 8}


def test_every_kind_of_axis(studio):
    axes = [
        parse_axis(text)
        for text in (
            "words=a king || a queen", "avoid=hats", "palette=#1b2a41 #c9a227", "seed=3,4", "guidance=2,3",
            "variety=0.5", "size=64", "yaw=0.5",
        )
    ]  # fmt: skip
    cells = plan_cells(studio.plan, Request(), axes)
    assert len(cells) == 8
    recipe = cells[-1].recipes[0]
    assert (recipe.reading.words, recipe.reading.avoid, recipe.seed, recipe.size) == ("a queen", "hats", 4, 64)
    assert (recipe.guidance, recipe.variety, recipe.reading.dials["yaw"]) == (3.0, 0.5, 0.5)
    assert recipe.reading.palette == ("#1b2a41", "#c9a227")


def test_only_what_the_studio_plans_can_be_varied(studio):
    assert {"add", "words", "seed", "guidance", "palette", "avoid"} <= set(able(studio.plan))

    def plan(words, *, n, seed, dials, palette, avoid, medium=""):
        return []

    assert "medium" in able(plan)
    assert "guidance" not in able(plan)


@pytest.mark.parametrize(
    ("request_", "axes", "skip", "said"),
    [
        (REQUEST, (), (), "needs axes"),
        (REQUEST, (AXES[0], AXES[0]), (), "each once"),
        (Request(per_cell=0), AXES, (), "a cell"),
        (Request(per_cell=64), (parse_axis("seed=1..500"),), (), "multiplies"),
        (REQUEST, AXES, [{"smile": "0.7"}], "has no value '0.7'"),
        (REQUEST, AXES, [{"age": "1"}], "no axis 'age'"),
        (REQUEST, (parse_axis("smile=skip:1"),), (), "is a hole"),
        (REQUEST, AXES, [{}], "is a hole"),
    ],
)
def test_grids_that_cannot_be(studio, request_, axes, skip, said):
    with pytest.raises(InputError, match=said):
        plan_cells(studio.plan, request_, axes, skip=skip)


def test_single_cells_can_be_left_out(studio):
    cells = plan_cells(studio.plan, REQUEST, AXES, skip=[{"smile": "0.5", "add": "at dusk"}])
    assert [len(cell.recipes) for cell in cells] == [2, 2, 0, 0, 2, 0]


def test_the_cost_is_known_before(store, studio):
    cells = plan_cells(studio.plan, REQUEST, AXES)
    with store.read() as c:
        cost = estimate(c, cells)
        assert (cost.cells, cost.portraits, cost.new, cost.seconds) == (4, 8, 8, None)
    made(store, studio)
    paint(store, studio)
    with store.read() as c:
        again = estimate(c, plan_cells(studio.plan, REQUEST, [parse_axis("smile=-0.5,0.9"), AXES[1]]))
        assert (again.portraits, again.new) == (8, 4)
        assert again.seconds > 0


def test_a_grid_is_a_job(store, studio):
    with store.write() as w:
        wall = make_set(w, "wall")
    grid = made(store, studio, destination=Destination(set=wall))
    with store.read() as c:
        assert read_job(c, grid.job).total == 8
        assert read_grid(c, grid.id) == grid
        assert [g.id for g in list_grids(c)] == [find_grid(c, "poets")] == [find_grid(c, grid.id[:8])]
        with pytest.raises(InputError, match="no grid"):
            find_grid(c, "queens")
    assert paint(store, studio) == 8
    with store.read() as c:
        assert set(members_of(c, wall)) == {k.id for k in latest(c)} == set(grid.portraits)
    assert check(store) == []


def test_a_grid_is_gone_on_with(store, studio):
    grid = made(store, studio)
    with Worker(store, painter(studio.paint_recipes, measure=False), most=3) as worker:
        worker.step()
    with store.write() as w:
        w.c.exec_driver_sql("DELETE FROM jobs")
        assert prune(w) == 0
    with store.write() as w:
        job = go_on(w, grid.id, studio.plan)
        assert read_job(w.c, job).total == 5
    assert paint(store, studio) == 5
    with store.write() as w:
        assert go_on(w, grid.id, studio.plan) is None
        assert count(w.c) == 8
        throw_away(w, grid.portraits[:1])
        assert read_job(w.c, go_on(w, grid.id, studio.plan)).total == 1
    assert paint(store, studio) == 1


def test_another_engine_would_paint_another_grid(store, studio):
    grid = made(store, studio)
    other = FakeEngine()
    other.weights = "1" * 64
    with Studio(engine=other) as changed, store.write() as w, pytest.raises(InputError, match="other weights"):
        go_on(w, grid.id, changed.plan)


def test_grids_can_be_undone_and_thrown_away(store, studio):
    grid = made(store, studio)
    with store.write() as w:
        drop_grid(w, grid.id)
        assert list_grids(w.c) == []
    with store.write() as w:
        undo(w)
        assert [g.id for g in list_grids(w.c)] == [grid.id]
    with store.write() as w:
        undo(w)
        assert list_grids(w.c) == []


def test_the_page_needs_nothing_else(store, studio):
    grid = made(store, studio)
    with Worker(store, painter(studio.paint_recipes, measure=False), most=4) as worker:
        worker.step()
    page = grid_page(store, grid).decode()
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert [axis["name"] for axis in data["axes"]] == ["smile", "add"]
    assert len(data["cells"]) == 6
    assert len(data["pictures"]) == 4
    assert all(p["source"].startswith("data:image/webp;base64,") for p in data["pictures"].values())
    assert "compositeWithTrainedAlgorithmicMedia" in page
    links = re.findall(r'(?:src|href)="(?!data:)[^"]*"|https?://(?!cv\.iptc\.org)\S+', page)
    assert links == []
    assert "prefers-reduced-motion" in page


def test_a_brief_cannot_break_out_of_the_page(store, studio):
    request = Request(words='a poet </script><script>alert("x")</script>')
    axes = (parse_axis("seed=1"),)
    with store.write() as w:
        grid = make_grid(w, "<b>&", request, axes, plan_cells(studio.plan, request, axes))
    page = grid_page(store, grid).decode()
    assert page.count("</script>") == 2
    assert "<title>&lt;b&gt;&amp;</title>" in page


def test_grids_travel_with_the_studio(store, studio, new_place, tmp_path):
    from studio_world import snapshot

    from limner.studio.store.export import export
    from limner.studio.store.importing import import_archive
    from limner.studio.store.store import Store

    made(store, studio)
    paint(store, studio)
    with Store(new_place("other")) as other:
        import_archive(other, export(store, tmp_path / "all.limner").file)
        assert snapshot(other) == snapshot(store)
    assert all(isinstance(r, Recipe) for cell in plan_cells(studio.plan, REQUEST, AXES) for r in cell.recipes)
