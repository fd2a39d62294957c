"""Solving the flows: from noise to a code, and back.

A rectified flow moves along `dx/dt = v(x, t)` from noise at t = 1 to the code at t = 0.  The solver is
the two-step Adams-Bashforth rule with a Heun start: second order, one network call a step.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from limner.core.progress import Cancel

Floats = npt.NDArray[np.float32]
Velocity = Callable[[Floats, float], Floats]


def schedule(steps: int, bend: float) -> npt.NDArray[np.float64]:
    """Times from 1 to 0, `steps` + 1 of them; `bend` > 1 puts more of them near 0."""
    u = np.linspace(1, 0, steps + 1)
    return u**bend


def integrate(velocity: Velocity, x: Floats, times: npt.NDArray[np.float64], cancel: Cancel) -> Floats:
    """Follow the flow through `times` (falling towards a code, rising towards noise).

    Args:
        velocity: of the flow at (x, t).
        x: [n, ...] start.
        times: where to evaluate; first is the start's time, last the result's.
        cancel: asked before every step.

    Returns:
        [n, ...] float32.
    """
    before: Floats | None = None
    width_before = 0.0
    for now, then in pairwise(times):
        cancel.check()
        width = float(then - now)
        v = velocity(x, float(now))
        if before is None:  # Heun: average the slopes at both ends of the first step
            ahead = velocity(_moved(x, width, v), float(then))
            slope = _moved(v, 0.5, ahead - v)
        else:
            slope = _moved(v, 0.5 * width / width_before, v - before)
        x = _moved(x, width, slope)
        before, width_before = v, width
    return x


def _moved(x: Floats, far: float, way: Floats) -> Floats:
    """x + far * way in float32."""
    return np.asarray(x + np.float32(far) * way, np.float32)
