from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.studio.prints import Paper, print_side


@pytest.mark.parametrize(
    ("text", "dpi", "px"),
    [
        ("12in", 300, 3600), ("30cm", 300, 3544), ("300 mm", 300, 3544), ("30CM", 150, 1772), ("20x30cm", 300, 2363),
        ("2.54cm", 300, 300), ("25.4mm", 300, 300), ("0.5in", 301, 151),
    ],
)  # fmt: skip
def test_a_print_has_so_many_px(text, dpi, px):
    assert print_side(Paper.parse(text), dpi) == px


def test_the_picture_fits_inside_the_paper():
    paper = Paper.parse("20x30cm")
    assert print_side(paper, 254, aspect=1.0) == 2000
    assert print_side(paper, 254, aspect=2 / 3) == 3000  # upright: fills it
    assert print_side(paper, 254, aspect=3 / 2) == 2000  # on its side: as wide as the paper


@pytest.mark.parametrize("text", ["", "30", "cm", "0cm", "a4", "30x", "30x40", "-3cm", "1e3cm", "30cmx40cm", "3x4x5cm"])
def test_what_is_no_size_is_named(text):
    with pytest.raises(InputError, match="30cm"):
        Paper.parse(text)


@given(st.integers(1, 400), st.integers(30, 2400), st.sampled_from(["cm", "in", "mm"]))
def test_a_print_that_is_too_large_names_a_resolution_that_would_do(length, dpi, unit):
    paper = Paper.parse(f"{length}{unit}")
    try:
        side = print_side(paper, dpi)
    except InputError as exc:
        able = exc.hint.removeprefix("--dpi ").partition(" ")[0]
        assert able.isdigit()
        assert int(able) < dpi
        assert print_side(paper, int(able)) <= 4096
        with pytest.raises(InputError):
            print_side(paper, int(able) + 1)
    else:
        assert 0 <= side - paper.longer_side() * Fraction(dpi) < 1  # never less than was asked for


def test_a_print_as_large_as_a_house_names_a_smaller_one():
    with pytest.raises(InputError, match="13in is the most") as stop:
        print_side(Paper.parse("5000in"), 300)
    assert print_side(Paper.parse("13in"), 300) <= 4096, stop
