import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.dials import COLOURED, dial_table, score
from limner.core.errors import DialError
from limner.core.palette import Colour

NAMES = dial_table().names


@pytest.mark.parametrize("name", NAMES)
def test_the_median_is_zero_and_the_ends_are_one(name):
    dial = dial_table()[name]
    q = dial.quantiles
    assert dial.setting(q[0]) == pytest.approx(-1)
    assert dial.setting(q[-1]) == pytest.approx(1)
    assert dial.setting(q[len(q) // 2]) == pytest.approx(0, abs=0.02)
    assert list(q) == sorted(q)


@given(st.sampled_from(NAMES), st.floats(-1, 1))
def test_setting_and_raw_are_inverse(name, setting):
    dial = dial_table()[name]
    assert dial.setting(dial.raw(setting)) == pytest.approx(setting, abs=1e-3)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_scores_grow_with_settings(a, b):
    assert (score(a) <= score(b)) == (a <= b) or score(a) == score(b)


def test_scores_are_normal_quantiles():
    assert score(0) == pytest.approx(0)
    assert score(0.6827) == pytest.approx(1, abs=1e-3)
    assert score(-1) == pytest.approx(-score(1))


def test_mirrored_dials_have_symmetric_tables():
    for name in ("yaw", "light_x"):
        q = dial_table()[name].quantiles
        assert [a + b for a, b in zip(q, reversed(q), strict=True)] == pytest.approx([0] * len(q), abs=1e-5)


@pytest.mark.parametrize(
    ("typed", "meant"), [("smil", "smile"), ("yow", "yaw"), ("backround", "background"), ("beards", "beard")]
)
def test_an_unknown_dial_names_the_nearest(typed, meant):
    with pytest.raises(DialError) as error:
        dial_table().parse(f"{typed}=0.5")
    assert error.value.nearest[0] == meant
    assert meant in str(error.value)


@pytest.mark.parametrize(
    "text", ["smile", "smile=", "smile=big", "smile=2", "smile=nan", "=1", "smile=#ff0000", "hair=#12"]
)
def test_bad_settings_are_refused(text):
    with pytest.raises(Exception) as error:  # noqa: PT011
        dial_table().parse(text)
    assert error.value.exit_code == 2


def test_a_setting_is_read():
    assert dial_table().parse(" light-x = -0.5 ") == {"light_x": -0.5}


@pytest.mark.parametrize("part", COLOURED)
def test_a_colour_sets_three_dials(part):
    table = dial_table()
    settings = table.parse(f"{part}=#b7410e")
    assert set(settings) == {part, f"{part}_red", f"{part}_yellow"}
    rust = Colour.of_hex("#b7410e")
    assert (
        table[f"{part}_red"].raw(settings[f"{part}_red"]) == pytest.approx(rust.a, abs=3)
        or abs(settings[f"{part}_red"]) > 0.97
    )
