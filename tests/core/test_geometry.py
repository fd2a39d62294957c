import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.geometry import Box, Similarity

numbers = st.floats(-100, 100)
points = st.tuples(numbers, numbers).map(lambda p: np.array(p, np.float32))


@given(points, points, points, points)
def test_two_points_go_where_they_should(a, b, c, d):
    if np.hypot(*(a - b)) < 1 or np.hypot(*(c - d)) < 1:
        return
    place = Similarity.between((a, b), (c, d))
    assert place.apply(np.stack([a, b])) == pytest.approx(np.stack([c, d]), abs=0.02)
    back = place.inverse().apply(np.stack([c, d]))
    assert back == pytest.approx(np.stack([a, b]), abs=0.05)
    assert place.scale == pytest.approx(float(np.hypot(*(c - d)) / np.hypot(*(a - b))), rel=1e-3)


def test_coinciding_points_are_refused():
    p = np.zeros(2, np.float32)
    with pytest.raises(ValueError, match="coincide"):
        Similarity.between((p, p), (p, p + 1))


def test_boxes():
    box = Box.around(np.array([[1, 2], [5, 4]], np.float32))
    assert (box.left, box.top, box.right, box.bottom) == (1, 2, 5, 4)
    square = box.square(2)
    assert (square.width, square.height) == (8, 8)
