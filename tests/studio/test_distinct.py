import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.core.progress import silent
from limner.studio.distinct import COLOURS, POSE, SCATTERED, THRESHOLD, Look, Scatter, distances, spread
from limner.studio.portrait import Examined, Portrait
from limner.studio.replacing import distinct_portraits
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


def test_scattered_settings_keep_away_from_each_other():
    scatter = Scatter({})
    taken = np.array([list(scatter.propose(k).values()) for k in range(40)])
    chance = np.random.default_rng(0).uniform(-0.96, 0.96, taken.shape)

    def nearest(points):
        away = np.linalg.norm(points[:, None] - points[None], axis=2)
        return (away + 9 * np.eye(len(points))).min(1).mean()

    assert scatter.open == SCATTERED
    assert nearest(taken) > 1.15 * nearest(chance)
    assert abs(taken).max() <= 1


def test_the_brief_is_not_scattered():
    scatter = Scatter({"hair_red": 0.4, "yaw": 0.0})
    assert set(scatter.propose(1)) == set(SCATTERED) - {"hair", "yaw"}
    assert Scatter(dict.fromkeys(SCATTERED, 0.0)).propose(1) == {}
    assert Scatter({}).propose(5) == Scatter({}).propose(5)


def test_scattered_settings_stand_in_the_recipe():
    fake = Studio(engine=FakeEngine())
    fake.__dict__["_examine"] = lambda picture: Examined(dials={}, look=_look(int(picture[0, 0, 0])))
    portraits = fake.paint("a smiling woman", n=4, seed=0, distinct=True)
    plain = fake.plan("a smiling woman", n=4, seed=0)
    for portrait, recipe in zip(portraits, plain, strict=True):
        settings = portrait.recipe.reading.dials
        assert set(SCATTERED) <= set(settings)
        assert {k: settings[k] for k in recipe.reading.dials} == dict(recipe.reading.dials)


def test_no_pair_comes_nearer_than_the_threshold(studio):
    portraits = studio.paint("a woman", n=12, seed=1, distinct=True)
    assert len(portraits) == 12
    told = studio.spread(portraits)
    assert told is not None
    assert told.nearest >= THRESHOLD


def test_a_brief_that_holds_one_face_only_says_so(studio):
    engine = FakeEngine(vary=False)
    fake = Studio(engine=engine)
    fake.__dict__["_examine"] = lambda picture: Examined(dials={}, look=_look(int(picture[0, 0, 0])))
    with pytest.raises(InputError, match="Only 1 of 3"):
        fake.paint("a", n=3, seed=0, distinct=True)


@pytest.mark.slow
def test_fifty_distinct(studio):
    portraits = studio.paint("", n=50, seed=5, distinct=True)
    told = studio.spread(portraits)
    assert len(portraits) == 50
    assert told is not None
    assert told.nearest >= THRESHOLD


def _unseen(*_):
    raise AssertionError("nobody looks at this portrait")


def test_portraits_say_how_many_near_duplicates_gave_way_to_them():
    def recipes(n):
        with Studio(engine=FakeEngine()) as studio:
            return studio.plan("a poet", n=n, seed=3)

    def look(portraits):  # all alike, but for the seeds that are multiples of three
        return [_look(p.recipe.seed if p.recipe.seed % 3 == 0 else 0) for p in portraits]

    def paint(batch):
        white = np.full((8, 8, 3), 255, np.uint8)
        return [
            Portrait(recipe=r, picture=white, plain=white, milliseconds=1.0, _examine=_unseen, _encode=_unseen)
            for r in batch
        ]

    found = list(distinct_portraits(recipes(4), paint, look, silent))
    assert [p.recipe.seed % 3 for p in found].count(0) >= 3
    assert len({p.recipe.seed for p in found}) == 4
    assert sum(p.replaced for p in found) > 0
    for portrait in found:  # a portrait of the first seeds gave way to nobody
        assert (portrait.replaced == 0) == (portrait.recipe.seed < 7)
