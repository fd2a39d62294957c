import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.dials import dial_table
from limner.core.errors import LimnerError, RecipeError
from limner.core.reading import Reading, Understood, pack_vector, unpack_vector
from limner.core.recipe import Recipe
from limner.core.rng import MAX_SEED
from limner.core.treatment import Composed, Treatment

readings = st.builds(
    Reading,
    words=st.text(max_size=40).filter(lambda t: "\x00" not in t and t.isprintable()),
    dials=st.dictionaries(st.sampled_from(dial_table().names), st.floats(-1, 1).map(lambda v: round(v, 3)), max_size=5),
    palette=st.lists(st.sampled_from(["#1b2a41", "#ffffff"]), max_size=2).map(tuple),
    understood=st.lists(
        st.builds(Understood, words=st.just("red hair"), term=st.just("red hair"), dials=st.just({"hair": 0.5})),
        max_size=2,
    ).map(tuple),
)
values = st.dictionaries(
    st.sampled_from(["brush", "palette", "grain"]), st.sampled_from(["zorn", 1, 0.25, -0.5]), max_size=3
)
treatments = st.builds(
    Treatment,
    medium=st.sampled_from(["oil", "ink-wash"]),
    version=st.integers(1, 9),
    style=st.sampled_from(["", "baroque"]),
    parameters=values,
    surface=values,
    light=values,
)
recipes = st.builds(
    Recipe,
    treatment=st.none() | treatments,
    engine=st.just("eigen.portraits"),
    weights=st.just("0" * 64),
    reading=readings,
    seed=st.integers(0, MAX_SEED),
    guidance=st.floats(1, 8),
    variety=st.floats(0.2, 1.5),
    size=st.integers(64, 4096),
    limner=st.just("0.1.0"),
)


@given(recipes)
def test_json_round_trip(recipe):
    again = Recipe.parse(json.dumps(recipe.to_json()))
    assert again == recipe
    assert again.id == recipe.id


@given(recipes)
def test_canonical_form_is_stable(recipe):
    assert Recipe.parse(recipe.canonical()).canonical() == recipe.canonical()


def test_the_id_is_pinned():
    # a change of this value renames every picture ever painted: raise the schema instead
    recipe = Recipe(engine="eigen.portraits", weights="0" * 64, seed=7, limner="0.1.0")
    assert recipe.id == "cdd2eaebb8cb65f2ff54ebc87d592911e37842b4562bde8c0febf638245b02ac"


def test_the_id_of_a_treated_recipe_is_pinned():
    treatment = Treatment(medium="oil", parameters={"brush": 1.0}, surface={"kind": "linen"}, light={"x": -0.5})
    recipe = Recipe(engine="eigen.portraits", weights="0" * 64, seed=7, limner="0.1.0", treatment=treatment)
    assert recipe.schema == 2
    assert recipe.id == "afc8c244094613cf792f46f210c95b108cc8cab9ac01a27c241eac0e75e3ad4a"


def test_a_recipe_is_written_in_the_oldest_form_that_holds_it():
    plain = Recipe(engine="e", weights="w")
    assert plain.to_json()["schema"] == 1
    assert "treatment" not in plain.to_json()
    treated = Recipe(engine="e", weights="w", treatment=Treatment(medium="oil")).to_json()
    assert treated["schema"] == 2
    with pytest.raises(RecipeError, match="treatment"):
        Recipe.from_json(treated | {"schema": 1})
    with pytest.raises(RecipeError, match="form 3"):
        Recipe.from_json(treated | {"schema": 3})


@pytest.mark.parametrize(
    "change",
    [
        {"medium": 5}, {"version": 0}, {"version": True}, {"style": None}, {"parameters": []}, {"light": {"x": [1]}},
        {"light": {"x": float("nan")}}, {"surface": {"relief": True}}, {"unknown": 1},
    ],
)  # fmt: skip
def test_bad_treatments_are_named(change):
    with pytest.raises(RecipeError):
        Treatment.from_json(Treatment(medium="oil").to_json() | change)
    with pytest.raises(RecipeError):
        Treatment.from_json(["oil"])


def test_everything_changes_the_id():
    base = Recipe(engine="e", weights="w", seed=1)
    others = [
        Recipe(engine="f", weights="w", seed=1),
        Recipe(engine="e", weights="x", seed=1),
        base.with_seed(2),
        Recipe(engine="e", weights="w", seed=1, size=128),
        Recipe(engine="e", weights="w", seed=1, guidance=3),
        Recipe(engine="e", weights="w", seed=1, reading=Reading(words="x")),
        Recipe(engine="e", weights="w", seed=1, treatment=Treatment(medium="oil")),
        Recipe(engine="e", weights="w", seed=1, treatment=Treatment(medium="oil", parameters={"brush": 2.0})),
    ]
    assert len({r.id for r in [base, *others]}) == len(others) + 1


@pytest.mark.parametrize(
    "change",
    [
        {"seed": -1}, {"seed": 2**60}, {"seed": True}, {"seed": "7"}, {"size": 0}, {"size": 1e3}, {"guidance": 0},
        {"guidance": float("nan")}, {"variety": 9}, {"schema": 2}, {"unknown": 1}, {"engine": 5}, {"reading": {}},
        {"reading": None},
    ],
)  # fmt: skip
def test_bad_values_are_named(change):
    data = Recipe(engine="e", weights="w").to_json() | change
    with pytest.raises(LimnerError) as error:
        Recipe.from_json(data)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "{}", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_recipe_is_refused(text):
    with pytest.raises(RecipeError):
        Recipe.parse(text)


def test_vectors_survive_packing():
    vector = np.linspace(-3, 3, 256).astype(np.float16).astype(np.float32)
    assert (unpack_vector(pack_vector(vector)) == vector).all()
    with pytest.raises(RecipeError):
        unpack_vector("not base64!")


def test_compositions_are_kept_and_only_they_need_form_3():
    plain = Treatment(medium="none")
    carved = replace(plain, compositions=(Composed(id="carved", parameters={"veins": 0.5}), Composed(id="dissolve")))
    recipe = Recipe(engine="e", weights="w", treatment=carved)
    assert (recipe.schema, replace(recipe, treatment=plain).schema, replace(recipe, treatment=None).schema) == (3, 2, 1)
    assert Recipe.parse(recipe.canonical()) == recipe
    assert "compositions" not in replace(recipe, treatment=plain).to_json()["treatment"]
    asked = Recipe(engine="e", weights="w", reading=Reading(compositions=("carved stone=jade",)))
    assert asked.schema == 3
    assert Recipe.parse(asked.canonical()).reading.compositions == ("carved stone=jade",)
    assert "compositions" not in Reading().to_json()


@pytest.mark.parametrize(
    "wrong",
    [
        "carved",
        [{"id": "carved"}],
        [{"id": 3, "version": 1, "parameters": {}}],
        [{"id": "carved", "version": 0, "parameters": {}}],
        [{"id": "carved", "version": 1, "parameters": {"veins": [1]}}],
        ["carved"],
    ],
)
def test_wrong_compositions_are_refused(wrong):
    with pytest.raises(RecipeError):
        Treatment.from_json(Treatment(medium="none").to_json() | {"compositions": wrong})


def test_a_recipe_that_says_another_form_is_refused():
    data = Recipe(engine="e", weights="w", treatment=Treatment(medium="oil")).to_json()
    with pytest.raises(RecipeError, match="form 3"):
        Recipe.from_json(data | {"schema": 3})
