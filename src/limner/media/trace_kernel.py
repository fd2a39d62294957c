# pyright: basic
# ruff: noqa: PLR0912, PLR0915 - one long linear loop is what compiles well
"""Following the form: the paths of brush strokes through a field of directions.

Imported only when something is planned: importing compiles it (the first time) or loads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.media.kernels import kernel


@kernel(
    "void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, :, ::1], f4[:, :, ::1], f4[:, ::1], f4[:, ::1],"
    " i4, f4, f4, f4[:, :, ::1], i4[::1])"
)
def trace(
    seeds: Any,
    colours: Any,
    limits: Any,
    reference: Any,
    canvas: Any,
    flow_x: Any,
    flow_y: Any,
    at_most: Any,
    bend: Any,
    stop: Any,
    out: Any,
    count: Any,
) -> None:
    """Paths that start at seeds and run both ways along the field (after Hertzmann, 1998).

    A path ends where the canvas is already nearer to the picture than the stroke's colour would be,
    where the picture differs from that colour by more than `stop`, or where its length is used up.

    Args:
        seeds: [n, 4] x, y, step (px), turn (radians a step that the hand adds to the field).
        colours: [n, 3] colour of every stroke.
        limits: [n, 2] least and greatest number of steps each way.
        reference: [h, w, 3] the picture at this layer's coarseness.
        canvas: [h, w, 3] what is painted so far.
        flow_x, flow_y: [h, w] unit directions without sign.
        at_most: room for steps each way.
        bend: share of the field's direction in each step, the rest keeps straight; 0..1.
        stop: colour distance (RGB 0..1) at which a stroke ends.
        out: [n, 2 * at_most + 1, 2] receives the vertices.
        count: [n] receives their number.
    """
    high, wide = flow_x.shape
    zero, one = np.float32(0.0), np.float32(1.0)
    for k in range(seeds.shape[0]):
        x0, y0, step, turn = seeds[k, 0], seeds[k, 1], seeds[k, 2], seeds[k, 3]
        r, g, b = colours[k, 0], colours[k, 1], colours[k, 2]
        least, most = np.int32(limits[k, 0]), min(np.int32(limits[k, 1]), at_most)
        back = 0
        # first the way back, written reversed, then the way forth
        for way in range(2):
            x, y = x0, y0
            i, j = min(high - 1, max(0, np.int32(y))), min(wide - 1, max(0, np.int32(x)))
            sign = -one if way == 0 else one
            dx, dy = sign * flow_x[i, j], sign * flow_y[i, j]
            reached = 0
            for s in range(most):
                i, j = min(high - 1, max(0, np.int32(y))), min(wide - 1, max(0, np.int32(x)))
                fx, fy = flow_x[i, j], flow_y[i, j]
                if fx * dx + fy * dy < zero:
                    fx, fy = -fx, -fy
                dx, dy = bend * fx + (one - bend) * dx, bend * fy + (one - bend) * dy
                tilt = turn * sign
                dx, dy = dx - tilt * dy, dy + tilt * dx
                size = np.sqrt(dx * dx + dy * dy)
                if size < np.float32(1e-4):
                    break
                dx, dy = dx / size, dy / size
                nx, ny = x + step * dx, y + step * dy
                if nx < -step or ny < -step or nx > wide + step or ny > high + step:
                    break
                i, j = min(high - 1, max(0, np.int32(ny))), min(wide - 1, max(0, np.int32(nx)))
                if s >= least:
                    er, eg, eb = reference[i, j, 0] - r, reference[i, j, 1] - g, reference[i, j, 2] - b
                    mine = np.sqrt(er * er + eg * eg + eb * eb)
                    er = reference[i, j, 0] - canvas[i, j, 0]
                    eg = reference[i, j, 1] - canvas[i, j, 1]
                    eb = reference[i, j, 2] - canvas[i, j, 2]
                    there = np.sqrt(er * er + eg * eg + eb * eb)
                    if mine > stop or there < mine:
                        break
                x, y = nx, ny
                reached += 1
                if way == 0:
                    out[k, at_most - reached, 0] = x
                    out[k, at_most - reached, 1] = y
                else:
                    out[k, back + reached, 0] = x
                    out[k, back + reached, 1] = y
            if way == 0:
                back = reached
                for s in range(back):
                    out[k, s, 0] = out[k, at_most - back + s, 0]
                    out[k, s, 1] = out[k, at_most - back + s, 1]
                out[k, back, 0] = x0
                out[k, back, 1] = y0
            else:
                count[k] = back + 1 + reached
