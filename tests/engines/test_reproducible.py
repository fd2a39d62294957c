"""The promise: same recipe, same machine, same bytes, whatever the batch size, thread count or order."""

import numpy as np
import pytest

from limner.core.progress import Cancel, silent
from limner.engines.eigen.engine import EigenEngine
from limner.studio.studio import Studio


@pytest.fixture(scope="module")
def recipes(studio: Studio):
    mixed = studio.plan("a melancholic poet at twilight", n=9, seed=11)
    mixed += studio.plan("smiling woman, red hair", n=5, seed=3, dials={"yaw": 0.5}, guidance=3)
    mixed += studio.plan("", n=4, seed=8, variety=0.7)
    return mixed


@pytest.fixture(scope="module")
def alone(studio: Studio, recipes):
    return [studio.engine.paint([r], silent, Cancel())[0] for r in recipes]


def test_batch_size(studio, recipes, alone):
    together = studio.engine.paint(recipes, silent, Cancel())
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_order(studio, recipes, alone):
    order = np.random.default_rng(0).permutation(len(recipes))
    shuffled = studio.engine.paint([recipes[k] for k in order], silent, Cancel())
    assert all((alone[k] == p).all() for k, p in zip(order, shuffled, strict=True))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads(recipes, alone, threads):
    engine = EigenEngine(threads=threads)
    again = engine.paint(recipes, silent, Cancel())
    assert all((a == b).all() for a, b in zip(alone, again, strict=True))
