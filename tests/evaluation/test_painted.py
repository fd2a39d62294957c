"""Colours, scales and moods on pictures: small runs with the shipped weights."""

import pytest

from limner.core.errors import InputError
from limner.evaluation.binding import Swap, evaluate_binding
from limner.evaluation.gradation import Scale, evaluate_gradations
from limner.evaluation.moods import evaluate_moods
from limner.evaluation.suite import Suite


@pytest.fixture
def suite(studio):
    return Suite(studio=studio)


def test_colours_are_judged_on_both_briefs_of_a_pair(studio, suite):
    swap = Swap(one="white hair, blue background", other="blue hair, white background")
    report = evaluate_binding(studio, suite.judge, [swap], seeds=1)
    assert set(report.by_part) == {"hair", "background"}
    assert report.overall == sum(report.by_part.values()) / 2
    assert report.by_part["background"] == 1
    with pytest.raises(InputError, match="same two parts"):
        evaluate_binding(studio, suite.judge, [Swap(one="red hair", other="red eyes")], seeds=1)


def test_scales_are_judged_in_their_order(studio, suite):
    words = ("jet black hair", "snow-white hair")
    up, down = evaluate_gradations(
        studio, suite.judge, [Scale(dial="hair", words=words), Scale(dial="hair", words=words[::-1])], seeds=1
    )
    assert (up.of_means, down.of_means) == (1, -1)
    assert up.means == down.means[::-1]
    assert up.means[0] < 0 < up.means[1]


def test_moods_far_apart_are_told_apart(studio, suite):
    report = evaluate_moods(studio, suite.judge, ["laughing", "grief-stricken"], seeds=4, folds=2)
    assert report.top[1] >= 0.75
    with pytest.raises(InputError, match="1 portrait"):
        evaluate_moods(studio, suite.judge, ["sad", "glad"], seeds=1)
