# pyright: basic

"""Which tile each px belongs to, when tiles are squares that are turned.

Imported only when something is planned: importing compiles it (the first time) or loads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.media.kernels import kernel


@kernel("void(f4[:, ::1], f4[:, ::1], f4[::1], f4[:, ::1], i4[:, ::1])")
def nearest(points: Any, directions: Any, sides: Any, best: Any, label: Any) -> None:
    """The nearest point of every px, measured along and across each point's own direction.

    Args:
        points: [n, 2] px.
        directions: [n, 2] unit vectors.
        sides: [n] side of each tile in px.
        best: [h, w] distance so far, changed in place.
        label: [h, w] point so far, changed in place.
    """
    high, wide = best.shape
    half = np.float32(0.5)
    for k in range(points.shape[0]):
        x, y, c, s, side = points[k, 0], points[k, 1], directions[k, 0], directions[k, 1], sides[k]
        reach = side * np.float32(2.2)
        y0, y1 = max(0, np.int64(y - reach)), min(high, np.int64(y + reach) + 1)
        x0, x1 = max(0, np.int64(x - reach)), min(wide, np.int64(x + reach) + 1)
        inverse = np.float32(1.0) / side
        for i in range(y0, y1):
            dy = np.float32(i) + half - y
            for j in range(x0, x1):
                dx = np.float32(j) + half - x
                a, b = abs(dx * c + dy * s), abs(dy * c - dx * s)
                d = max(a, b) * inverse
                if d < best[i, j]:
                    best[i, j] = d
                    label[i, j] = k
