from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.media.parameters import Parameters, choice, colour, number, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Chalk(Parameters):
    grain: float = number(0.5, 0.0, 2.0, "Coarseness.", unit="mm")
    sticks: int = whole(3, 1, 9, "How many.")
    paper: str = choice("laid", ("laid", "rough"), "Kind of paper.")
    tint: str = colour("#102030", "Colour.")


def test_defaults_are_allowed():
    assert Chalk().to_json() == {"grain": 0.5, "sticks": 3, "paper": "laid", "tint": "#102030"}


@pytest.mark.parametrize(
    "values",
    [{"grain": 2.1}, {"grain": -0.1}, {"grain": float("nan")}, {"grain": "much"}, {"grain": True}, {"sticks": 2.5},
     {"sticks": 0}, {"paper": "smooth"}, {"tint": "mauve"}, {"grain": None}],
)  # fmt: skip
def test_a_bad_value_is_named_with_its_range(values):
    ((name, value),) = values.items()
    with pytest.raises(InputError) as caught:
        Chalk.of(values)
    assert str(value) in str(caught.value) or repr(value) in str(caught.value)
    assert name in str(caught.value) or "colour" in str(caught.value)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match="grain, paper, sticks, tint"):
        Chalk.of({"gran": 1})


def test_text_is_read():
    assert Chalk.of({"grain": "1.5", "sticks": "4", "tint": "#ABC"}) == Chalk(grain=1.5, sticks=4, tint="#aabbcc")


@given(st.floats(0, 2), st.integers(1, 9))
def test_json_is_read_back(grain, sticks):
    chalk = Chalk(grain=grain, sticks=sticks)
    assert Chalk.of(chalk.to_json()) == chalk


def test_each_parameter_describes_itself():
    described = [p.to_json() for p in Chalk.parameters()]
    assert described[0] == {
        "name": "grain", "kind": "number", "default": 0.5, "help": "Coarseness.", "low": 0.0, "high": 2.0, "unit": "mm",
    }  # fmt: skip
    assert described[2]["choices"] == ["laid", "rough"]
