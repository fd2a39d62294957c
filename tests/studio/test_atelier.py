"""Portraits painted in media, through the studio."""

from dataclasses import replace

import numpy as np
import pytest

from limner.core.errors import Cancelled, InputError, RecipeError
from limner.core.picture import box_resize
from limner.core.progress import Cancel, Progress
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.core.settings import Settings
from limner.media.styles import styles
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine

SMALL = {"medium": "woodcut", "size": 96, "seed": 4}


@pytest.fixture
def easy() -> Studio:
    """A studio whose engine costs nothing."""
    return Studio(engine=FakeEngine())


def test_a_medium_paints_the_sitter_at_the_size(studio):
    (plain,), (cut,) = studio.paint("a young poet", seed=4), studio.paint("a young poet", **SMALL)
    assert cut.picture.shape == (96, 96, 3)
    assert np.array_equal(cut.plain, plain.picture)
    assert cut.dials == plain.dials
    assert cut.recipe.schema == 2
    assert cut.milliseconds > 0
    grey = box_resize(plain.picture, 96).mean(2).ravel()
    assert np.corrcoef(cut.picture.mean(2).ravel(), grey)[0, 1] > 0.4


def test_the_recipe_alone_paints_the_same_bytes(studio):
    (first,) = studio.paint("a young poet", settings={"gouge": 6}, **SMALL)
    again = studio.repaint(Recipe.parse(first.recipe.canonical()))
    assert again == first
    assert first.recipe.treatment.parameters["gouge"] == 6


def test_threads_do_not_change_a_painting():
    pictures = []
    for threads in ("1", "2"):
        with Studio(Settings({"threads": threads})) as studio:
            pictures.append(studio.paint("a king", medium="oil", size=160, seed=2)[0].picture)
    assert np.array_equal(*pictures)


def test_words_choose_the_medium(easy):
    def hand(words: str, **more):
        how = easy.plan(words, seed=1, **more)[0].treatment
        return (how.medium, how.style) if how else None

    assert hand("a king") is None
    assert hand("a charcoal drawing of a king") == ("charcoal", "")
    assert hand("a king, baroque, etching") == ("etching", "")
    assert hand("a king, baroque") == ("oil", "baroque")
    assert hand("a king, baroque", medium="none") is None
    assert hand("a king, baroque", medium="pixel") == ("pixel", "")
    assert hand("a king", style="Pop Art") == ("screen-print", "pop art")
    assert easy.plan("a king", seed=1, style="pop art")[0].reading.words == "a king, pop art"
    assert easy.plan("a king, pop art", seed=1, style="pop art")[0].reading.words == "a king, pop art"


def test_each_brief_of_a_template_gets_its_own_hand(easy):
    recipes = easy.plan("{baroque|pop art|plain} king", every=True, seed=1)
    assert [r.treatment.medium if r.treatment else None for r in recipes] == ["oil", "screen-print", None]
    assert [r.size for r in recipes] == [1024, 1024, 64]


def test_sizes(easy):
    assert easy.plan("x", medium="oil", seed=1)[0].size == 1024
    assert easy.plan("x", medium="oil", size=2048, seed=1)[0].size == 2048  # larger than the engine can deliver
    assert easy.plan("x", seed=1)[0].size == 64
    assert easy.plan("x", medium="none", seed=1)[0].treatment is None
    assert easy.plan("x", medium="none", size=256, seed=1)[0].treatment.medium == "none"


def test_every_style_has_a_hand_and_words(easy):
    assert len(styles()) >= 40
    for name, style in styles().items():
        treatment = easy.atelier.treatment("", manner=name)
        assert (treatment.medium, treatment.style) == (style.medium, name)
        words = easy.plan("", style=name, medium="none", seed=1)[0].reading
        assert words.style == name, f"the lexicon has no style {name}"


