import numpy as np
import pytest

from limner.core.errors import Cancelled
from limner.core.progress import Cancel
from limner.engines.eigen.sampler import integrate, schedule


def _linear(x, t):
    """dx/dt = x: the solution is x(0) = x(1) / e."""
    return x


@pytest.mark.parametrize(("steps", "error"), [(8, 0.02), (16, 0.005), (32, 0.0012)])
def test_second_order(steps, error):
    start = np.ones((2, 3), np.float32)
    end = integrate(_linear, start, schedule(steps, 1.0), Cancel())
    assert end == pytest.approx(start / np.e, rel=error)


def test_uneven_steps_agree_with_even_ones():
    start = np.ones((1, 1), np.float32)
    assert integrate(_linear, start, schedule(24, 1.6), Cancel()) == pytest.approx(start / np.e, rel=0.01)


def test_there_and_back():
    start = np.random.default_rng(0).normal(size=(2, 4)).astype(np.float32)

    def field(x, t):
        return np.sin(3 * x) + np.float32(t)

    times = np.linspace(0, 1, 65)
    there = integrate(field, start, times, Cancel())
    assert integrate(field, there, times[::-1], Cancel()) == pytest.approx(start, abs=2e-3)


def test_a_straight_flow_needs_one_step():
    start = np.array([[1.0, 2.0]], np.float32)
    end = integrate(lambda x, t: np.full_like(x, 5), start, schedule(1, 1.0), Cancel())
    assert end == pytest.approx(start - 5)


def test_cancelling():
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        integrate(_linear, np.ones((1, 1), np.float32), schedule(4, 1.0), cancel)
