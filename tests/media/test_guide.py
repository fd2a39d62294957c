import numpy as np
import pytest

from limner.core.errors import InputError, PictureError
from limner.core.features import Features
from limner.media.guide import PLANNING, Guide


def test_planning_is_the_same_for_every_size(sitter, features):
    small = Guide.of(sitter[::2, ::2], features)
    assert small.shape == Guide.of(sitter, features).shape == (PLANNING, PLANNING)


def test_eyes_and_mouth_are_cared_for_most(guide):
    side = PLANNING

    def at(x, y):
        return float(guide.care[int(y * side), int(x * side)])

    assert at(0.40, 0.47) > at(0.5, 0.70) - 0.12 > at(0.5, 0.55) > at(0.5, 0.33) > at(0.03, 0.1)
    assert at(0.40, 0.47) > 0.9
    assert at(0.03, 0.1) < 0.2


def test_care_can_be_edited(guide):
    drawn = np.zeros((64, 64), np.float32)
    drawn[:, :32] = 1
    edited = guide.with_care(drawn)
    assert edited.care[:, 10].min() == 1
    assert edited.care[:, -10].max() == 0
    assert guide.care[5, 10] < 0.5
    with pytest.raises(InputError, match="care map"):
        guide.with_care(np.full((4, 4), np.nan, np.float32))


def test_without_features_the_middle_is_cared_for(sitter):
    care = Guide.of(sitter).care
    assert care[PLANNING // 2, PLANNING // 2] > care[5, 5]


def test_the_figure_is_found(guide):
    side = PLANNING
    assert guide.figure[side // 2, side // 2] > 0.95
    assert guide.figure[int(0.14 * side), side // 2] > 0.5  # hair
    assert guide.figure[int(0.1 * side), int(0.05 * side)] < 0.1
    assert guide.hair[int(0.14 * side), side // 2] > 0.5
    assert guide.hair[side // 2, side // 2] < 0.05


def test_flow_runs_along_the_features(guide):
    side = PLANNING
    flow = guide.flow
    assert np.allclose(flow.x**2 + flow.y**2, 1, atol=1e-3)
    assert abs(flow.x[int(0.70 * side), side // 2]) > 0.9  # along the lips
    assert abs(flow.y[int(0.58 * side), side // 2]) > 0.7  # down the nose


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.full((8, 8, 3), np.nan), "64 pixels that are not finite"),
        (np.zeros((8, 8, 2)), r"\(8, 8, 2\)"),
        (np.zeros((0, 8, 3)), "no picture"),
        (np.zeros((8, 80, 3)), "sides differ"),
        (np.zeros((8, 8, 3), np.int32), "int32"),
        (np.full((8, 8, 3), 255.0), "Divide"),
        (np.zeros((20_000, 20_000), np.bool_), "16384"),
    ],
)
def test_what_is_no_picture_is_refused(picture, words):
    with pytest.raises(PictureError, match=words):
        Guide.of(picture)


def test_forms_of_one_picture_are_one_picture(sitter):
    wanted = Guide.of(sitter).colour
    assert np.array_equal(Guide.of(np.dstack([sitter, np.full((256, 256), 255, np.uint8)])).colour, wanted)
    assert np.allclose(Guide.of(sitter.astype(np.uint16) * 257).colour, wanted, atol=1e-6)
    assert np.allclose(Guide.of(sitter / 255.0).colour, wanted, atol=1e-6)
    grey = sitter[..., 0]
    assert np.array_equal(Guide.of(grey).colour, Guide.of(np.dstack([grey] * 3)).colour)


def test_transparent_is_white():
    clear = np.zeros((16, 16, 4), np.uint8)
    assert Guide.of(clear).colour.min() > 0.999


def test_features_are_polygons(features):
    with pytest.raises(InputError, match="lips"):
        Features(**{**features.outlines(), "lips": np.zeros((2, 2), np.float32)})
    with pytest.raises(InputError, match="nose"):
        Features(**{**features.outlines(), "nose": np.full((4, 2), np.inf, np.float32)})
    moved = features.moved((0.1, 0.0), 0.5)
    assert np.allclose(moved.lips, features.lips * 0.5 + [0.1, 0], atol=1e-6)
