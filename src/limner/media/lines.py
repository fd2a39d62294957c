"""Line drawing: where a pen would put a line, as a smooth field that is sharp at any size.

Differences of Gaussians (Winnemoeller, Kyprianidis and Olsen, 2012), smoothed along the form (Kang,
Lee and Chui, 2007).  The field is computed at planning size and thresholded at the wanted size, so a
print has the same lines as a draft, only crisper.
"""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.flow import Flow
from limner.media.raster import blur, sample


def response(tone: Floats, flow: Flow, *, width: float = 1.2, length: float = 8.0) -> Floats:
    """How much darker each place is than what lies beside it.

    Args:
        tone: lightness 0..1, [h, w].
        flow: directions.
        width: half width of the lines in px.
        length: how far lines are smoothed along the form, px each way.

    Returns:
        float32 [h, w]; positive on dark lines, about -0.2..0.2.
    """
    near, wide = blur(tone, width), blur(tone, 1.6 * width)
    return along(wide - near, flow, length)


def along(field: Floats, flow: Flow, length: float) -> Floats:
    """Line integral convolution: a field smoothed along the form (Cabral and Leedom, 1993).

    Args:
        field: [h, w].
        flow: directions.
        length: half length of the smoothing in px.
    """
    total, weights = field.copy(), 1.0
    for steps in flow.paths(length):
        for k, (x, y) in enumerate(steps, 1):
            weight = float(np.exp(-0.5 * (2 * k / len(steps)) ** 2))
            total += np.float32(weight) * sample(field, x, y)
            weights += weight
    return total / np.float32(weights)
