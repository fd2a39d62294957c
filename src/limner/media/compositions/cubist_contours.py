"""Contours of a cubist portrait: open lines that draw profile, lids and mouth, and edges of planes that run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limner.core.features import Features
from limner.media.compositions.cubist_drawing import Sight, arc, between, profile, sights
from limner.media.compositions.cubist_planes import Dice, Head, Plane, Points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contour:
    """One drawn line, thin at its ends and open."""

    points: Points
    """[n, 2] in units of the longer side."""
    width: float
    """Where it is widest, in distances between the eyes."""
    strength: float
    """How dark, 0..1."""
    light: bool = False
    """A light line instead of a dark one."""
    within: Points | None = None
    """The plane that it is kept inside."""


def contours(head: Head, features: Features | None, doubling: float, shift: float, seed: int) -> list[Contour]:
    """What is drawn: the profile, brows, lids, mouth, nostril, ear, jaw and skull."""
    d, w, n, c = doubling, head.cheek, head.nose, head.chin
    made: list[Contour] = []

    def draw(places: Sequence[tuple[float, float]], width: float, strength: float, *, light: bool = False) -> None:
        made.append(Contour(points=head.at(*places), width=width, strength=strength, light=light))

    line = profile(head, d, seed)
    draw(between(line, head.top - 1, head.brow + 0.02), 0.022, 0.55)
    draw(between(line, head.brow - 0.05, n + 0.1), 0.034, 0.95)
    draw(between(line, n + 0.05, c + 0.2), 0.028, 0.85)
    echo = [(u + 0.24, v + 0.04) for u, v in between(line, head.top, head.brow + 0.2)]
    draw(echo, 0.016, 0.5)
    draw(arc(-0.35, -0.38, head.back - 0.04, -head.crown - 0.3, 225, 172, 10), 0.018, 0.5)
    draw([(-0.22, n - 0.16), (-0.30, n - 0.08), (-0.27, n + 0.01), (-0.16, n + 0.04)], 0.024, 0.8)
    draw([(0.02 + 0.1 * d, n + 0.02), (0.12 + 0.1 * d, n - 0.02), (0.2 + 0.12 * d, n + 0.01)], 0.03, 0.85)
    draw(arc(0.05, 0.35, 1.0 * w, c - 0.35, 8, 52), 0.024, 0.7)
    draw(arc(-0.02, 0.42, 1.0 * w, c - 0.35, 58, 84), 0.02, 0.6)
    draw(arc(-0.1, 0.25, 0.98 * w, c - 0.22, 100, 150), 0.026, 0.7)
    draw(arc(-0.15, -0.3, head.back - 0.04, -head.crown - 0.24, 262, 200, 18), 0.026, 0.7)
    draw(arc(0.1, -0.35, head.front, -head.crown - 0.3, 305, 345, 14), 0.02, 0.55)
    ear = -0.98 * w
    draw(arc(ear, 0.28, 0.15, 0.32, 300, 80), 0.022, 0.7)
    draw(arc(ear - 0.01, 0.25, 0.07, 0.17, 320, 100), 0.016, 0.6)
    draw([(-0.30, c - 0.05), (-0.36, c + 0.4), (-0.2, c + 1.2)], 0.022, 0.6)
    if features is not None and head.seen:
        made.extend(_feature_lines(head, features, doubling, shift, seed))
    return made


def edge_lines(planes: Sequence[Plane], head: Head, seed: int) -> list[list[Contour]]:
    """For each plane what is drawn with it: its comb, and a line along its near, hard edge that may run on."""
    dice = Dice(seed, "cubist.edges")
    share = {"ground": 0.55, "hair": 0.5, "head": 0.35, "veil": 0.6, "feature": 0.0}
    made: list[list[Contour]] = []
    for plane in planes:
        wanted, on, strength = dice.roll() < share[plane.kind], dice.roll(0.0, 0.22), dice.roll(0.3, 0.8)
        corners = plane.outline
        towards = corners @ np.array(plane.light)
        long = np.hypot(*(np.roll(corners, -1, 0) - corners).T) > 0.3 * head.unit
        drawn = [
            Contour(points=line, width=0.018 if k % 2 else 0.024, strength=0.5, light=k % 3 == 2, within=plane.outline)
            for k, line in enumerate(plane.combed)
        ]
        made.append(drawn)
        if not wanted or not long.any():
            continue
        k = int(np.argmin(np.where(long, towards + np.roll(towards, -1), np.inf)))
        p, q = corners[k], corners[(k + 1) % len(corners)]
        run = on * (q - p)
        drawn.append(Contour(points=np.array([p - run, (p + q) / 2, q + run]), width=0.02, strength=strength))
    return made


def _feature_lines(head: Head, features: Features, doubling: float, shift: float, seed: int) -> list[Contour]:
    """Lids, brows and the line of the mouth, moved as their planes are."""
    outlines = {name: np.asarray(points, np.float64) for name, points in features.outlines().items()}
    made: list[Contour] = []
    for sight in sights(head, doubling, shift, seed):
        matrix = np.linalg.inv(sight.view[:, :2])

        def seen(points: Points, sight: Sight = sight, matrix: Points = matrix) -> Points:
            return (points - sight.view[:, 2]) @ matrix.T

        name = sight.name
        if name.endswith("_eye"):
            eye = seen(outlines[name])
            eye = eye[np.argsort(eye[:, 0])]
            middle = np.interp(eye[:, 0], eye[[0, -1], 0], eye[[0, -1], 1])
            upper = eye[eye[:, 1] <= middle + 1e-9]
            lower = eye[eye[:, 1] >= middle - 1e-9]
            made.append(Contour(points=_longer(upper, 0.25), width=0.034, strength=0.95))
            made.append(Contour(points=_longer(lower, 0.1), width=0.018, strength=0.7))
            shape = seen(outlines[name.replace("eye", "brow")])
            ridge = shape[np.argsort(shape[:, 0])][::2]
            made.append(Contour(points=_longer(ridge, 0.15), width=0.05, strength=0.75))
        else:
            mouth = outlines["mouth"]
            mouth = mouth[np.argsort(mouth[:, 0])]
            part = (mouth - head.origin) @ np.linalg.inv(np.stack([head.across, head.down], 1)).T
            keep = part[:, 0] <= 0.02 if name == "lips_behind" else part[:, 0] >= 0.1
            if keep.sum() >= 2:
                made.append(Contour(points=seen(mouth[keep]), width=0.026, strength=0.9))
    return made


def _longer(points: Points, share: float) -> Points:
    """An open line run on at both ends."""
    whole = share * (points[-1] - points[0])
    return np.concatenate([[points[0] - 0.3 * whole], points, [points[-1] + 0.6 * whole]])
