# pyright: basic
# ruff: noqa: PLR0912, PLR0915 - one long linear loop is what compiles well
"""The brush: strokes laid on one tile of the canvas, in order.

Imported only when something is painted: importing compiles it (the first time) or loads it.  Rows are
computed in several short loops over plain arrays, which the compiler turns into vector instructions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.media.kernels import kernel

TEXTURE = 512
"""Side of the bristle texture."""

TILE = 128
"""Side of a tile in px."""

MOST_VERTICES = 64
"""Most vertices of a stroke."""


@kernel(
    "void(i4[::1], i4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], u2[:, ::1], f4[:, ::1],"
    " f4[:, :, ::1], f4[:, ::1], f4[:, ::1], i8, i8, i8, i8, f4)"
)
def lay(
    ids: Any,
    start: Any,
    path: Any,
    paint: Any,
    style: Any,
    texture: Any,
    tooth: Any,
    colour: Any,
    height: Any,
    cover: Any,
    left: Any,
    top: Any,
    right: Any,
    bottom: Any,
    scale: Any,
) -> None:
    """Lay strokes on the tile left <= x < right, top <= y < bottom (at most `TILE` wide).

    Args:
        ids: strokes that touch the tile, in the order of painting.
        start: [n + 1] first vertex of every stroke.
        path: [m, 4] x, y, radius (px of the canvas), arc length (planning px).
        paint: [n, 7] red, green, blue at the start and at the end, 0..1; reach of warm and cool streaks.
        style: [n, 15] see `limner.media.brush.STYLE`.
        texture: [levels, TEXTURE * TEXTURE] bristles (low byte) and streaks (high byte), 0..255; each level
            shows half as much detail across the brush as the one before.
        tooth: [th, tw] relief of the canvas, 0..1, which tiles.
        colour, height, cover: the canvas, changed in place.
        scale: px of the canvas to one planning px.
    """
    zero, one, half = np.float32(0.0), np.float32(1.0), np.float32(0.5)
    far, tiny = np.float32(1e30), np.float32(1e-3)
    byte = np.float32(1 / 255)
    mask = np.int32(TEXTURE - 1)
    th, tw = tooth.shape
    # rows: squared distance, arc length, distance across, radius, opacity, bristle, streak
    row = np.empty((7, TILE), np.float32)
    at = np.empty(TILE, np.int32)
    segment = np.empty((MOST_VERTICES, 14), np.float32)
    window = np.empty((MOST_VERTICES, 2), np.int64)
    back = one / scale
    for k in range(ids.shape[0]):
        stroke = np.uint64(ids[k])
        first, last = np.int64(start[stroke]), np.int64(start[stroke + np.uint64(1)]) - 1
        count = min(last - first, np.int64(MOST_VERTICES))
        opacity, body, dryness, softness = style[stroke, 0], style[stroke, 1], style[stroke, 2], style[stroke, 3]
        rag, streak, grip, round_end = style[stroke, 4], style[stroke, 5], style[stroke, 6], style[stroke, 7]
        shift_u, shift_v, load = (
            style[stroke, 8] + np.float32(65536.0),
            style[stroke, 9] + np.float32(65536.0),
            style[stroke, 11],
        )
        pitch, ridge, press, catch = style[stroke, 10], style[stroke, 12], style[stroke, 13], style[stroke, 14]
        red0, green0, blue0 = paint[stroke, 0], paint[stroke, 1], paint[stroke, 2]
        red1, green1, blue1 = paint[stroke, 3] - red0, paint[stroke, 4] - green0, paint[stroke, 5] - blue0
        grip = grip * paint[stroke, 6]
        length = path[last, 3]
        to_length = one / max(length, tiny)
        to_v, to_u = np.float32(8.0) / (pitch * scale), np.float32(1.5) / pitch
        # bristles finer than the px are seen as one
        level, seen = np.uint64(0), pitch * scale
        while seen < np.float32(1.6) and level + np.uint64(1) < np.uint64(texture.shape[0]):
            level, seen = level + np.uint64(1), seen * np.float32(2.0)
        reach = zero
        for i in range(count + 1):
            reach = max(reach, path[first + i, 2])
        over = reach * min(one, round_end + half * rag)  # how far ends extend
        low, high = far, -far
        for i in range(count):
            p = first + i
            ax, ay, bx, by = path[p, 0], path[p, 1], path[p + 1, 0], path[p + 1, 1]
            dx, dy = bx - ax, by - ay
            ll = dx * dx + dy * dy
            if ll < np.float32(1e-6):
                dx, dy, ll = tiny, zero, np.float32(1e-6)
            size = np.sqrt(ll)
            r = max(path[p, 2], path[p + 1, 2]) + one
            m = r + (over if (i == 0 or i == count - 1) else zero)
            segment[i, 0], segment[i, 1], segment[i, 2], segment[i, 3] = ax, ay, dx, dy
            segment[i, 4], segment[i, 5] = one / ll, size
            segment[i, 6] = min(ay, by) - m
            segment[i, 7] = max(ay, by) + m
            segment[i, 8], segment[i, 9] = min(ax, bx) - m, max(ax, bx) + m
            segment[i, 10] = r * size / abs(dy) if abs(dy) > tiny else far
            segment[i, 11] = dx / dy if abs(dy) > tiny else zero
            segment[i, 12], segment[i, 13] = path[p, 2], path[p, 3]
            low, high = min(low, segment[i, 6]), max(high, segment[i, 7])
        y0, y1 = max(top, np.int64(np.floor(low))), min(bottom, np.int64(np.ceil(high)) + 1)
        for y in range(y0, y1):
            py = np.float32(y) + half
            x0, x1 = right - left, np.int64(0)
            for i in range(count):
                window[i, 0], window[i, 1] = 0, 0
                if py < segment[i, 6] or py > segment[i, 7]:
                    continue
                wl, wr = segment[i, 8], segment[i, 9]
                if segment[i, 10] < far:  # the strip within r of the line
                    c = segment[i, 0] + segment[i, 11] * (py - segment[i, 1])
                    wl, wr = max(wl, c - segment[i, 10]), min(wr, c + segment[i, 10])
                s0, s1 = max(left, np.int64(np.floor(wl))) - left, min(right, np.int64(np.ceil(wr)) + 1) - left
                if s0 < s1:
                    window[i, 0], window[i, 1] = s0, s1
                    x0, x1 = min(x0, s0), max(x1, s1)
            if x0 >= x1:
                continue
            for j in range(np.uint64(x0), np.uint64(x1)):  # between two arms of the stroke nothing is computed
                row[0, j], row[1, j], row[2, j], row[3, j] = far, zero, zero, zero
            # the nearest point of the path, segment by segment
            for i in range(count):
                if window[i, 0] >= window[i, 1]:
                    continue
                ax, dx, dy, inverse, size = segment[i, 0], segment[i, 2], segment[i, 3], segment[i, 4], segment[i, 5]
                ry = py - segment[i, 1]
                lowest = -far if i == 0 else zero
                highest = far if i == count - 1 else one
                rise = dy * ry
                offset = np.float32(left) + half - ax
                cross0, cross1 = dx * ry / size, dy / size
                r0, r1 = segment[i, 12], path[first + i + 1, 2] - segment[i, 12]
                u0, u1 = segment[i, 13], size * back
                for j in range(np.uint64(window[i, 0]), np.uint64(window[i, 1])):
                    qx = np.float32(np.int32(j)) + offset
                    t = min(highest, max(lowest, (qx * dx + rise) * inverse))
                    ex, ey = qx - t * dx, ry - t * dy
                    past = max(zero, max(-t, t - one) * size - over)
                    d = ex * ex + ey * ey + past * past
                    closer = d < row[0, j]
                    row[0, j] = d if closer else row[0, j]
                    row[1, j] = u0 + t * u1 if closer else row[1, j]
                    row[2, j] = cross0 - cross1 * qx if closer else row[2, j]
                    row[3, j] = r0 + min(one, max(zero, t)) * r1 if closer else row[3, j]
            # the edge of the stroke, and where in the texture each px lies
            for j in range(np.uint64(x0), np.uint64(x1)):
                r = row[3, j]
                d = np.sqrt(row[0, j])
                sharp = one / (one + softness * r)
                a = min(one, max(zero, (r - d) * sharp + half)) - min(one, max(zero, half - (r + d) * sharp))
                row[4, j] = a
                tv = np.int32(min(np.float32(1e6), shift_v + row[2, j] * to_v)) & mask
                tu = np.int32(min(np.float32(1e6), shift_u + row[1, j] * to_u)) & mask
                at[j] = tv * np.int32(TEXTURE) + tu
            for j in range(np.uint64(x0), np.uint64(x1)):
                both = texture[level, np.uint64(at[j])]
                row[5, j] = np.float32(np.int32(both & np.uint16(255)))
                row[6, j] = np.float32(np.int32(both >> np.uint16(8)))
            # ragged ends; the load runs out, and gaps open between bristles, first at the sides
            for j in range(np.uint64(x0), np.uint64(x1)):
                r, u = row[3, j], row[1, j]
                b = row[5, j] * byte
                m = row[6, j] * byte
                sharp = one / (one + softness * r)
                v = min(one, max(-one, row[2, j] / max(r, tiny)))
                vv = v * v
                ext = r * back * (round_end * np.sqrt(max(zero, one - vv)) + rag * (b + m - one))
                w = scale * sharp
                ends = min(one, max(zero, (u + ext) * w + half)) * min(one, max(zero, (length + ext - u) * w + half))
                progress = min(one, max(zero, u * to_length))
                gap = dryness * (progress * progress * np.float32(0.9) + vv * vv * np.float32(0.35)) - load
                a = row[4, j] * ends * min(one, max(zero, (b - gap) * np.float32(3.0))) * opacity
                row[4, j] = a if a > np.float32(0.004) else zero
                thick = body * (np.float32(0.85) * b + np.float32(0.1)) * (one - half * progress)
                heap = progress * progress
                heap = heap * heap * heap
                row[0, j] = thick * (one + ridge * (vv * vv + heap * half - np.float32(0.3)))
                row[1, j] = progress
                row[2, j] = one + streak * (b - half)
                row[3, j] = grip * (m - half)
                row[5, j] = b
            yy = np.uint64(y)
            if catch > zero:  # dry strokes catch on the peaks of the ground
                ty = np.uint64(y % th)
                for j in range(x0, x1):
                    jj = np.uint64(j)
                    grain = tooth[ty, np.uint64((j + left) % tw)]
                    pit = catch * (
                        np.float32(0.48) + np.float32(0.45) * dryness * row[1, jj] + half * (half - row[5, jj])
                    )
                    caught = min(one, max(zero, (grain - pit) * np.float32(4.5) + half))
                    row[4, jj] *= one - np.float32(0.72) * (one - caught)
            shift = np.uint64(left)
            for j in range(np.uint64(x0), np.uint64(x1)):
                x = j + shift
                a, p, tone, mix = row[4, j], row[1, j], row[2, j], row[3, j]
                colour[yy, x, 0] += a * ((red0 + p * red1) * tone + mix - colour[yy, x, 0])
                colour[yy, x, 1] += a * ((green0 + p * green1) * tone - colour[yy, x, 1])
                colour[yy, x, 2] += a * ((blue0 + p * blue1) * tone - mix - colour[yy, x, 2])
                height[yy, x] += a * (row[0, j] - press * height[yy, x])
                cover[yy, x] += a * (one - cover[yy, x])
