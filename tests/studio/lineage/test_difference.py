from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from studio_world import picture_file

from limner.core.reading import Reading
from limner.studio.lineage.difference import differences, in_words


def recipe(**changes):
    base = picture_file(1)[0]
    reading = {k: changes.pop(k) for k in list(changes) if k in Reading.__dataclass_fields__}
    return replace(base, reading=replace(base.reading, **reading), **changes).to_json()


def said(before, after):
    return in_words(differences(before, after))


def test_nothing_changed():
    assert said(recipe(), recipe()) == "nothing"


def test_words_that_came_and_went():
    before, after = recipe(words="a smiling poet by day"), recipe(words="a poet by day, at dusk")
    assert said(before, after) == '+ "day, at dusk" \u2212 "smiling ... day"'
    assert said(recipe(words="a poet"), recipe(words="a poet at dusk")) == '+ "at dusk"'
    assert said(recipe(avoid=""), recipe(avoid="hats")) == 'avoids + "hats"'


def test_dials_say_where_they_turn():
    before = recipe(dials={"smile": -0.2, "age": 0.5, "yaw": 0.1})
    after = recipe(dials={"smile": 0.7, "age": 0.5, "light_x": -0.8})
    assert said(before, after) == (
        "smile -0.20 \u2192 +0.70 (broad smile); light_x unset \u2192 -0.80 (light from the viewer's left); "
        "yaw no longer set"
    )


def test_numbers_and_palettes():
    before = recipe(seed=1, guidance=2.0, variety=1.0, size=256, palette=("#111111", "#222222"))
    after = recipe(seed=2, guidance=3.0, variety=0.5, size=512, palette=("#222222", "#333333"))
    text = said(before, after)
    assert "palette + #333333 \u2212 #111111" in text
    assert "another seed (1 \u2192 2)" in text
    assert "follows the brief more closely (guidance 2 \u2192 3)" in text
    assert "and 1 more" in text
    assert said(recipe(palette=("#111111", "#222222")), recipe(palette=("#222222", "#111111"))) == (
        "palette in another order"
    )


def test_engines_media_and_what_later_versions_add():
    assert said(recipe(medium="oil"), recipe(medium="ink")) == "medium oil \u2192 ink"
    later = recipe() | {"medium": {"id": "oil", "brush": 3}}
    latest = recipe() | {"medium": {"id": "oil", "brush": 5, "canvas": "linen"}}
    assert said(later, latest) == "medium.brush 3 \u2192 5; medium.canvas none \u2192 linen"
    assert said(recipe(weights="0" * 64), recipe(weights="1" * 64)).startswith("weights 000000000000\u2026 \u2192")
    assert said(recipe(text="AAAA"), recipe(text="BBBB")) == "the same words, read by another text encoder"
    assert said(recipe(limner="0.1"), recipe(limner="0.2")) == "painted by Limner 0.2 instead of 0.1"


settings_ = st.dictionaries(st.sampled_from(["smile", "age", "yaw", "hair"]), st.floats(-1, 1), max_size=4)


@given(settings_, settings_, st.integers(0, 3), st.integers(0, 3))
def test_differences_are_named_both_ways(old, new, seed, other):
    before, after = recipe(dials=old, seed=seed), recipe(dials=new, seed=other)
    there, back = differences(before, after), differences(after, before)
    assert {d.field for d in there} == {d.field for d in back}
    assert {(d.field, str(d.before)) for d in there} == {(d.field, str(d.after)) for d in back}
    assert differences(before, before) == []
