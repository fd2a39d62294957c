import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import DialError, InputError
from limner.studio.grids.axes import parse_axis


def shown(text):
    return [("!" if v.hole else "") + v.text for v in parse_axis(text).values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("smile=-1..1:5", ["-1", "-0.5", "0", "0.5", "1"]),
        ("smile = -0.2, 0.4", ["-0.2", "0.4"]),
        ("seed=1, 2, .., 6", ["1", "2", "3", "4", "5", "6"]),
        ("seed=10,8,..,2", ["10", "8", "6", "4", "2"]),
        ("seed=3..6", ["3", "4", "5", "6"]),
        ("guidance=1..3:3", ["1", "2", "3"]),
        ("age=-0.5, SKIP: 0, 0.5", ["-0.5", "!0", "0.5"]),
        ("add=at dawn, at dusk", ["at dawn", "at dusk"]),
        ("add=at dawn, in rain || at dusk || skip: by night", ["at dawn, in rain", "at dusk", "!by night"]),
        ("words=a king || a queen", ["a king", "a queen"]),
        ("palette=#1b2a41 #c9a227 || #fff", ["#1b2a41 #c9a227", "#fff"]),
        ("Gaze-X=0.1,0.2", ["0.1", "0.2"]),
    ],
)
def test_axes(text, values):
    assert shown(text) == values


def test_settings_have_their_kind():
    assert [v.setting for v in parse_axis("seed=1,2").values] == [1, 2]
    assert all(isinstance(v.setting, int) for v in parse_axis("size=128,256").values)
    assert [v.setting for v in parse_axis("variety=1").values] == [1.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("smile", "NAME=VALUES"),
        ("smile=", "NAME=VALUES"),
        ("smil=1", "cannot be varied"),
        ("seed=1.5", "whole number"),
        ("seed=a", "Write a number"),
        ("seed=nan", "Write a number"),
        ("seed=1,,2", "empty value"),
        ("seed=1,1", "twice"),
        ("seed=.., 4", "from nothing"),
        ("seed=1, 3, .., 6", "does not come to 6"),
        ("seed=1, 1, .., 6", "does not come"),
        ("seed=1..900", "steps"),
        ("palette=blue", "colour"),
    ],
)
def test_what_is_no_axis(text, said):
    with pytest.raises(InputError, match=said):
        parse_axis(text)


def test_dials_have_their_range():
    with pytest.raises(DialError, match="outside"):
        parse_axis("smile=0,2")


def test_only_what_the_plan_takes_can_be_varied():
    with pytest.raises(InputError, match="'medium' cannot be varied"):
        parse_axis("medium=oil,ink", able=("seed",))
    assert shown("medium=oil,ink") == ["oil", "ink"]


@given(st.integers(2, 40), st.floats(-1, 1), st.floats(-1, 1))
def test_ranges_begin_and_end_where_they_say(steps, first, last):
    first, last = round(first, 3), round(last, 3)
    if abs(first - last) < 0.1:
        return
    values = [v.setting for v in parse_axis(f"smile={first}..{last}:{steps}").values]
    assert len(values) == steps
    assert (values[0], values[-1]) == (first, last)
