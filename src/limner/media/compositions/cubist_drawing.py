"""The drawing of a cubist portrait: a profile run down the middle of a front, in planes and open contours.

The arrangement is a painter's, not the computer's: the planes of a head as academies teach them (forehead, temple,
cheekbone, cheek, jaw, muzzle, chin, three of the nose), cut once for the front and once for the profile, on a ground
that is split by long lines through the same places at a few repeated angles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from limner.media.compositions.cubist_planes import Dice, Head, Plane, Points

BEHIND = 9
"""How many of the planes of `head_planes` lie behind the face: shoulders, neck and hair."""

_FRONT_JAW = 12  # place of the front's jaw among them

# the profile ------------------------------------------------------------------------------------


def profile(head: Head, doubling: float, seed: int) -> list[tuple[float, float]]:
    """The line of the profile from the hair to the neck, u and v; a straight middle line at doubling 0."""
    d, n, m, c = doubling, head.nose, head.mouth, head.chin
    dice = Dice(seed, "cubist.profile")
    brow, tip, hook, jut = dice.roll(0.6, 1.3), dice.roll(0.85, 1.15), dice.roll(0.0, 0.09), dice.roll(0.75, 1.25)
    return [
        (-0.10 * d, head.top - 0.18), (0.10 * d, head.top + 0.08), (0.17 * brow * d, 0.5 * (head.top + head.brow)),
        (0.20 * d, head.brow - 0.02), (0.07 * d, -0.06), ((0.13 + hook) * d, 0.10), ((0.36 + hook) * d, 0.55 * n),
        (0.60 * tip * d, n - 0.12), (0.60 * tip * d, n - 0.03), (0.50 * tip * d, n + 0.03), (0.14 * d, n + 0.09),
        (0.19 * d, m - 0.14), (0.30 * d, m - 0.07), (0.28 * d, m - 0.02), (0.15 * d, m + 0.01), (0.27 * d, m + 0.06),
        (0.25 * d, m + 0.13), (0.12 * d, m + 0.22), (0.24 * jut * d, c - 0.22), (0.26 * jut * d, c - 0.10),
        (0.10 * d, c + 0.04),
        (-0.28 * d, c + 0.16), (-0.34 * d, c + 0.42), (-0.28 * d, c + 1.2),
    ]  # fmt: skip


def between(line: Sequence[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    """The part of the profile between two heights."""
    return [place for place in line if low <= place[1] <= high]


def arc(
    u: float, v: float, ru: float, rv: float, first: float, last: float, count: int = 14
) -> list[tuple[float, float]]:
    """Places on an ellipse, degrees from +u towards +v."""
    angles = np.deg2rad(np.linspace(first, last, count))
    return [(u + ru * float(np.cos(a)), v + rv * float(np.sin(a))) for a in angles]


# the head ---------------------------------------------------------------------------------------


def head_planes(head: Head, doubling: float, shift: float, passage: float, seed: int) -> list[Plane]:
    """Hair, neck, shoulders, front and profile, from back to front."""
    dice = Dice(seed, "cubist.head")
    line = profile(head, doubling, seed)
    d, w, n, m, c = doubling, head.cheek, head.nose, head.mouth, head.chin
    top, brow, crown, back, front = head.top, head.brow, head.crown, head.back, head.front
    part = dice.roll(-0.42, -0.08)  # where the forehead's two planes meet
    made: list[Plane] = []

    def plane(
        kind: str, corners: Sequence[tuple[float, float]], light: tuple[float, float], near: float, far: float, *,
        lost: float = 0.0, warmth: float = 0.0, flat: float = 0.5, slip: float = 0.0, cover: float = 1.0,
        wander: float = 0.05, hairy: float = 0.0, keyed: bool = True,
        combed: Sequence[Sequence[tuple[float, float]]] = (),
    ) -> None:  # fmt: skip
        if kind == "head" and keyed:
            near, far = head.key * near, head.key * far
        moved = [(u + dice.roll(-wander, wander), v + dice.roll(-wander, wander)) for u, v in corners]
        middle = (sum(u for u, _ in moved) / len(moved), sum(v for _, v in moved) / len(moved))
        view = head.view(
            middle,
            shift=(slip * shift * dice.roll(-1, 1), slip * shift * dice.roll(-1, 1)),
            turn=slip * shift * dice.roll(-26, 26),
            grow=_evenly(1 + slip * shift * dice.roll(-0.2, 0.4)),
        )
        made.append(
            Plane(
                kind=kind, outline=head.at(*moved), view=view, light=head.way(*light), near=near, far=far,
                lost=lost * passage, warmth=warmth + 0.016 * near + dice.roll(-0.2, 0.2), flat=flat,
                cover=cover, hairy=hairy, combed=tuple(head.at(*line) for line in combed),
            )
        )  # fmt: skip

    # shoulders and neck
    base = 2.6
    plane("hair", [(-0.5, c + 0.10), *arc(-0.6, c + 1.0, 1.9, 0.8, 265, 180, 8), (-2.5, base), (-0.35, base)],
          (-0.8, 0.6), 12, -14, flat=0.8, lost=0.3, slip=0.4)  # fmt: skip
    plane("hair", [(0.35, c + 0.10), *arc(0.5, c + 1.0, 1.9, 0.8, 275, 360, 8), (2.4, base), (0.25, base)],
          (0.8, 0.6), 8, -18, flat=0.8, lost=0.3, slip=0.4)  # fmt: skip
    plane("head", [(-0.72, m), (-0.78, base), (-0.1, base), (-0.02, c - 0.1)], (0.9, 0.4), 6, -14, flat=0.75)
    plane("head", [(-0.04, c - 0.2), (-0.12, base), (0.72, base), (0.62, m)], (0.9, -0.2), -22, 2, flat=0.75, lost=0.5)
    # hair and skull
    plane("hair", [(-0.1, crown), *arc(-0.15, -0.3, back - 0.05, -crown - 0.25, 262, 140, 16), (-0.72 * w, 0.62),
                   (-0.96 * w, 0.05), (-0.86 * w, -0.5), (-0.5 * w, top + 0.02), (-0.05, top - 0.08)],
          (-0.75, 0.7), 17, -17, flat=0.85, slip=0.7, wander=0.02, hairy=0.85,
          combed=[arc(-0.15, -0.3, (back - 0.05) * k, (-crown - 0.25) * k, 262, 214, 10)
                  for k in (0.95, 0.89, 0.83, 0.77, 0.71)])  # fmt: skip
    plane("hair", [(-0.25, crown - 0.15), (0.55, crown + 0.02), (front, crown + 0.62), (front + 0.1, -0.35),
                   (0.92 * w, -0.15), (0.62 * w, top + 0.05), (0.05, top - 0.04)],
          (0.9, 0.5), -10, 16, flat=0.7, lost=0.45, slip=0.8, hairy=0.7)  # fmt: skip
    plane("hair", [(-0.5 * w, crown + 0.02), (0.22, crown - 0.1), (0.30, top - 0.02), (-0.35, top + 0.05)],
          (0.95, 0.3), -16, 18, flat=0.8, slip=0.8, lost=0.3, hairy=0.8)  # fmt: skip
    # what falls behind the ears: long hair, or the ground
    plane("hair", [(-0.94 * w, 0.25), (-back - 0.05, -0.35), (-back - 0.3, 0.9), (-1.15, 2.1), (-0.62, c - 0.2)],
          (-0.5, 0.85), 10, -14, flat=0.7, slip=0.5, lost=0.2)  # fmt: skip
    plane("hair", [(0.98 * w, 0.1), (front + 0.05, -0.5), (front + 0.35, 0.7), (1.25, 2.1), (0.64, c - 0.3)],
          (0.6, 0.8), -10, 12, flat=0.7, slip=0.5, lost=0.35)  # fmt: skip
    # the front: the half before the profile, in shade
    plane("head", [(-0.05, top - 0.1), (0.5 * w, top - 0.05), (0.92 * w, top + 0.28), (0.96 * w, brow),
                   (0.0, brow + 0.04)],
          (0.9, -0.45), -17, 5, flat=0.75, lost=0.4)  # fmt: skip
    plane("head", [(-0.05, brow - 0.05), (0.98 * w, brow - 0.10), (1.03 * w, 0.30), (0.35, 0.5), (0.0, 0.3)],
          (0.85, 0.5), -20, -2, flat=0.55, lost=0.3)  # fmt: skip
    plane("head", [(0.0, 0.18), (0.45, 0.22), (1.02 * w, 0.12), (0.9 * w, m - 0.05), (0.38, m + 0.02), (0.0, n + 0.1)],
          (0.95, -0.2), -24, 7, flat=0.8, lost=0.4)  # fmt: skip
    plane("head", [(0.0, n + 0.05), (0.55, n + 0.25), (0.92 * w, m - 0.3), (0.78 * w, c - 0.42),
                   (0.42 * w, c - 0.08), (0.1, c + 0.05)],
          (0.85, -0.5), -24, 3, flat=0.7, lost=0.4)  # fmt: skip
    plane("head", [(0.52 * w, n - 0.1), (1.0 * w, 0.2), (0.84 * w, c - 0.52), (0.5 * w, c - 0.12), (0.5 * w, m + 0.1)],
          (-0.6, 0.8), 9, -10, flat=0.8, lost=0.6, slip=0.5)  # fmt: skip
    # the profile: one silhouette, then its planes
    silhouette = [
        *between(line, top - 1, c + 0.1),
        (-0.55 * w, c - 0.2),
        (-0.88 * w, m - 0.1),
        (-1.02 * w, 0.3),
        (-1.0 * w, -0.4),
        (-0.55 * w, top),
    ]
    plane("head", silhouette, (-1.0, 0.15), 17, -9, flat=0.75, wander=0.0)
    plane("head", [*between(line, top - 0.05, brow), (part, brow + 0.02), (part - 0.12, brow - 0.3),
                   (1.6 * part - 0.1, top + 0.06)],
          (-0.85, 0.5), 19, -6, flat=0.85, wander=0.0)  # fmt: skip
    plane("head", [(-0.66 * w, top + 0.02), (-0.42 * w, brow - 0.05), (-0.80 * w, 0.22), (-1.06 * w, 0.35),
                   (-1.02 * w, -0.42)],
          (-0.8, 0.6), 2, -15, flat=0.75, slip=0.4, lost=0.2)  # fmt: skip
    plane("head", [(-0.84 * w, 0.16), (-0.1, 0.24), (-0.16, n + 0.12), (-0.62, m + 0.18), (-0.92 * w, m - 0.35)],
          (-0.55, 0.85), 18, -12, flat=0.8, slip=0.3)  # fmt: skip
    plane("head", [(-1.02 * w, 0.28), (-0.56 * w, n + 0.05), (-0.42 * w, c - 0.04), (-0.70 * w, c - 0.28),
                   (-0.93 * w, m - 0.12)],
          (-0.9, -0.3), 4, -15, flat=0.75, slip=0.4, lost=0.25)  # fmt: skip
    plane("head", [*between(line, n + 0.05, m + 0.24), (-0.5, m + 0.34), (-0.42, n + 0.12)],
          (-0.95, 0.3), 8, -10, flat=0.6, wander=0.0)  # fmt: skip
    plane("head", [*between(line, m + 0.2, c + 0.05), (-0.42 * w, c - 0.02), (-0.52, m + 0.24)],
          (-0.8, 0.6), 9, -16, flat=0.75, wander=0.0)  # fmt: skip
    if head.beard:
        _comb_beard(made, head)
    # the nose: bridge, flank and underside
    plane("head", [(-0.16, brow + 0.1), *between(line, -0.1, n - 0.02), (-0.02 - 0.08 * d, n + 0.01), (-0.2, n - 0.06)],
          (-1.0, 0.1), 24, 2, flat=0.9, wander=0.0)  # fmt: skip
    plane("head", [(-0.2, brow + 0.12), (0.02, 0.02), (0.16 * d, 0.6 * n), (-0.06, n + 0.01), (-0.27, n - 0.06)],
          (-1.0, 0.1), -4, -16, flat=0.9, wander=0.015)  # fmt: skip
    plane("head", [*between(line, n - 0.06, n + 0.1), (-0.16, n + 0.08), (-0.24, n - 0.04), (0.1 * d, n - 0.10)],
          (-1.0, 0.3), -20, -30, flat=0.9, wander=0.0, keyed=False)  # fmt: skip
    if head.seen:
        made.extend(_feature_planes(head, doubling, shift, seed))
    return made


def _comb_beard(made: list[Plane], head: Head) -> None:
    """Lines of the comb on chin and jaw, falling from the mouth, in place."""
    low, high = head.mouth + 0.2, head.chin + 0.1
    for k in (-1, -3, 2):  # chin, jaw, and the front's jaw
        plane = made[k if k < 0 else _FRONT_JAW]
        combed = [
            head.at(
                *[
                    (u + 0.16 * t * u + 0.03 * float(np.sin(9 * t + 5 * u)), low - 0.25 + t * (high - low + 0.25))
                    for t in np.linspace(0, 1, 8)
                ]
            )
            for u in np.linspace(-0.85, 0.8, 17)
        ]
        made[k if k < 0 else _FRONT_JAW] = replace(plane, combed=tuple(combed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How one feature is seen: what is drawn of it and from where."""

    name: str
    """"left_eye", "right_eye", "lips_behind" the profile or "lips_before" it."""
    corners: tuple[tuple[float, float], ...]
    view: Points
    light: tuple[float, float]
    near: float
    far: float


