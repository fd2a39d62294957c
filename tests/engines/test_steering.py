"""Guidance as a weighted sum of requests."""

from dataclasses import replace

import numpy as np
import pytest

from limner.engines.eigen import steering
from limner.engines.eigen.steering import Guidance

PLAIN = Guidance(words=1, mimic={"": 1}, person=1, tone={"": 1}, mimic_from=2)
STRONG = Guidance(words=1.4, mimic={"": 8, "gaze_x": 12}, person=2.2, tone={"": 1.5}, mimic_from=2)
EVERYTHING = {"smile": 0.6, "age": 0.5, "hair": -0.4, "yaw": 0.1}
ASKED = {"smile": 0.6, "age": 0.5, "hair": -0.4}  # the yaw was drawn


def weights(guidance, asked=ASKED, text="words", avoided="", dials=EVERYTHING):
    return steering.weigh(text, avoided, dials, asked, guidance, 6)


@pytest.mark.parametrize("avoided", ["", "other words"])
@pytest.mark.parametrize("guidance", [PLAIN, STRONG])
def test_weights_sum_to_one(guidance, avoided):
    assert np.sum(list(weights(guidance, avoided=avoided).values()), axis=0) == pytest.approx(np.ones(6), abs=1e-5)


def test_guidance_of_one_is_one_request():
    (branch,) = weights(PLAIN)
    assert branch.text == "words"
    assert dict(branch.dials) == EVERYTHING


def test_a_brief_without_dials_is_two_requests():
    assert [b.text for b in weights(STRONG, asked={})] == ["words", ""]


def test_faces_from_noise_are_one_request():
    assert [b.text for b in weights(replace(STRONG, words=1.0), asked={}, text="")] == [""]


def test_every_kind_of_request_is_left_out_in_turn():
    seen = [set(dict(b.dials)) for b in weights(STRONG)]
    assert seen == [
        {"smile", "age", "hair", "yaw"},
        {"smile", "age", "hair", "yaw"},
        {"age", "hair", "yaw"},
        {"hair", "yaw"},
        {"yaw"},
    ]


def test_an_expression_leaves_the_first_coordinates_alone():
    found = weights(STRONG, asked={"smile": 0.6}, text="")
    smiling = found[steering.Branch("", tuple(sorted(EVERYTHING.items())))]
    assert smiling[:2] == pytest.approx([2.2, 2.2])
    assert smiling[2:] == pytest.approx([8, 8, 8, 8])


def test_an_extreme_expression_is_enlarged_less():
    mild = weights(STRONG, asked={"smile": 0.5}, dials={"smile": 0.5}, text="")
    wild = weights(STRONG, asked={"smile": 0.99}, dials={"smile": 0.99}, text="")
    assert next(iter(wild.values()))[-1] < next(iter(mild.values()))[-1]


def test_a_gaze_is_enlarged_more_than_a_smile():
    found = {
        d: next(iter(weights(STRONG, asked={d: 0.5}, dials={d: 0.5}, text="").values())) for d in ("smile", "gaze_x")
    }
    assert found["smile"][-1] == pytest.approx(8)
    assert found["gaze_x"][-1] == pytest.approx(12)


def test_two_expressions_share():
    both = {"smile": 0.5, "gaze_x": 0.5}
    assert next(iter(weights(STRONG, asked=both, dials=both, text="").values()))[-1] == pytest.approx(8 / 2**0.5)


def test_colours_share_their_guidance():
    one = weights(STRONG, asked={"hair": 0.3}, dials={"hair": 0.3}, text="")
    several = {"hair": 0.3, "hair_red": 0.1, "saturation": 0.2}
    three = weights(STRONG, asked=several, dials=several, text="")
    assert next(iter(one.values()))[0] == pytest.approx(1.5)
    assert next(iter(three.values()))[0] == pytest.approx(1 + 0.5 / 3)


def test_words_to_avoid_are_gone_against():
    found = weights(STRONG, avoided="dark")
    assert {b.text: float(w[-1]) for b, w in found.items() if b.text == "dark"} == {"dark": -1.0}


def test_a_plan_gives_each_portrait_its_own_sum():
    portraits = [weights(STRONG), weights(PLAIN), weights(STRONG, asked={"hair": -0.4}, avoided="dark")]
    plan = steering.plan(portraits)
    predictions = np.random.default_rng(0).standard_normal((len(plan.branches), 6)).astype(np.float32)
    mixed = plan.mix(predictions)
    for k, found in enumerate(portraits):
        rows = np.flatnonzero(plan.owner == k)
        assert plan.full[k] == rows[0]
        wanted = sum(w * predictions[r] for w, r in zip(found.values(), rows, strict=True))
        assert mixed[k] == pytest.approx(wanted, abs=1e-4)