def test_settings_lie_over_the_style(easy):
    atelier = easy.atelier
    assert atelier.treatment("", manner="baroque").parameters["chiaroscuro"] == 0.75
    turned = atelier.treatment("", {"chiaroscuro": "0.1", "light.x": 0.9, "surface.kind": "panel"}, manner="baroque")
    assert (turned.parameters["chiaroscuro"], turned.light["x"], turned.surface["kind"]) == (0.1, 0.9, "panel")
    assert turned.parameters["palette"] == "old-masters"


def test_the_same_sitter_by_another_hand(easy):
    (recipe,) = easy.plan("a king, baroque", seed=1, settings={"impasto": 2})
    ink = easy.otherwise(recipe, medium="Ink wash")
    assert (ink.treatment.medium, ink.size, ink.seed) == ("ink-wash", 1024, 1)
    thin = easy.otherwise(recipe, settings={"impasto": 0.5})
    assert thin.treatment.parameters == {**recipe.treatment.parameters, "impasto": 0.5}
    assert thin.treatment.style == "baroque"
    assert easy.otherwise(recipe, size=2048) == replace(recipe, size=2048)
    assert easy.otherwise(recipe) is recipe
    assert easy.otherwise(recipe, medium="none").treatment is None
    (plain,) = easy.plan("a king", seed=1)
    cubist = easy.otherwise(plain, style="cubism").treatment
    assert (cubist.medium, [one.id for one in cubist.compositions]) == ("oil", ["cubist"])
    with pytest.raises(InputError, match="no medium"):
        easy.otherwise(plain, settings={"impasto": 1})


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"medium": "oyl"}, "oil"),
        ({"style": "barok"}, "baroque"),
        ({"medium": "oil", "settings": {"brsh": 1}}, "brush"),
        ({"medium": "oil", "settings": {"brush": 99}}, "0.5 to 2.5"),
        ({"medium": "oil", "settings": {"light.x": 4}}, r"light\.x"),
        ({"medium": "oil", "settings": {"surface.kind": "silk"}}, "linen"),
        ({"settings": {"brush": 1}}, "--medium"),
        ({"medium": "oil", "size": 5000}, "4096"),
    ],
)
def test_wrong_requests_fail_before_work(easy, request_, said):
    with pytest.raises(InputError, match=said):
        easy.plan("x", seed=1, **request_)
    assert easy.engine.painted == []


def test_a_treatment_of_another_limner_is_refused(easy):
    (recipe,) = easy.plan("x", medium="oil", seed=1)
    how = recipe.treatment
    for wrong in (
        replace(how, version=99),
        replace(how, medium="tempera"),
        replace(how, parameters={}),
        replace(how, parameters={**how.parameters, "brush": 99}),
        replace(how, landmarks="f" * 64),
    ):
        with pytest.raises(RecipeError):
            easy.repaint(replace(recipe, treatment=wrong))
    assert easy.engine.painted == []


def test_only_accepted_portraits_of_a_distinct_set_are_painted(studio):
    portraits = studio.paint("a king", n=3, distinct=True, **SMALL)
    assert {p.picture.shape for p in portraits} == {(96, 96, 3)}
    assert {p.recipe.treatment.medium for p in portraits} == {"woodcut"}


def test_progress_and_stopping():
    cancel, told = Cancel(), []
    studio = Studio(engine=FakeEngine())

    def listen(event: Progress) -> None:
        if event.stage == "painting":
            told.append(event.done)
            if event.done == 2:
                cancel.request()

    done = []
    with pytest.raises(Cancelled):
        done.extend(studio.paint_recipes(studio.plan("x", n=5, **SMALL), listen=listen, cancel=cancel))
    assert told == [1, 2]
    with pytest.raises(Cancelled):
        studio.render(np.zeros((40, 40, 3), np.uint8), medium="oil", size=64, cancel=cancel)


