"""Rays through an endless building in which every wall has its own idea of down; see `compositions.architecture`.

The building is a lattice of cubes of side 2.  Every wall between two cubes is pierced by an arch whose head points
along one of the wall's four directions, and many cubes hold a flight of stairs on one of their walls; which, is
decided by hashes of the cubes' numbers.  Distances are those of signed distance fields (Hart, 1996).
"""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.kernels import kernel

SEES = ("distance", "normal x", "normal y", "normal z", "open", "lit")
"""What the kernel leaves for every ray; distance is -1 where it was not cast."""


@kernel("int64(int64, int64, int64, int64, int64)")
def _hash(seed: int, i: int, j: int, k: int, what: int) -> int:
    value = seed * 668265263 + i * 374761393 + j * 1274126177 + k * 2246822519 + what * 3266489917
    value &= 0x7FFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0x7FFFFFFF
    value = ((value ^ (value >> 11)) * 668265263) & 0x7FFFFFFF
    return value ^ (value >> 15)


@kernel("float64(float64, float64, float64, float64)")
def _arch(u: float, v: float, half: float, spring: float) -> float:
    """Signed distance to an arched opening: a rectangle from -0.92 up to `spring`, and a half circle on it."""
    if v > spring:
        return np.sqrt(u * u + (v - spring) * (v - spring)) - half
    return max(abs(u) - half, -0.92 - v)


@kernel("float64(float64, float64, float64, int64, float64)")
def _stairs(x: float, y: float, z: float, seed: int, hall: float) -> float:
    """Signed distance to the flight of stairs, with a rail, in a cube; far away where it has none."""
    i, j, k = np.floor((x + 1.0) / 2.0), np.floor((y + 1.0) / 2.0), np.floor((z + 1.0) / 2.0)
    chosen = _hash(seed, int(i), int(j), int(k), 7)
    outside = max(abs(2.0 * i) - hall, abs(2.0 * j) - hall, 2.0 * k - hall - 2.0) > 0
    if (chosen & 7) >= (6 if outside else (2 if k > 2 else 0)):
        return 1e9
    a, b, c = x - 2.0 * i, y - 2.0 * j, z - 2.0 * k
    turn = (chosen >> 3) % 3
    if turn == 1:
        a, b, c = b, c, a
    elif turn == 2:
        a, b, c = c, a, b
    if (chosen >> 6) & 1:
        a = -a
    if (chosen >> 7) & 1:
        b = -b
    side = 0.62 if (chosen >> 8) & 1 else -0.62
    step = 0.2
    edge = -1.0 + step * (np.floor((a + 1.0) / step) + 1.0)
    d = b - edge
    if d >= 0:
        d = min(d, edge - a)
    d = max(d, (a - b) * 0.7071 - 0.30, abs(c - side) - 0.26)
    rail = max(abs(abs(c - side) - 0.26) - 0.025, abs((b - a) * 0.7071 - 0.36) - 0.03, max(abs(a), abs(b)) - 0.95)
    return min(d, rail)


@kernel("float64(float64, float64, float64, int64, float64)")
def _field(x: float, y: float, z: float, seed: int, hall: float) -> float:
    """Signed distance to the building, a little too small; `hall` is half the width of the hall in its middle."""
    best = 1e9
    for axis in range(3):
        a, b, c = x, y, z
        if axis == 1:
            a, b, c = y, z, x
        elif axis == 2:
            a, b, c = z, x, y
        wall = np.floor((a + 1.0) / 2.0 + 0.5)
        off = abs(a + 1.0 - 2.0 * wall)
        if off - 0.14 >= best:
            continue
        i, j = np.floor((b + 1.0) / 2.0), np.floor((c + 1.0) / 2.0)
        u, v = b - 2.0 * i, c - 2.0 * j
        chosen = _hash(seed, int(wall), int(i), int(j), axis)
        way = chosen & 3
        du, dv = u, v
        if way == 1:
            dv = -v
        elif way == 2:
            du, dv = v, u
        elif way == 3:
            du, dv = v, -u
        half = 0.40 + 0.06 * ((chosen >> 2) & 3)
        hole = _arch(du, dv, half, 0.22)
        rim = max(off - 0.17, hole - 0.09, -hole)
        plain = max(off - 0.10, -hole)
        edge = max(off - 0.16, 0.90 - max(abs(u), abs(v)))
        best = min(best, rim, plain, edge)
    void = max(abs(x) - hall, abs(y) - hall, z - hall - 2.0)  # the hall's own walls stand, what is in it goes
    best = max(best, -void)
    return min(best, _stairs(x, y, z, seed, hall))