def sights(head: Head, doubling: float, shift: float, seed: int) -> list[Sight]:
    """Both eyes and the mouth, each from its own side."""
    dice = Dice(seed, "cubist.sights")
    d, m, s = doubling, head.mouth, shift
    tilt = dice.roll(3, 8)
    near, other = ("left", "right") if head.across[0] > 0 else ("right", "left")
    return [
        # the profile's eye: larger, higher, turned to the front
        Sight(
            name=f"{near}_eye", light=(-0.8, 0.6), near=15, far=-7,
            corners=((-0.84, -0.20), (-0.36, -0.27), (-0.17, -0.04), (-0.22, 0.17), (-0.62, 0.25), (-0.86, 0.12)),
            view=head.view((-0.5, 0.0), shift=(0.0, -0.22 * s), turn=-tilt * s, grow=(1 + 0.30 * s, 1 + 0.45 * s)),
        ),
        # the front's eye: in the shade, lower
        Sight(
            name=f"{other}_eye", light=(0.9, 0.4), near=-14, far=3,
            corners=((0.20, -0.14), (0.62, -0.20), (0.86, -0.06), (0.78, 0.22), (0.34, 0.26), (0.21, 0.10)),
            view=head.view((0.5, 0.0), shift=(0.12 * s, 0.22 * s), turn=1.6 * tilt * s, grow=(1.0, 1.0 + 0.1 * s)),
        ),
        # half of the mouth goes to the profile, half stays before it
        Sight(
            name="lips_behind", light=(-1.0, 0.2), near=4, far=-6,
            corners=((-0.42, m - 0.16), (0.19 * d, m - 0.14), (0.30 * d, m - 0.07), (0.28 * d, m - 0.02),
                     (0.15 * d, m + 0.01), (0.27 * d, m + 0.06), (0.25 * d, m + 0.13), (0.12 * d, m + 0.2),
                     (-0.4, m + 0.18)),
            view=head.view((-0.35, m), grow=(1 + 0.55 * d, 1.0), shift=(0.0, -0.06 * s)),
        ),
        Sight(
            name="lips_before", light=(1.0, 0.2), near=-14, far=0,
            corners=((0.26 * d, m - 0.05), (0.46, m - 0.10), (0.56, m + 0.06), (0.44, m + 0.26), (0.24 * d, m + 0.24)),
            view=head.view((0.3, m), shift=(0.08 * s, 0.18 * s)),
        ),
    ]  # fmt: skip


