# pyright: basic
# ruff: noqa: PLR0915 - one long linear loop is what compiles well
"""Light on paint: one band of the finished picture.

Imported only when something is shown: importing compiles it (the first time) or loads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.media.kernels import kernel


@kernel(
    "void(f4[:, :, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, :, ::1], f4[::1], i8, i8, b1, f4, f4[:, :, ::1])"
)
def light(
    colour: Any,
    height: Any,
    cover: Any,
    tooth: Any,
    ground: Any,
    numbers: Any,
    top: Any,
    bottom: Any,
    transparent: Any,
    steps: Any,
    out: Any,
) -> None:
    """Light the rows top <= y < bottom.

    Args:
        colour: [h, w, 3] sRGB 0..1 of the paint; of the light that it lets through if `transparent`.
        height: [h, w] thickness of the paint in planning px.
        cover: [h, w] how much of the ground it hides, 0..1.
        tooth: [th, tw] relief of the bare ground, 0..1, which tiles.
        ground: [gh, gw, 3] sRGB 0..1 of the bare ground, which tiles ([1, 1, 3] for one colour).
        numbers: see `limner.media.light.NUMBERS`.
        top, bottom: rows.
        transparent: the paint is a film over the ground instead of a body on it.
        steps: 255 or 65535.
        out: [bottom - top, w, 3] receives 0..steps, to be rounded.
    """
    zero, one, half = np.float32(0.0), np.float32(1.0), np.float32(0.5)
    high, wide = height.shape
    th, tw = tooth.shape
    gh, gw = ground.shape[0], ground.shape[1]
    lx, ly, lz, hx, hy, hz = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]
    slope, weave, bury, bite, gloss = numbers[6], numbers[7], numbers[8], numbers[9], numbers[10]
    warm, bite_low, bite_gain, settle = numbers[11], numbers[12], numbers[13], numbers[14]
    flat = one / lz
    rows = np.empty((3, wide + 2), np.float32)  # relief of the rows above, here, below
    for y in range(top - 1, bottom + 1):
        yy = np.uint64(min(high - 1, max(0, y)))
        ty = np.uint64(min(high - 1, max(0, y)) % th)
        # relief of one more row
        slot = np.uint64((y + 3) % 3)
        tx = 0
        for x in range(wide):
            h = height[yy, np.uint64(x)]
            thin = one / (one + bury * h)
            rows[slot, np.uint64(x + 1)] = h + weave * tooth[ty, np.uint64(tx)] * thin * thin
            tx = tx + 1 if tx + 1 < tw else 0
        rows[slot, np.uint64(0)] = rows[slot, np.uint64(1)]
        rows[slot, np.uint64(wide + 1)] = rows[slot, np.uint64(wide)]
        if y <= top:
            continue
        # the row before can be lit now
        r = y - 1
        ry = np.uint64(r)
        above, here, below = np.uint64((r + 2) % 3), np.uint64((r + 3) % 3), np.uint64((r + 4) % 3)
        ty, gy = np.uint64(r % th), np.uint64(r % gh)
        o = np.uint64(r - top)
        tx, gx = 0, 0
        for x in range(wide):
            i = np.uint64(x)
            dx = (rows[here, np.uint64(x + 2)] - rows[here, i]) * slope
            dy = (rows[below, np.uint64(x + 1)] - rows[above, np.uint64(x + 1)]) * slope
            size = one / np.sqrt(one + dx * dx + dy * dy)
            shade = (lz - dx * lx - dy * ly) * size * flat
            shade = min(np.float32(1.7), max(np.float32(0.35), shade))
            s = max(zero, (hz - dx * hx - dy * hy) * size)
            s2 = s * s
            s4 = s2 * s2
            s8 = s4 * s4
            s16 = s8 * s8
            shine = gloss * s16 * s16 * s4
            c = cover[ry, i]
            grain = tooth[ty, np.uint64(tx)]
            # dry paint catches on the peaks of the ground and leaves its pits bare
            full = min(one, max(zero, (c - bite_low + bite * (grain - half)) * bite_gain))
            c = c + bite * (full - c) if bite > zero else c
            g = np.uint64(gx)
            for k in range(3):
                u = np.uint64(k)
                base = ground[gy, g, u]
                p = colour[ry, i, u]
                if transparent:
                    # pigment settles in the pits of the paper
                    p = p + settle * (p - p * p) * (grain - half)
                    p = base * (one - c + c * p)
                else:
                    p = base + c * (p - base)
                tint = warm if k == 0 else (-warm if k == 2 else zero)
                lit = p * (shade + (shade - one) * tint) + shine
                # a hash of the place breaks up bands
                n = (
                    np.uint32(x) * np.uint32(0x9E3779B1)
                    ^ np.uint32(r) * np.uint32(0x85EBCA77)
                    ^ np.uint32(k + 1) * np.uint32(0xC2B2AE3D)
                )
                n = (n ^ (n >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
                n = n ^ (n >> np.uint32(12))
                noise = np.float32(n & np.uint32(0xFFFF)) * np.float32(1 / 65536) - np.float32(0.49999)
                out[o, i, u] = min(steps, max(zero, lit * steps + noise * np.float32(0.98)))
            tx = tx + 1 if tx + 1 < tw else 0
            gx = gx + 1 if gx + 1 < gw else 0
