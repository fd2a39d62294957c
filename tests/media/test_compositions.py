"""Compositions: laws that hold for all of them, and what each promises."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.core.errors import InputError, RecipeError
from limner.core.treatment import Composed
from limner.media.compositions.asked import composed, kit_of
from limner.media.compositions.backdrop import plate
from limner.media.compositions.lighting import direction_of, lit
from limner.media.compositions.scene import Scene
from limner.media.compositions.shipped import composition, compositions
from limner.media.compositions.solid import solid
from limner.media.compositions.sprites import KINDS, sprite
from limner.media.hands import Hands

SIDE = 192
ALL = tuple(compositions())


def made(id: str, scene: Scene, seed: int = 7, threads: int = 2, **turned: object) -> np.ndarray:
    one = composition(id)
    return one.picture(scene, one.parameters.of(turned), seed, Hands(threads=threads))


@pytest.fixture(scope="module")
def scene(sitter, features) -> Scene:
    return Scene.of(sitter, features, side=SIDE)


@pytest.mark.parametrize("id", ALL)
def test_a_composition_is_a_picture_and_changes_something(scene, id):
    picture = made(id, scene)
    assert picture.shape == scene.picture.shape
    assert picture.dtype == np.float32
    assert np.isfinite(picture).all()
    assert 0 <= picture.min() <= picture.max() <= 1
    assert np.abs(picture - scene.picture).mean() > 0.01


@pytest.mark.parametrize("id", ALL)
def test_the_same_bytes_on_any_number_of_threads(sitter, features, id):
    first, second = (made(id, Scene.of(sitter, features, side=SIDE), threads=n) for n in (1, 3))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("id", ALL)
def test_the_same_composition_at_every_size(sitter, features, id):
    large, small = (made(id, Scene.of(sitter, features, side=side)) for side in (512, 256))
    shrunk = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    a, b = (cv2.GaussianBlur(p, (0, 0), 3).ravel() for p in (shrunk, small))
    assert np.corrcoef(a, b)[0, 1] > 0.93


def _extremes(id: str) -> list[dict[str, object]]:
    cases: list[dict[str, object]] = [{}, {}]
    for parameter in composition(id).parameters.parameters():
        if parameter.kind in ("number", "whole"):
            cases[0][parameter.name], cases[1][parameter.name] = parameter.low, parameter.high
        if parameter.kind == "choice":
            cases += [{parameter.name: value} for value in parameter.choices]
    return cases


@pytest.mark.parametrize(("id", "turned"), [(id, case) for id in ALL for case in _extremes(id)], ids=str)
def test_every_setting_gives_a_picture(scene, id, turned):
    assert np.isfinite(made(id, scene, **turned)).all()


@pytest.mark.parametrize("id", ALL)
@settings(max_examples=12, deadline=None)
@given(
    high=st.integers(2, 40),
    wide=st.integers(2, 40),
    level=st.integers(0, 255),
    noise=st.booleans(),
    seed=st.integers(0, 2**53 - 1),
)
def test_any_picture_without_a_face_gives_a_picture(id, high, wide, level, noise, seed):
    if max(high, wide) > 6 * min(high, wide):
        wide = high
    picture = np.full((high, wide, 3), level, np.uint8)
    if noise:
        picture ^= np.random.default_rng(seed).integers(0, 255, picture.shape).astype(np.uint8)
    scene = Scene.of(picture, None, side=64)
    assert np.isfinite(made(id, scene, seed=seed)).all()


@pytest.mark.parametrize("id", ALL)
@settings(max_examples=10, deadline=None)
@given(scale=st.floats(0.0, 2.5), x=st.floats(-1.5, 1.5), y=st.floats(-1.5, 1.5))
def test_faces_of_any_size_anywhere_give_a_picture(sitter, features, id, scale, x, y):
    scene = Scene.of(sitter, features.moved((x, y), scale), side=96)
    assert np.isfinite(made(id, scene)).all()


@pytest.mark.parametrize("id", ["carved", "cast"])
def test_light_comes_from_where_it_is_asked_for(scene, id):
    left, right = (made(id, scene, light_x=x, light_y=0.2) for x in (-0.9, 0.9))
    change = (right - left).mean(2)
    slope = scene.relief.normals[..., 0]
    inside = scene.face > 0.9
    assert np.corrcoef(change[inside], slope[inside])[0, 1] > 0.5


def test_the_relief_is_that_of_a_face(scene, features):
    form = scene.relief.form

    def at(place: np.ndarray) -> float:
        return float(form[round(float(place[1]) * SIDE), round(float(place[0]) * SIDE)])

    tip = features.nose.mean(0) + np.array([0, 0.04])
    assert at(tip) > at(features.left_eye.mean(0)) + 0.02
    assert at(features.lips.mean(0)) > at(features.face[0]) + 0.02
    assert at(tip) > form[4, 4] + 0.1


def test_a_lit_slope_faces_the_light():
    height = np.tile(np.linspace(0, 0.5, 64, dtype=np.float32), (64, 1))  # rises to the right, faces the left
    from limner.media.compositions.relief import normals_of

    normals = normals_of(height)
    keys = [lit(height, normals, direction_of(x, 0), wrap=0, gloss=10, shadows=0).key.mean() for x in (-0.9, 0.9)]
    assert keys[0] > 2 * keys[1]


def test_glowing_veins_add_light_of_their_colour(scene):
    dark, glowing = (made("carved", scene, stone="basalt", veins=v, glow="#ff3000") for v in (0.0, 1.0))
    gain = (glowing - dark)[scene.face > 0.5]
    assert gain[:, 0].max() > 0.4
    assert np.quantile(gain[:, 0], 0.97) > 0.1
    assert gain[:, 0].clip(0).sum() > 2 * gain[:, 2].clip(0).sum()


def test_a_dissolving_head_keeps_its_face_and_loses_one_side(scene):
    gone = np.abs(made("dissolve", scene, towards=0.0, amount=0.5) - scene.picture).max(2) > 0.1
    x, _ = scene.places()
    figure = scene.figure > 0.8
    assert gone[figure & (x > 0.70)].mean() > 0.5
    assert gone[figure & (x < 0.45)].mean() < 0.05


def test_more_of_a_head_goes_with_the_amount(scene):
    changed = [
        float((np.abs(made("dissolve", scene, amount=a) - scene.picture).max(2) > 0.1).mean()) for a in (0.2, 0.5, 0.9)
    ]
    assert changed[0] < changed[1] < changed[2]


def test_architecture_leaves_the_face_alone(scene):
    change = np.abs(made("architecture", scene) - scene.picture).max(2)
    assert change[scene.face > 0.95].max() < 0.15
    assert change[:20, :20].mean() > 0.05


def test_the_plate_keeps_the_ground_and_knows_nothing_of_the_sitter(scene):
    ground = plate(scene.picture, scene.figure)
    assert np.abs(ground[2:10, 2:10] - scene.picture[2:10, 2:10]).max() < 0.05
    assert np.abs(ground[SIDE // 2, SIDE // 2] - scene.picture[4, 4]).max() < 0.15


@pytest.mark.parametrize("kind", KINDS)
def test_sprites_are_shapes_of_their_size(kind):
    for pose in (0.0, 0.5, 1.0):
        parts = sprite(kind, pose, np.linspace(0.05, 0.95, 8, dtype=np.float32))
        assert parts
        for part in parts:
            assert np.isfinite(part.points).all()
            assert 0 < np.ptp(part.points, 0).max() < 3


def test_noise_in_space_is_smooth_and_of_its_seed():
    x = np.linspace(0, 1, 4000, dtype=np.float32)
    line = solid(3, "t", x, 0 * x, 0 * x + 0.3, 5.0)
    assert np.abs(np.diff(line)).max() < 0.01
    assert line.std() > 0.1
    assert not np.array_equal(line, solid(4, "t", x, 0 * x, 0 * x + 0.3, 5.0))


def test_what_is_asked_for_is_merged_and_turned():
    first, second = composed(("carved stone=jade", "carved veins=0.4", "dissolve into=petals"), {"amount": "0.3"})
    assert (first.id, first.parameters["stone"], first.parameters["veins"]) == ("carved", "jade", 0.4)
    assert (second.parameters["into"], second.parameters["amount"]) == ("petals", 0.3)
    assert composed((first, "carved veins=0.9"), {})[0].parameters["veins"] == 0.9
    assert composed(("none",), {}) == ()
    assert kit_of(first)[1].to_json() == first.parameters


@pytest.mark.parametrize(
    ("asked", "turned", "said"),
    [
        (("carvd",), {}, "carved"),
        (("carved stone=cheese",), {}, "alabaster"),
        (("carved",), {"amount": 1}, "No composition has a setting 'amount'"),
        ((), {"veins": 1}, "none is asked for"),
        (("carved veins=0.2 stone",), {}, "not of the form"),
        (("none", "carved"), {}, "several"),
    ],
)
def test_wrong_requests_say_what_is_allowed(asked, turned, said):
    with pytest.raises(InputError) as caught:
        composed(asked, turned)
    assert said in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (Composed(id="melted"), "not here"),
        (Composed(id="carved", version=99), "version 99"),
        (Composed(id="carved", parameters={"stone": "jade"}), "missing"),
    ],
)
def test_recipes_of_other_limners_are_refused(kept, said):
    with pytest.raises(RecipeError, match=said):
        kit_of(kept)


def test_another_compositions_parameters_are_refused(scene):
    with pytest.raises(InputError, match="Carved"):
        composition("carved").picture(scene, composition("cast").parameters(), 1, Hands())


def test_the_next_composition_knows_the_first_figure(scene):
    second = scene.composed(made("carved", scene))
    assert second.figure is scene.figure
    assert second.relief is scene.relief
    assert np.isfinite(made("dissolve", second)).all()
