import numpy as np
import pytest

from limner.anatomy import regions
from limner.anatomy.contours import POINTS, STRIPS, read_contours


def test_every_point_is_read_once():
    assert len(set(POINTS)) == len(POINTS)
    for part in (regions.LEFT_EYE, regions.RIGHT_IRIS, regions.LIPS, regions.INNER_LIPS, regions.FACE_OVAL):
        assert set(part) <= set(POINTS)


def test_strips_lie_in_the_frame():
    for strip in STRIPS:
        assert 0 <= strip.left < strip.right <= 256
        assert 0 <= strip.top < strip.bottom <= 256
        assert (strip.right - strip.left) % (16 * strip.reduce) == 0
        assert (strip.bottom - strip.top) % (16 * strip.reduce) == 0


def test_only_the_contours_are_replaced():
    found = np.full((1, len(POINTS), 2), 0.25, np.float32)
    before = np.zeros((478, 2), np.float32)
    after = read_contours(lambda inputs: found, np.zeros((256, 256, 3), np.uint8), before)
    assert (after[list(POINTS)] == 0.25).all()
    others = sorted(set(range(478)) - set(POINTS))
    assert (after[others] == 0).all()
    assert (before == 0).all()


def test_lids_follow_the_picture(studio):
    """Contours move with a picture that is shifted by a few pixels."""
    picture = studio.paint("a calm woman", seed=3)[0].picture
    here = studio.finder.in_portrait(picture)
    there = studio.finder.in_portrait(np.roll(picture, 3, axis=1))
    moved = (there - here)[list(regions.LIPS)].mean(0) * 256
    assert moved[0] == pytest.approx(3, abs=1.2)
    assert moved[1] == pytest.approx(0, abs=1.2)
