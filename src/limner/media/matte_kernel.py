# pyright: basic
# ruff: noqa: PLR0912, PLR0915 - one long linear loop is what compiles well

"""Loops of `limner.media.matte`: colour samples, the matting Laplacian, conjugate gradients, colours apart.

Imported only when a sitter is cut out: importing compiles it (the first time) or loads it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.media.kernels import kernel


@kernel("void(f4[:, :, ::1], u1[:, ::1], f4[:, ::1], i8, i8, f4[:, :, ::1], f4[:, :, ::1], f4[:, ::1], f4[:, ::1])")
def sample_rows(
    colour: Any, trimap: Any, belief: Any, first: Any, last: Any, front: Any, back: Any, alpha: Any, cost: Any
) -> None:
    """The pair of a sure sitter's and a sure background's colour that explains each unknown px best.

    Gastal and Oliveira (2010): along 8 rays a px, turned from px to px, the first sure px of either kind is a
    candidate; a pair is good if it explains the colour and lies near.

    Args:
        colour: [h, w, 3] 0..1.
        trimap: [h, w]: 0 background, 1 unknown, 2 sitter.
        belief: [h, w] how much each place is believed to belong to the sitter.
        first: first row to fill.
        last: one past the last row.
        front: [h, w, 3] colour of the sitter, filled in.
        back: [h, w, 3] colour of the background, filled in.
        alpha: [h, w] share of the sitter's colour, filled in.
        cost: [h, w] how badly the pair explains the colour, filled in; 9 where no pair was found.
    """
    high, wide = trimap.shape
    fs, bs = np.empty((8, 3), np.float32), np.empty((8, 3), np.float32)
    fd, bd = np.empty(8, np.float32), np.empty(8, np.float32)
    for i in range(first, last):
        for j in range(wide):
            if trimap[i, j] != 1:
                continue
            turn = ((i * 3 + j * 5) % 8) * (np.pi / 32.0)
            nf, nb = 0, 0
            for ray in range(8):
                angle = turn + ray * (np.pi / 4.0)
                dy, dx = np.sin(angle), np.cos(angle)
                seen_f, seen_b, step = False, False, 1.0
                while not (seen_f and seen_b):
                    y, x = np.int64(np.rint(i + dy * step)), np.int64(np.rint(j + dx * step))
                    if y < 0 or x < 0 or y >= high or x >= wide:
                        break
                    kind = trimap[y, x]
                    if kind == 2 and not seen_f:
                        seen_f = True
                        fs[nf] = colour[y, x]
                        fd[nf] = step
                        nf += 1
                    elif kind == 0 and not seen_b:
                        seen_b = True
                        bs[nb] = colour[y, x]
                        bd[nb] = step
                        nb += 1
                    step += 1.0 if step < 24.0 else 2.0
            best = np.float32(9.0)
            if nf == 0 or nb == 0:
                cost[i, j] = best
                alpha[i, j] = belief[i, j]
                front[i, j] = colour[i, j]
                back[i, j] = colour[i, j]
                continue
            near_f, near_b = fd[:nf].min(), bd[:nb].min()
            for p in range(nf):
                for q in range(nb):
                    num, den = np.float32(0.0), np.float32(1e-6)
                    for c in range(3):
                        d = fs[p, c] - bs[q, c]
                        num += (colour[i, j, c] - bs[q, c]) * d
                        den += d * d
                    a = min(max(num / den, np.float32(0.0)), np.float32(1.0))
                    miss = np.float32(0.0)
                    for c in range(3):
                        e = colour[i, j, c] - a * fs[p, c] - (np.float32(1.0) - a) * bs[q, c]
                        miss += e * e
                    wrong = a - belief[i, j]
                    total = (
                        np.sqrt(miss)
                        + np.float32(0.006) * (fd[p] / near_f + bd[q] / near_b)
                        + np.float32(0.03) * wrong * wrong
                    )
                    if total < best:
                        best = np.float32(total)
                        alpha[i, j] = a
                        front[i, j] = fs[p]
                        back[i, j] = bs[q]
            cost[i, j] = best


@kernel("void(f4[:, :, ::1], u1[:, ::1], f8, f4[:, :, ::1])")
def assemble(colour: Any, trimap: Any, roughness: Any, stencil: Any) -> None:
    """The matting Laplacian (Levin, Lischinski and Weiss, 2008, equation 12) of 3 x 3 windows.

    Args:
        colour: [h, w, 3] 0..1.
        trimap: [h, w]; windows without an unknown px (1) are left out.
        roughness: added to the windows' covariance.
        stencil: [h, w, 25] weight of each px in the 5 x 5 around, filled in from zeros.
    """
    high, wide = trimap.shape
    v = np.empty((9, 3), np.float64)
    u = np.empty((9, 3), np.float64)
    for i in range(1, high - 1):
        for j in range(1, wide - 1):
            any_unknown = False
            for y in range(i - 1, i + 2):
                for x in range(j - 1, j + 2):
                    if trimap[y, x] == 1:
                        any_unknown = True
            if not any_unknown:
                continue
            m0, m1, m2 = 0.0, 0.0, 0.0
            for k in range(9):
                y, x = i - 1 + k // 3, j - 1 + k % 3
                m0 += colour[y, x, 0]
                m1 += colour[y, x, 1]
                m2 += colour[y, x, 2]
            m0, m1, m2 = m0 / 9.0, m1 / 9.0, m2 / 9.0
            s00, s01, s02, s11, s12, s22 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for k in range(9):
                y, x = i - 1 + k // 3, j - 1 + k % 3
                a, b, c = colour[y, x, 0] - m0, colour[y, x, 1] - m1, colour[y, x, 2] - m2
                v[k, 0], v[k, 1], v[k, 2] = a, b, c
                s00 += a * a
                s01 += a * b
                s02 += a * c
                s11 += b * b
                s12 += b * c
                s22 += c * c
            e = roughness / 9.0
            s00, s11, s22 = s00 / 9.0 + e, s11 / 9.0 + e, s22 / 9.0 + e
            s01, s02, s12 = s01 / 9.0, s02 / 9.0, s12 / 9.0
            c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
            c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
            t = 1.0 / (s00 * c00 + s01 * c01 + s02 * c02)
            for k in range(9):
                a, b, c = v[k, 0], v[k, 1], v[k, 2]
                u[k, 0] = (c00 * a + c01 * b + c02 * c) * t
                u[k, 1] = (c01 * a + c11 * b + c12 * c) * t
                u[k, 2] = (c02 * a + c12 * b + c22 * c) * t
            for k in range(9):
                yk, xk = k // 3, k % 3
                for n in range(9):
                    yn, xn = n // 3, n % 3
                    w = -(1.0 + u[k, 0] * v[n, 0] + u[k, 1] * v[n, 1] + u[k, 2] * v[n, 2]) / 9.0
                    if k == n:
                        w += 1.0
                    stencil[i - 1 + yk, j - 1 + xk, (yn - yk + 2) * 5 + (xn - xk + 2)] += np.float32(w)


@kernel("i8(f4[:, :, ::1], f4[:, ::1], f4[:, ::1], u1[:, ::1], f8[:, ::1], i8, f8)")
def solve(stencil: Any, weight: Any, target: Any, trimap: Any, alpha: Any, most: Any, enough: Any) -> int:
    """Conjugate gradients with a diagonal preconditioner for (L + W) alpha = W target in unknown px.

    Args:
        stencil: [h, w, 25] of `assemble`.
        weight: [h, w] W, how far the target is trusted.
        target: [h, w] alpha by colour samples.
        trimap: [h, w]; alpha of sure px is kept.
        alpha: [h, w] first guess, changed in place; sure px hold 0 or 1.
        most: most steps.
        enough: residual, as a share of the first, at which it ends.

    Returns:
        Steps that were made.
    """
    high, wide = trimap.shape
    n = 0
    for i in range(high):
        for j in range(wide):
            if trimap[i, j] == 1:
                n += 1
    rows, cols = np.empty(n, np.int64), np.empty(n, np.int64)
    k = 0
    for i in range(high):
        for j in range(wide):
            if trimap[i, j] == 1:
                rows[k], cols[k] = i, j
                k += 1
    p = np.zeros((high, wide), np.float64)
    r, z, diagonal, ap = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    rz = 0.0
    for k in range(n):
        i, j = rows[k], cols[k]
        total = weight[i, j] * (alpha[i, j] - target[i, j])
        for s in range(25):
            y, x = i + s // 5 - 2, j + s % 5 - 2
            if stencil[i, j, s] != 0.0 and 0 <= y < high and 0 <= x < wide:
                total += stencil[i, j, s] * alpha[y, x]
        r[k] = -total
        diagonal[k] = max(stencil[i, j, 12] + weight[i, j], 1e-9)
        z[k] = r[k] / diagonal[k]
        p[i, j] = z[k]
        rz += r[k] * z[k]
    start = rz
    for step in range(most):
        if rz <= enough * enough * start or rz <= 1e-14:
            return step
        pap = 0.0
        for k in range(n):
            i, j = rows[k], cols[k]
            total = weight[i, j] * p[i, j]
            for s in range(25):
                y, x = i + s // 5 - 2, j + s % 5 - 2
                if 0 <= y < high and 0 <= x < wide:
                    total += stencil[i, j, s] * p[y, x]
            ap[k] = total
            pap += total * p[i, j]
        if pap <= 0.0:
            return step
        length = rz / pap
        fresh = 0.0
        for k in range(n):
            i, j = rows[k], cols[k]
            alpha[i, j] += length * p[i, j]
            r[k] -= length * ap[k]
            z[k] = r[k] / diagonal[k]
            fresh += r[k] * z[k]
        ratio = fresh / rz
        rz = fresh
        for k in range(n):
            i, j = rows[k], cols[k]
            p[i, j] = z[k] + ratio * p[i, j]
    return most


@kernel("void(f4[:, :, ::1], f4[:, ::1], f4[:, :, ::1], f4[:, :, ::1], i8, f8, f8)")
def apart(colour: Any, alpha: Any, front: Any, back: Any, rounds: Any, smooth: Any, steep: Any) -> None:
    """One level of taking the sitter's colour apart from the background's (Germer and others, 2020, algorithm 1).

    Args:
        colour: [h, w, 3] 0..1.
        alpha: [h, w].
        front: [h, w, 3] the sitter's colour, changed in place.
        back: [h, w, 3] the background's colour, changed in place.
        rounds: sweeps.
        smooth: weight of neighbours everywhere.
        steep: further weight of neighbours where alpha changes.
    """
    high, wide = alpha.shape
    w = np.empty(4, np.float64)
    for sweep in range(rounds):
        for ii in range(high):
            for jj in range(wide):
                i, j = (ii, jj) if sweep % 2 == 0 else (high - 1 - ii, wide - 1 - jj)
                a = np.float64(alpha[i, j])
                total = 0.0
                for k in range(4):
                    y = min(max(i + (k == 0) - (k == 1), 0), high - 1)
                    x = min(max(j + (k == 2) - (k == 3), 0), wide - 1)
                    w[k] = smooth + steep * abs(a - alpha[y, x])
                    total += w[k]
                a00, a01, a11 = a * a + total, a * (1.0 - a), (1.0 - a) * (1.0 - a) + total
                inverse = 1.0 / (a00 * a11 - a01 * a01)
                for c in range(3):
                    b0, b1 = a * colour[i, j, c], (1.0 - a) * colour[i, j, c]
                    for k in range(4):
                        y = min(max(i + (k == 0) - (k == 1), 0), high - 1)
                        x = min(max(j + (k == 2) - (k == 3), 0), wide - 1)
                        b0 += w[k] * front[y, x, c]
                        b1 += w[k] * back[y, x, c]
                    f, b = inverse * (a11 * b0 - a01 * b1), inverse * (a00 * b1 - a01 * b0)
                    front[i, j, c] = np.float32(min(max(f, 0.0), 1.0))
                    back[i, j, c] = np.float32(min(max(b, 0.0), 1.0))