def _feature_planes(head: Head, doubling: float, shift: float, seed: int) -> list[Plane]:
    return [
        Plane(
            kind="feature", outline=head.at(*sight.corners), view=sight.view, light=head.way(*sight.light),
            near=head.key * sight.near, far=head.key * sight.far, flat=0.0, warmth=0.1,
        )
        for sight in sights(head, doubling, shift, seed)
    ]  # fmt: skip


# the ground -------------------------------------------------------------------------------------


def ground_planes(
    head: Head, size: tuple[float, float], count: int, shift: float, passage: float, seed: int
) -> list[Plane]:
    """The whole picture split by long lines through places of the head, at a few repeated angles."""
    dice = Dice(seed, "cubist.ground")
    wide, high = size
    angles = scaffold(seed)
    knots = head.at((0, head.top), (-head.cheek, 0), (head.cheek, 0), (-0.6, head.chin), (0.6, head.chin),
                    (-head.back, -0.6), (head.front, -0.6), (0, head.crown), (0, 0.3),
                    (-1.6, 1.2), (1.6, 1.2))  # fmt: skip
    cells: list[Points] = [np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float64)]
    for _ in range(8 * count):  # a cell that no line splits well is tried again
        if len(cells) >= count:
            break
        sizes = [_area(cell) for cell in cells]
        cell = cells.pop(int(np.argmax(sizes)))
        middle = cell.mean(0)
        knot = knots[int(np.argmin(((knots - middle) ** 2).sum(1)))]
        through = middle + dice.roll(0.1, 0.7) * (knot - middle)
        angle = angles[dice.pick(len(angles))] + dice.roll(-5, 5)
        halves = _split(cell, through, angle)
        if len(halves) < 2:
            halves = _split(cell, middle, angle + 90)
        cells.extend(halves)
    made: list[Plane] = []
    for cell in cells:
        angle = np.deg2rad(angles[dice.pick(len(angles))] + 90)
        light = (float(np.cos(angle)), float(np.sin(angle)))
        if light[1] < 0:  # lighter above
            light = (-light[0], -light[1])
        amount = dice.roll(15, 27)
        made.append(
            Plane(
                kind="ground", outline=cell, light=light, near=amount, far=-amount, lost=0.8 * passage,
                view=head.view(
                    head.uv(cell.mean(0)), shift=(0.7 * shift * dice.roll(-1, 1), 0.7 * shift * dice.roll(-1, 1)),
                    turn=shift * dice.roll(-16, 16), grow=_evenly(1 + 0.25 * shift * dice.roll(-0.4, 1)),
                ),
                warmth=dice.roll(-0.6, 0.5), flat=0.62,
            )
        )  # fmt: skip
    return made


