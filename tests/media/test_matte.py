"""Cut-outs are measured against heads whose matte is known."""

import time

import numpy as np
import pytest
from hairy import head

from limner.core.errors import Cancelled
from limner.core.progress import Cancel
from limner.media.cutout import cut_out, taken_apart
from limner.media.figure import figure_of
from limner.media.hands import Hands
from limner.media.matte import matte_of, trimap_of

DARK_ON_LIGHT = {"hair": (0.12, 0.09, 0.07), "ground": (0.75, 0.72, 0.65)}
FAIR_ON_DARK = {"hair": (0.85, 0.70, 0.40), "ground": (0.10, 0.12, 0.20)}
BROWN_ON_BROWN = {"hair": (0.30, 0.20, 0.12), "ground": (0.50, 0.47, 0.42)}
MAGENTA = np.array([1, 0, 1], np.float32)


def sad(alpha, truth):
    """Sum of absolute differences, as a share of the truth's own sum."""
    return float(np.abs(alpha - truth).sum() / truth.sum())


@pytest.mark.parametrize("colours", [DARK_ON_LIGHT, FAIR_ON_DARK, BROWN_ON_BROWN])
def test_single_hairs_come_out_far_better_than_by_the_figure(colours):
    truth = head(768, 1, **colours)
    naive = figure_of(truth.picture.astype(np.float32) / 255, truth.features)
    matte = matte_of(truth.picture, truth.features, Hands())
    assert matte.alpha.dtype == np.float32
    assert matte.alpha.min() >= 0
    assert matte.alpha.max() <= 1
    assert sad(matte.alpha, truth.alpha) < 0.45 * sad(naive, truth.alpha)
    wrong, naive_wrong = ((matte.alpha - truth.alpha) ** 2).mean(), ((naive - truth.alpha) ** 2).mean()
    assert wrong < 0.2 * naive_wrong


def test_a_cut_out_carries_no_fringe_of_its_background():
    truth = head(768, 2, **FAIR_ON_DARK)
    matte = matte_of(truth.picture, truth.features, Hands())
    parts = taken_apart(truth.picture, matte, Hands())
    share = truth.alpha[..., None]
    wanted = share * truth.front + (1 - share) * MAGENTA
    alpha = parts.sitter[..., 3:] / 255
    got = alpha * parts.sitter[..., :3] / 255 + (1 - alpha) * MAGENTA
    with_fringe = alpha * truth.picture / 255 + (1 - alpha) * MAGENTA
    edge = (truth.alpha > 0.1) & (truth.alpha < 0.9)
    assert np.abs(got - wanted)[edge].mean() < 0.75 * np.abs(with_fringe - wanted)[edge].mean()


def test_sitter_over_background_is_the_picture_again():
    truth = head(768, 3, **DARK_ON_LIGHT)
    parts = cut_out(truth.picture, truth.features, Hands())
    alpha = parts.sitter[..., 3:] / 255
    again = alpha * parts.sitter[..., :3] + (1 - alpha) * parts.background
    wrong = np.abs(again - truth.picture)
    assert wrong.mean() < 0.5
    assert np.quantile(wrong, 0.999) < 4


def test_the_background_goes_on_behind_the_sitter():
    truth = head(512, 4, **FAIR_ON_DARK)
    parts = cut_out(truth.picture, truth.features, Hands())
    behind = truth.alpha == 1
    lost = np.abs(truth.picture[behind] / 255 - truth.back[behind]).mean()
    assert np.abs(parts.background[behind] / 255 - truth.back[behind]).mean() < 0.15 * lost


def test_any_number_of_threads_gives_the_same_bytes():
    truth = head(700, 5, **BROWN_ON_BROWN)
    one = cut_out(truth.picture, truth.features, Hands(threads=1))
    three = cut_out(truth.picture, truth.features, Hands(threads=3))
    assert np.array_equal(one.sitter, three.sitter)
    assert np.array_equal(one.background, three.background)


def test_nothing_in_the_face_is_in_question_and_no_hole_is_left_in_it():
    truth = head(256, 6, **DARK_ON_LIGHT)
    belief = np.zeros((256, 256), np.float32)
    belief[40:, 60:200] = 1
    belief[120:130, 120:135] = 0  # a hole on the nose
    trimap = trimap_of(belief, truth.features)
    assert (trimap[110:160, 105:150] == 2).all()
    assert trimap[5, 5] == 0
    assert (trimap == 1).any()


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (64, 40)])
def test_odd_shapes_and_no_face(shape):
    picture = np.random.default_rng(0).integers(0, 255, (*shape, 3)).astype(np.uint8)
    parts = cut_out(picture, None, Hands(threads=1))
    assert parts.sitter.shape == (*shape, 4)
    assert parts.background.shape == (*shape, 3)


def test_it_stops_when_asked():
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        matte_of(np.zeros((64, 64, 3), np.uint8), None, Hands(cancel=cancel))


@pytest.mark.slow
def test_a_print_is_cut_out_in_seconds():
    truth = head(4096, 7, **DARK_ON_LIGHT)
    cut_out(truth.picture[:64, :64], None, Hands())  # compiles
    began = time.process_time()
    parts = cut_out(truth.picture, truth.features, Hands())
    assert time.process_time() - began < 24  # of all cores together: 12 s on two
    assert sad(parts.sitter[..., 3] / 255, truth.alpha) < 0.05
