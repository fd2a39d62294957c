import numpy as np
import pytest

from limner.core.dials import dial_table
from limner.core.rng import gaussian
from limner.engines.eigen.habits import Habits

NAMES = ("yaw", "smile", "mouth_open")
TABLE = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.8], [0.0, 0.8, 1.0]]


@pytest.fixture
def habits():
    return Habits(NAMES, TABLE)


def draws(habits: Habits, settings: dict[str, float], name: str) -> np.ndarray:
    return np.array([habits.fill(settings, NAMES, gaussian(k, "habits", (3,)))[name] for k in range(400)])


def test_what_is_set_stays(habits):
    filled = habits.fill({"smile": 0.5}, NAMES, gaussian(1, "habits", (3,)))
    assert filled["smile"] == 0.5
    assert set(filled) == set(NAMES)


def test_only_open_dials_are_drawn(habits):
    assert set(habits.fill({"smile": 0.5}, {"yaw"}, gaussian(1, "habits", (3,)))) == {"smile", "yaw"}
    assert habits.fill({"yaw": 0.1}, {"yaw"}, gaussian(1, "habits", (3,))) == {"yaw": 0.1}


def test_draws_follow_what_hangs_together(habits):
    assert draws(habits, {"smile": 0.9}, "mouth_open").mean() > 0.5
    assert draws(habits, {"smile": -0.9}, "mouth_open").mean() < -0.5
    assert abs(draws(habits, {"smile": 0.9}, "yaw").mean()) < 0.1


def test_draws_without_settings_are_spread_like_the_portraits(habits):
    drawn = draws(habits, {}, "yaw")
    assert abs(drawn.mean()) < 0.1
    assert 0.5 < drawn.std() < 0.65  # uniform on -1..1 has 0.577
    assert (np.abs(drawn) < 1).all()


def test_setting_one_dial_leaves_the_draws_of_others(habits):
    noise = gaussian(7, "habits", (3,))
    assert habits.fill({"smile": 0.9}, NAMES, noise)["yaw"] == habits.fill({}, NAMES, noise)["yaw"]


def test_contradictory_settings_still_give_numbers():
    habits = Habits(NAMES, np.ones((3, 3)))
    filled = habits.fill({"smile": 1.0, "mouth_open": -1.0}, NAMES, gaussian(1, "habits", (3,)))
    assert np.isfinite(filled["yaw"])


def test_the_shipped_table_knows_every_dial(studio):
    names = dial_table().names
    filled = studio.engine.habits.fill({"femininity": 0.9}, names, np.zeros(len(names), np.float32))
    assert set(filled) == set(names)
    assert filled["beard"] < 0
