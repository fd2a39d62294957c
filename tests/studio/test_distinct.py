import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.studio.distinct import COLOURS, POSE, THRESHOLD, Look, distances, spread
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


def _look(seed: int) -> Look:
    rng = np.random.default_rng(seed)
    v = rng.normal(size=64).astype(np.float32)
    return Look(
        identity=v / np.linalg.norm(v),
        pose=rng.uniform(-1, 1, len(POSE)).astype(np.float32),
        colour=rng.normal(size=len(COLOURS)).astype(np.float32) * 20,
    )


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_distance_is_a_distance(a, b):
    one, two = _look(a), _look(b)
    assert distances(one, [one])[0] == pytest.approx(0, abs=1e-3)
    assert distances(one, [two])[0] == pytest.approx(distances(two, [one])[0], abs=1e-5)
    assert distances(one, []).shape == (0,)


def test_spread_names_the_nearest_pair():
    looks = [_look(k) for k in range(5)]
    told = spread([*looks, looks[2]])
    assert told is not None
    assert told.nearest == pytest.approx(0, abs=1e-3)
    assert told.mean > told.nearest
    assert "nearest pair" in str(told)
    assert spread(looks[:1]) is None


def test_no_pair_comes_nearer_than_the_threshold(studio):
    portraits = studio.paint("a woman", n=12, seed=1, distinct=True)
    assert len(portraits) == 12
    told = studio.spread(portraits)
    assert told is not None
    assert told.nearest >= THRESHOLD


def test_a_brief_that_holds_one_face_only_says_so(studio):
    engine = FakeEngine(vary=False)
    fake = Studio(engine=engine)
    fake.__dict__["look"] = lambda picture: _look(int(picture[0, 0, 0]))
    with pytest.raises(InputError, match="Only 1 of 3"):
        fake.paint("a", n=3, seed=0, distinct=True)


@pytest.mark.slow
def test_two_hundred_distinct(studio):
    portraits = studio.paint("", n=200, seed=5, distinct=True)
    told = studio.spread(portraits)
    assert len(portraits) == 200
    assert told is not None
    assert told.nearest >= THRESHOLD
