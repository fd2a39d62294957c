import json
from dataclasses import replace

import pytest
from studio_world import picture_file

from limner.core.errors import InputError, RecipeError
from limner.core.reading import Reading
from limner.studio.lineage import replay as module
from limner.studio.lineage.replay import Alteration, plan_replay
from limner.studio.store.portraits import origins_of
from limner.studio.store.recipes import recipe_texts
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin, Work


def read(words, *, avoid="", dials=None, palette=()):
    """A reader that knows two words."""
    found = {
        name: value for word, name, value in (("dusk", "brightness", -0.5), ("merry", "smile", 0.9)) if word in words
    }
    return Reading(words=words, avoid=avoid, dials=found | dict(dials or {}), palette=tuple(palette))


def painted(seed, words, dials=None, **values):
    recipe, data = picture_file(seed)
    recipe = replace(recipe, reading=read(words, dials=dials))
    return Work(data=data, recipe=recipe, **values)


@pytest.fixture
def line(store):
    """root, two children, a grandchild of both."""
    (root,) = store.keep([painted(1, "a merry poet")])
    edited = Origin(parent=root.id, kind="edited")
    one, two = store.keep(
        [painted(1, "a merry poet", {"age": 0.4}, origins=(edited,)), painted(2, "a king", origins=(edited,))]
    )
    both = tuple(Origin(parent=p.id, kind="bred", share=0.5) for p in (one, two))
    (child,) = store.keep([painted(3, "a prince.", origins=both)])
    return [root, one, two, child]


def test_a_line_at_dusk(store, line):
    with store.read() as c:
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk"), read)
    assert [p.repeats for p in replay.planned] == [k.id for k in line]
    assert [p.recipe.reading.words for p in replay.planned] == [
        "a merry poet, at dusk", "a merry poet, at dusk", "a king, at dusk", "a prince, at dusk",
    ]  # fmt: skip
    assert all(p.recipe.reading.dials["brightness"] == -0.5 for p in replay.planned)
    assert replay.planned[1].recipe.reading.dials == {"age": 0.4, "brightness": -0.5, "smile": 0.9}
    assert [p.recipe.seed for p in replay.planned] == [1, 1, 2, 3]
    new = [p.id for p in replay.planned]
    assert [(o.parent, o.kind) for o in replay.planned[3].origins] == [
        (new[1], "bred"), (new[2], "bred"), (line[3].id, "replayed"),
    ]  # fmt: skip
    assert replay.planned[3].origins[0].share == 0.5


def test_planned_names_are_those_that_painting_gives(store, line):
    with store.read() as c:
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk", seed_step=100), read)
    works = [Work(data=picture_file(k)[1], recipe=p.recipe, origins=p.origins) for k, p in enumerate(replay.planned)]
    kept = store.keep(works)
    assert [k.id for k in kept] == [p.id for p in replay.planned]
    with store.read() as c:
        assert origins_of(c, [kept[0].id])[kept[0].id] == (Origin(parent=line[0].id, kind="replayed"),)
        again = plan_replay(c, kept[0].id, Alteration(dials={"age": -1.0}), read)
    assert len(again.planned) == 4
    assert all(o.kind != "replayed" or o.parent in {k.id for k in kept} for p in again.planned for o in p.origins)


def test_dials_colours_and_fields(store, line):
    with store.read() as c:
        change = Alteration(dials={"smile": -1.0}, palette=("#101010",), avoid="hats", fields={"size": 128})
        replay = plan_replay(c, line[0].id, change, read)
        for planned in replay.planned:
            reading = planned.recipe.reading
            assert (reading.dials["smile"], reading.palette, reading.avoid) == (-1.0, ("#101010",), "hats")
            assert planned.recipe.size == 128
        with pytest.raises(RecipeError, match="unknown fields"):
            plan_replay(c, line[0].id, Alteration(fields={"nonsense": 1}), read)
        with pytest.raises(InputError, match="same branch"):
            plan_replay(c, line[0].id, Alteration(), read)


def test_only_a_part_of_the_branch(store, line):
    with store.read() as c:
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk"), read, only=[line[2].id])
        assert [p.repeats for p in replay.planned] == [line[0].id, line[2].id]
    with store.write() as w:
        throw_away(w, [line[1].id])
    with store.read() as c:
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk"), read)
        assert [p.repeats for p in replay.planned] == [line[0].id, line[2].id, line[3].id]
        assert replay.planned[2].origins[0].parent == line[1].id


def test_hand_made_work_is_left_out(store, line):
    (mine,) = store.keep([Work(data=picture_file(9)[1], origins=(Origin(parent=line[0].id, kind="altered"),))])
    with store.read() as c:
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk"), read)
        assert replay.left_out == (mine.id,)
        with pytest.raises(InputError, match="by hand"):
            plan_replay(c, mine.id, Alteration(add="at dusk"), read)


def test_recipes_that_cite_recipes_cite_the_new_ones(store, line):
    seen = []

    def look(recipe):
        seen.append(dict(recipe))
        recipe.pop("cites", None)
        return recipe

    def citing(c, ids):
        """Recipes of a later version, which name their parents."""
        cites = {"cites": [line[0].recipe, line[0].id]}
        return {id: json.dumps(json.loads(text) | cites) for id, text in recipe_texts(c, ids).items()}

    with pytest.MonkeyPatch.context() as m, store.read() as c:
        m.setattr(module, "recipe_texts", citing)
        replay = plan_replay(c, line[0].id, Alteration(add="at dusk"), read, repair=look)
    first = replay.planned[0]
    assert seen[0]["cites"] == [line[0].recipe, line[0].id]
    assert all(recipe["cites"] == [first.recipe.id, first.id] for recipe in seen[1:])