def test_any_picture_is_rendered(studio):
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (60, 90, 3), np.uint8)
    assert studio.render(picture, medium="oil", size=120).shape == (80, 120, 3)  # no face in it
    portrait = studio.paint("a king", seed=1)[0].picture
    first = studio.render(portrait, style="baroque", size=96)
    assert np.array_equal(first, studio.render(portrait, style="baroque", size=96))
    with pytest.raises(InputError, match="medium"):
        studio.render(picture)


def test_a_reading_that_names_an_unknown_medium_paints_plainly(easy):
    reading = Reading(words="x", medium="tempera", style="nobody's")
    assert easy.plan(reading=reading, seed=1)[0].treatment is None


def composed(studio: Studio, words: str = "a king", **more):
    how = studio.plan(words, seed=1, **more)[0].treatment
    return (how.medium, [one.id for one in how.compositions]) if how else None


def test_words_and_styles_choose_compositions(easy):
    assert composed(easy, "a dancer carved from alabaster, glowing veins") == ("none", ["carved"])
    (recipe,) = easy.plan("a dancer carved from alabaster, glowing veins", seed=1)
    parameters = recipe.treatment.compositions[0].parameters
    assert (parameters["stone"], parameters["veins"], recipe.size) == ("alabaster", 0.8, 1024)
    assert composed(easy, "a man whose head dissolves into birds, charcoal") == ("charcoal", ["dissolve"])
    assert composed(easy, "a poet, architecture that defies gravity behind him") == ("none", ["architecture"])
    assert composed(easy, style="benin bronze") == ("none", ["cast"])
    assert composed(easy, "a woman with a marble staircase behind her") is None
    assert composed(easy, "a queen with earrings made of jade") is None


def test_options_win_over_words(easy):
    words = "a man whose head dissolves into birds"
    assert composed(easy, words, compositions=["carved stone=jade"]) == ("none", ["carved"])
    assert composed(easy, words, compositions=["none"]) is None
    assert composed(easy, words, medium="none") is None  # the portrait itself
    assert composed(easy, words, medium="oil") == ("oil", ["dissolve"])
    assert composed(easy, compositions=["carved", "dissolve"], settings={"composition.veins": 0.3}) == (
        "none",
        ["carved", "dissolve"],
    )
    with pytest.raises(InputError, match="feathers"):
        easy.plan("x", seed=1, compositions=["dissolve"], settings={"composition.feathers": 1})


def test_a_composition_stays_with_the_sitter(easy):
    (recipe,) = easy.plan("a king", seed=1, compositions=["carved"])
    oil = easy.otherwise(recipe, medium="oil")
    assert [one.id for one in oil.treatment.compositions] == ["carved"]
    veined = easy.otherwise(oil, settings={"composition.veins": 0.7, "impasto": 2})
    assert veined.treatment.compositions[0].parameters["veins"] == 0.7
    assert veined.treatment.parameters["impasto"] == 2
    assert easy.otherwise(oil, compositions=["none"]).treatment.compositions == ()
    (plain,) = easy.plan("a king", seed=1)
    assert easy.otherwise(plain, compositions=["dissolve"]).size == 1024


def test_a_composed_portrait_paints_the_same_bytes_again(studio):
    (first,) = studio.paint("a young poet", seed=4, size=96, compositions=["carved", "dissolve into=petals"])
    (plain,) = studio.paint("a young poet", seed=4)
    assert first.picture.shape == (96, 96, 3)
    assert np.array_equal(first.plain, plain.picture)
    again = studio.repaint(Recipe.parse(first.recipe.canonical()))
    assert again == first
    assert np.abs(first.picture.astype(int) - box_resize(plain.picture, 96)).mean() > 10


def test_a_recipe_of_another_version_of_a_composition_is_refused(easy):
    (recipe,) = easy.plan("a king", seed=1, compositions=["carved"])
    old = replace(recipe.treatment.compositions[0], version=99)
    with pytest.raises(RecipeError, match="version 99"):
        easy.repaint(replace(recipe, treatment=replace(recipe.treatment, compositions=(old,))))