def scaffold(seed: int) -> list[float]:
    """The few angles at which long lines run, degrees from the horizontal."""
    dice = Dice(seed, "cubist.scaffold")
    lean = dice.roll(-7, 7)
    return [58 + lean, 122 + lean, 90 + 0.6 * lean, 35 + lean, 146 + lean, 8 + lean]


def veils(head: Head, count: int, shift: float, passage: float, seed: int) -> list[Plane]:
    """Planes that lie over figure and ground alike and let both through."""
    dice = Dice(seed, "cubist.veils")
    angles = scaffold(seed)
    places = [(-head.back, -0.9), (head.front, -0.9), (-1.35, 0.5), (1.3, 0.5), (-0.9, head.chin),
              (0.95, head.chin), (0.1, head.crown + 0.2), (-1.7, -0.2), (1.7, 0.0), (-1.5, 1.5), (1.6, 1.5),
              (0.5, head.top - 0.2)]  # fmt: skip
    made: list[Plane] = []
    for k in range(count):
        u, v = places[k % len(places)]
        centre = head.at((u + dice.roll(-0.25, 0.25), v + dice.roll(-0.25, 0.25)))[0]
        first = angles[dice.pick(3)] + dice.roll(-4, 4)
        second = angles[3 + dice.pick(3)] + dice.roll(-4, 4)
        long, short = dice.roll(0.55, 1.0) * head.unit, dice.roll(0.3, 0.55) * head.unit
        a, b = np.deg2rad(first), np.deg2rad(second)
        p, q = np.array([np.cos(a), np.sin(a)]), np.array([np.cos(b), np.sin(b)])
        cut = dice.roll(0.2, 0.9)
        corners = [
            centre - long * p - short * q,
            centre + long * p - short * q * cut,
            centre + long * cut * p + short * q,
            centre - long * p + short * q,
        ]
        if dice.roll() < 0.3:
            corners.pop(dice.pick(4))
        normal = np.array([-p[1], p[0]]) * (1 if dice.roll() < 0.5 else -1)
        bright = 1 if dice.roll() < 0.55 else -1
        made.append(
            Plane(
                kind="veil", outline=np.array(corners), light=(float(normal[0]), float(normal[1])), near=24.0 * bright,
                far=2.0 * bright, lost=min(1.0, 0.5 + 0.6 * passage), cover=0.85, warmth=dice.roll(-0.6, 0.6), flat=0.6,
                view=head.view((u, v), shift=(0.5 * shift * dice.roll(-1, 1), 0.5 * shift * dice.roll(-1, 1)),
                               turn=shift * dice.roll(-12, 12)),
            )
        )  # fmt: skip
    return made


def _evenly(times: float) -> tuple[float, float]:
    return times, times


def _area(cell: Points) -> float:
    x, y = cell[:, 0], cell[:, 1]
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def _split(cell: Points, through: Points, angle: float) -> list[Points]:
    """A convex cell on both sides of a line; one piece if the line misses it or would leave a splinter."""
    normal = np.array([-np.sin(np.deg2rad(angle)), np.cos(np.deg2rad(angle))])
    sides = (cell - through) @ normal
    halves: list[Points] = []
    for sign in (1.0, -1.0):
        kept: list[Points] = []
        for (p, a), (q, b) in pairwise([*zip(cell, sign * sides, strict=True), (cell[0], sign * sides[0])]):
            if a >= 0:
                kept.append(p)
            if a * b < 0:
                kept.append(p + (q - p) * (a / (a - b)))
        if len(kept) >= 3:
            halves.append(np.array(kept))
    if len(halves) < 2 or min(_area(half) for half in halves) < 0.22 * _area(cell):
        return [cell]
    return halves
