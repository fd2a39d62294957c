"""Gradients show no terraces, and what is flat stays flat."""

import cv2
import numpy as np
import pytest
from PIL import Image

from limner.media.easel import Easel
from limner.media.enlarge import ENLARGE, unbanded
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted, show
from limner.media.surface import Surface

BARE, STILL = Surface(kind="smooth", relief=0.0, tone="#ffffff"), Light(strength=0.0, gloss=0.0)


def _shown(colour: np.ndarray, threads: int = 1, depth: int = 8) -> np.ndarray:
    high, wide = colour.shape[:2]
    painted = Painted(
        colour=np.ascontiguousarray(colour, np.float32),
        height=np.zeros((high, wide), np.float32),
        cover=np.ones((high, wide), np.float32),
        scale=1.0,
    )
    return show(painted, BARE, STILL, Hands(threads=threads), depth=depth)


def _place(side: int) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    return x, y


def _coloured(levels: np.ndarray) -> np.ndarray:
    return (levels[..., None] * np.array([1, 0.8, 0.6], np.float32) / 255).astype(np.float32)


def banded(picture: np.ndarray, ideal: np.ndarray, reach: int) -> float:
    """Share of places whose surroundings are off by more than a quarter of a level.

    Args:
        picture: uint8.
        ideal: the same in levels, never rounded.
        reach: side of the surroundings in px.
    """
    off = cv2.blur(picture.astype(np.float32) - ideal.astype(np.float32), (reach, reach))
    return float((np.abs(off[reach:-reach, reach:-reach]) > 0.25).mean())


SOFT = {
    "dark ramp": lambda x, y: 20 + 12 * x + 3 * y,
    "faint ramp": lambda x, y: 20 + 2 * x + 0.7 * y,
    "glow": lambda x, y: 30 + 20 * np.exp(-5 * ((x - 0.3) ** 2 + (y - 0.4) ** 2)),
}


@pytest.mark.parametrize("soft", SOFT)
def test_what_is_shown_has_no_terraces(soft):
    ideal = _coloured(SOFT[soft](*_place(512)))
    assert banded(_shown(ideal), ideal * 255, 8) < 0.001
    assert banded(np.rint(ideal * 255).astype(np.uint8), ideal * 255, 8) > 0.2  # the measure sees terraces


def test_eight_bits_are_sixteen_in_the_mean():
    ideal = _coloured(SOFT["glow"](*_place(256)))
    assert banded(_shown(ideal), _shown(ideal, depth=16) / 257, 8) < 0.001


def test_threads_do_not_change_the_grain():
    ideal = _coloured(SOFT["glow"](*_place(256)))
    assert _shown(ideal, 1).tobytes() == _shown(ideal, 3).tobytes()


@pytest.mark.parametrize("depth", [8, 16])
def test_printed_colours_stay_flat(depth):
    levels = np.arange(256, dtype=np.float32).repeat(12).reshape(-1, 12)
    shown = _shown(np.repeat(levels[..., None] / np.float32(255), 3, 2), depth=depth)
    assert np.array_equal(shown, np.rint(levels[..., None] * (1 if depth == 8 else 257)) + np.zeros(3))


ENLARGED = {
    "dark ramp": SOFT["dark ramp"],
    "soft ramp": lambda x, y: 20 + 4 * x + 2 * y,
    "glow": lambda x, y: 30 + 8 * np.exp(-5 * ((x - 0.3) ** 2 + (y - 0.4) ** 2)),
}


@pytest.mark.parametrize("soft", ENLARGED)
def test_enlarging_eight_bits_shows_no_terraces(soft):
    """A gradient that came with eight bits, eight times as large."""
    ideal = _coloured(ENLARGED[soft](*_place(192)))
    source = np.rint(ideal * 255).astype(np.uint8)
    large = Easel(ENLARGE, Guide.of(source), hands=Hands(threads=1)).picture(1536)
    smooth = np.asarray(cv2.resize(ideal, (1536, 1536), interpolation=cv2.INTER_CUBIC)) * 255
    plain = np.asarray(Image.fromarray(source).resize((1536, 1536), Image.Resampling.LANCZOS))
    assert banded(plain, smooth, 32) > 0.2
    assert banded(np.asarray(large), smooth, 32) < 0.1 * banded(plain, smooth, 32)


def test_what_could_have_been_rounded_to_the_picture_is_rounded_to_it():
    source = np.random.default_rng(0).integers(0, 256, (64, 80, 3)).astype(np.uint8)
    source[:40] //= 64  # calm, so that it is worked on
    found = unbanded(Guide.of(source).source)
    assert np.array_equal(np.rint(found * 255), source)
    assert not np.array_equal(found, Guide.of(source).source)


def test_flat_colours_beside_edges_stay_flat():
    source = np.full((96, 96, 3), 77, np.uint8)
    source[30:60, 20:70] = (200, 30, 10)
    units = Guide.of(source).source
    assert np.abs(unbanded(units) - units).max() < 1e-6


def test_more_than_eight_bits_are_left_alone():
    units = _coloured(SOFT["glow"](*_place(64)))
    assert unbanded(units) is units