@kernel(
    "void(float64[::1], float64[:, ::1], float64, float64[::1], int64, float64, float32[:, ::1], int64, int64, "
    "float32[:, :, ::1])"
)
def look(
    eye: Floats,
    turn: Floats,
    zoom: float,
    light: Floats,
    seed: int,
    hall: float,
    wanted: Floats,
    top: int,
    bottom: int,
    seen: Floats,
) -> None:
    """Cast a ray through every px of some rows where `wanted` is above 0.

    Args:
        eye: where the viewer stands, [3].
        turn: rotation of the view, [3, 3].
        zoom: focal length in units of the longer side.
        light: unit vector to the light, [3].
        seed: which building.
        hall: half the width of the hall before the viewer.
        wanted: [h, w].
        top: first row.
        bottom: row after the last one.
        seen: takes `SEES`, [h, w, 6].
    """
    high, wide = wanted.shape
    longer = float(max(high, wide))
    for row in range(top, bottom):
        for column in range(wide):
            if wanted[row, column] <= 0:
                seen[row, column, 0] = -1
                continue
            px, py = (column + 0.5 - 0.5 * wide) / longer, (row + 0.5 - 0.5 * high) / longer
            norm = 1.0 / np.sqrt(px * px + py * py + zoom * zoom)
            vx, vy, vz = px * norm, py * norm, zoom * norm
            dx = turn[0, 0] * vx + turn[0, 1] * vy + turn[0, 2] * vz
            dy = turn[1, 0] * vx + turn[1, 1] * vy + turn[1, 2] * vz
            dz = turn[2, 0] * vx + turn[2, 1] * vy + turn[2, 2] * vz
            far = 0.05
            for _ in range(110):
                d = _field(eye[0] + far * dx, eye[1] + far * dy, eye[2] + far * dz, seed, hall)
                if d < 0.0012 * far or far > 34.0:
                    break
                far += min(0.85 * d, 0.5) + 0.0004
            x, y, z = eye[0] + far * dx, eye[1] + far * dy, eye[2] + far * dz
            e = 0.004 + 0.0010 * far
            here = _field(x, y, z, seed, hall)
            nx = _field(x + e, y, z, seed, hall) - here
            ny = _field(x, y + e, z, seed, hall) - here
            nz = _field(x, y, z + e, seed, hall) - here
            length = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12
            nx, ny, nz = nx / length, ny / length, nz / length
            open_ = 0.0
            for k in range(1, 4):
                reach = 0.10 * k * k
                around = _field(x + reach * nx, y + reach * ny, z + reach * nz, seed, hall)
                open_ += max(0.0, min(1.0, around / reach)) / 3
            lit = 1.0
            along = 0.05
            for _ in range(26):
                sx = x + 0.03 * nx + along * light[0]
                sy = y + 0.03 * ny + along * light[1]
                sz = z + 0.03 * nz + along * light[2]
                d = _field(sx, sy, sz, seed, hall)
                lit = min(lit, 9.0 * d / along)
                along += max(0.04, 0.8 * d)
                if lit < 0.02 or along > 4.5:
                    break
            seen[row, column, 0] = far
            seen[row, column, 1], seen[row, column, 2], seen[row, column, 3] = nx, ny, nz
            seen[row, column, 4], seen[row, column, 5] = open_, max(0.0, lit)
