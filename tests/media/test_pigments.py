import numpy as np
import pytest

from limner.core.errors import InputError
from limner.core.palette import rgb_to_lab
from limner.media import spectrum
from limner.media.pigments import make_palette, mixed, palette, palette_names, pigments


def lab(colour) -> np.ndarray:
    return rgb_to_lab(np.rint(np.asarray(colour) * 255).astype(np.uint8))


def hue(colour) -> float:
    _, a, b = lab(colour)
    return float(np.degrees(np.arctan2(b, a)) % 360)


def test_blue_and_yellow_give_green():
    blue, yellow = (0.06, 0.14, 0.62), (0.98, 0.86, 0.10)
    assert 110 < hue(spectrum.mix(blue, yellow, 0.6)) < 170
    assert 110 < hue(mixed(("cadmium yellow", "phthalo blue"), [0.9, 0.1])) < 170


def test_mixing_ends_where_it_begins():
    rng = np.random.default_rng(1)
    a, b = rng.random((50, 3)), rng.random((50, 3))
    assert np.abs(spectrum.mix(a, b, np.zeros(50)) - a).max() < 1e-5
    assert np.abs(spectrum.mix(a, b, np.ones(50)) - b).max() < 1e-5
    assert np.abs(spectrum.mix(a, a, np.full(50, 0.3)) - a).max() < 1e-5


def test_mixtures_are_darker_than_the_mean_of_their_light():
    red, green = (0.8, 0.15, 0.1), (0.1, 0.5, 0.2)
    assert lab(spectrum.mix(red, green, 0.5))[0] < lab((np.array(red) + green) / 2)[0]


@pytest.mark.parametrize("colour", [(0.8, 0.6, 0.5), (0.1, 0.1, 0.3), (0.5, 0.2, 0.1), (0.9, 0.9, 0.9)])
def test_the_smoothest_curve_shows_its_colour(colour):
    curve = spectrum.smoothest(colour)
    assert ((curve > 0) & (curve < 1)).all()
    assert np.abs(spectrum.colour_of(curve) - colour).max() < 0.01


def test_absorption_and_reflectance_are_inverse():
    curve = np.linspace(0.02, 0.98, 20)
    assert np.allclose(spectrum.opaque(spectrum.absorption(curve)), curve)


@pytest.mark.parametrize("name", [n for n in pigments() if n not in ("titanium white", "lead white", "naples yellow")])
def test_white_lightens_every_pigment_and_tints_are_met(name):
    shades = mixed((name, "titanium white"), [[1.0, 0.0], [0.6, 0.4], [0.2, 0.8], [0.0, 1.0]])
    lightness = lab(shades)[:, 0]
    assert (np.diff(lightness) > 0).all()


@pytest.mark.parametrize("name", palette_names())
def test_a_palette_mixes_only_its_own_colours(name):
    chosen = palette(name)
    dark, light = lab(chosen.project(np.array([[0.0, 0, 0], [1, 1, 1]], np.float32)))
    assert dark[0] < 25
    assert light[0] > 85
    colours = chosen.project(np.random.default_rng(0).random((200, 3)).astype(np.float32))
    assert colours.dtype == np.float32
    assert ((colours >= 0) & (colours <= 1)).all()


def test_the_four_colours_of_zorn_have_no_green_and_a_flesh():
    zorn = palette("zorn")
    green = lab(zorn.project(np.array([[0.1, 0.8, 0.2]], np.float32)))[0]
    assert green[1] > -14
    flesh = np.array([[0.84, 0.65, 0.53]], np.float32)
    assert np.linalg.norm(lab(zorn.project(flesh)) - lab(flesh)) < 12


def test_order_of_lightness_is_kept():
    ramp = np.repeat(np.linspace(0, 1, 20, dtype=np.float32)[:, None], 3, 1)
    assert (np.diff(lab(palette("grisaille").project(ramp))[:, 0]) > -0.6).all()


def test_what_is_no_palette_is_named():
    with pytest.raises(InputError, match="mauve"):
        make_palette("x", ("titanium white", "mauve"))
    with pytest.raises(InputError, match="zorn"):
        palette("zron")
    with pytest.raises(InputError, match="two to eight"):
        make_palette("x", ("titanium white",))
