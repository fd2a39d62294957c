import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.core.palette import Colour, lab_to_rgb, parse_hex, rgb_to_lab

# reference values of CIE Lab (D65, 2 degrees) for sRGB primaries, as published by Lindbloom's calculator
REFERENCE = {
    (255, 255, 255): (100.0, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
    (255, 0, 0): (53.24, 80.09, 67.20),
    (0, 255, 0): (87.73, -86.18, 83.18),
    (0, 0, 255): (32.30, 79.19, -107.86),
    (128, 128, 128): (53.59, 0.0, 0.0),
}


@pytest.mark.parametrize(("rgb", "lab"), REFERENCE.items())
def test_lab_agrees_with_published_values(rgb, lab):
    assert rgb_to_lab(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.03)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_colour_survives_the_round_trip(rgb):
    there = rgb_to_lab(np.array(rgb, np.uint8))
    assert tuple(int(v) for v in lab_to_rgb(there)) == rgb


def test_whole_pictures_keep_their_shape():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    assert rgb_to_lab(picture).shape == (5, 7, 3)
    assert rgb_to_lab(picture).dtype == np.float32


@pytest.mark.parametrize(
    ("text", "rgb"), [("#1b2a41", (27, 42, 65)), ("fff", (255, 255, 255)), (" #ABC ", (170, 187, 204))]
)
def test_hex_is_read(text, rgb):
    assert parse_hex(text) == rgb


@pytest.mark.parametrize("text", ["", "#12345", "red", "#gggggg", "#1234567"])
def test_what_is_no_hex_colour_is_named(text):
    with pytest.raises(InputError, match="is not a colour") as error:
        parse_hex(text)
    assert repr(text) in str(error.value)


def test_colour_round_trip_and_distance():
    colour = Colour.of_hex("#b7410e")
    assert colour.hex == "#b7410e"
    assert colour.distance(colour) == 0
    assert Colour(50, 3, 4).chroma == pytest.approx(5)
    assert Colour(50, 0, 0).distance(Colour(53, 4, 0)) == pytest.approx(5)
