"""Planes of a cubist portrait: where they lie, from where each is seen, and how light falls on it.

Geometry only.  The head is drawn in a frame of its own: the unit is the distance between the eyes, u runs to the
side that the profile looks to, v down to the chin, and 0, 0 lies between the eyes.  So one drawing fits every
sitter, and it may look to either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.core.rng import uniform
from limner.media.arrays import Floats

Points = npt.NDArray[np.floating[Any]]
"""Places, [n, 2]."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """One plane.  Places and lengths are in units of the picture's longer side."""

    kind: str
    """"ground", "hair", "head", "feature" or "veil"."""
    outline: Points
    """Its corners, [n, 2]."""
    view: Points
    """[2, 3]: what place of the portrait is seen at a place of the plane."""
    light: tuple[float, float]
    """Unit vector along which its light changes; the far edge is the lost one."""
    near: float
    """How much lighter it is at its near edge, in L*."""
    far: float
    """How much lighter at its far edge, in L*."""
    lost: float = 0.0
    """How far it passes into what lies under it at its far edge, 0..1."""
    warmth: float = 0.0
    """Warmer (ochre) or cooler (grey) than what it shows, -1..1."""
    flat: float = 0.0
    """How far what it shows is drawn to its mean colour, 0..1."""
    cover: float = 1.0
    """How much it hides, 0..1."""
    hairy: float = 0.0
    """How far that mean is drawn to the colour of the hair, 0..1."""
    combed: tuple[Points, ...] = ()
    """Lines as a painter's comb draws them, each [n, 2], kept inside the plane."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """A frame on the sitter's head and what is measured in it, in distances between the eyes."""

    origin: Points
    """Between the eyes, [2] in units of the longer side."""
    across: Points
    """One distance between the eyes, towards the side that the profile looks to, [2]."""
    down: Points
    """The same, towards the chin, [2]."""
    brow: float
    nose: float
    """v of the nose's base."""
    mouth: float
    chin: float
    top: float
    """v of the face's upper edge."""
    crown: float
    """v of the top of the hair."""
    back: float
    """-u of the head's side behind the profile."""
    front: float
    """u of the head's other side."""
    cheek: float
    """Half the width of the face."""
    key: float
    """1: the profile is lit against the shade; below 0: it is dark against the light."""
    beard: bool
    """Chin and cheek differ in tone."""
    seen: bool
    """Eyes and mouth are known, not guessed."""

    @property
    def unit(self) -> float:
        """The distance between the eyes in units of the longer side."""
        return float(np.hypot(*self.across))

    def at(self, *places: tuple[float, float]) -> Points:
        """Places (u, v) in units of the longer side, [n, 2]."""
        uv = np.array(places, np.float64)
        return self.origin + uv[:, :1] * self.across + uv[:, 1:] * self.down

    def uv(self, place: Points) -> tuple[float, float]:
        """u and v of a place in units of the longer side."""
        u, v = np.linalg.inv(np.stack([self.across, self.down], 1)) @ (place - self.origin)
        return float(u), float(v)

    def way(self, u: float, v: float) -> tuple[float, float]:
        """A direction in the picture, a unit vector."""
        vector = u * self.across + v * self.down
        vector = vector / max(float(np.hypot(*vector)), 1e-9)
        return float(vector[0]), float(vector[1])

    def view(
        self,
        centre: tuple[float, float],
        *,
        shift: tuple[float, float] = (0.0, 0.0),
        turn: float = 0.0,
        grow: tuple[float, float] = (1.0, 1.0),
    ) -> Points:
        """A viewpoint: what lies at `centre` is grown along u and v, turned and moved.

        Args:
            centre: u, v.
            shift: u, v.
            turn: degrees.
            grow: times.

        Returns:
            [2, 3], from places of the picture to places of the portrait.
        """
        axes = np.stack([self.across, self.down], 1)
        angle = np.deg2rad(turn)
        spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        forth = axes @ spin @ np.diag(grow) @ np.linalg.inv(axes)
        back = np.linalg.inv(forth)
        pivot = self.at(centre)[0]
        moved = pivot + shift[0] * self.across + shift[1] * self.down
        return np.concatenate([back, (pivot - back @ moved)[:, None]], 1)


class Dice:
    """Random numbers of one stream, one after another."""

    def __init__(self, seed: int, stream: str, count: int = 4096) -> None:
        self._numbers = uniform(seed, stream, count)
        self._at = 0

    def roll(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number between two."""
        value = float(self._numbers[self._at % len(self._numbers)])
        self._at += 1
        return low + (high - low) * value

    def pick(self, count: int) -> int:
        """One of 0..count-1."""
        return min(count - 1, int(self.roll(0, count)))


def head_of(lab: Floats, features: Features | None, figure: Floats, side: int, key: float) -> Head:
    """The frame on a sitter's head; guessed from the figure where no face is known.

    Args:
        lab: the portrait, [h, w, 3] at any size.
        features: where the parts of the face lie.
        figure: how much each place belongs to the sitter, [h, w].
        side: 1 = the profile looks to the viewer's right, -1 = to the left.
        key: see `Head.key`.
    """
    if features is None:
        return _guessed(figure, side, key)
    part = {name: np.asarray(points, np.float64) for name, points in features.outlines().items()}
    left, right = part["left_iris"].mean(0), part["right_iris"].mean(0)
    across = right - left
    if np.hypot(*across) < 1e-3:
        return _guessed(figure, side, key)
    origin = (left + right) / 2
    down = np.array([-across[1], across[0]])
    if down @ (part["face"].mean(0) - origin) < 0:
        down = -down
    across = across * side
    axes = np.linalg.inv(np.stack([across, down], 1))
    uv = {name: (points - origin) @ axes.T for name, points in part.items()}
    face = uv["face"]
    top, chin = float(face[:, 1].min()), float(face[:, 1].max())
    nose = float(np.clip(uv["nose"][:, 1].max(), 0.3, 1.0))
    mouth = float(np.clip(uv["lips"][:, 1].mean(), nose + 0.2, nose + 0.9))
    cheek = float(np.clip(np.abs(face[:, 0]).mean() * 1.25, 0.8, 1.5))
    back, front, crown = _reach(figure, origin, across, down, cheek, top)
    top = _hairline(lab, origin, across, down, float(np.clip(top, -1.4, -0.55)), crown)
    return Head(
        origin=origin, across=across, down=down, seen=True,
        brow=float(np.clip((uv["left_brow"][:, 1].mean() + uv["right_brow"][:, 1].mean()) / 2, -0.6, -0.15)),
        nose=nose, mouth=mouth, chin=float(np.clip(chin, mouth + 0.35, mouth + 1.2)),
        top=top, crown=crown, back=back, front=front, cheek=cheek,
        key=key, beard=_bearded(lab, origin, across, down, nose, chin),
    )  # fmt: skip


def _guessed(figure: Floats, side: int, key: float) -> Head:
    """A head in the middle of the figure."""
    high, wide = figure.shape
    longer = max(high, wide)
    weights: Points = figure.sum(0) + 1e-3
    moment = np.cumsum((np.arange(wide, dtype=np.float64) + 0.5) * weights)
    middle = float(moment[-1] / weights.sum()) / longer
    unit = 0.26 * min(high, wide) / longer
    return Head(
        origin=np.array([middle, 0.5 * high / longer]), across=np.array([unit * side, 0.0]),
        down=np.array([0.0, unit]), brow=-0.3, nose=0.62, mouth=1.05, chin=1.62, top=-0.85, crown=-1.7, back=1.5,
        front=1.5, cheek=1.08, beard=False, key=key, seen=False,
    )  # fmt: skip


def _reach(
    figure: Floats, origin: Points, across: Points, down: Points, cheek: float, top: float
) -> tuple[float, float, float]:
    """How far the head reaches behind the profile, before it, and up."""
    high, wide = figure.shape
    longer = max(high, wide)

    def share(u: float, v: float) -> float:
        x, y = (origin + u * across + v * down) * longer
        column, row = int(np.clip(x, 0, wide - 1)), int(np.clip(y, 0, high - 1))
        return float(figure[row, column]) if 0 <= x < wide and 0 <= y < high else 0.0

    steps = np.linspace(0, 1, 21)

    def last(places: Sequence[tuple[float, float]], least: float) -> float:
        count = 0
        for place in places:
            if share(*place) < 0.5:
                break
            count += 1
        return least + (0.9 * count / len(places))

    back = last([(-(cheek + 0.9 * float(k)), -0.5) for k in steps], cheek)
    front = last([(cheek + 0.9 * float(k), -0.5) for k in steps], cheek)
    crown = -last([(0.0, top - 0.9 * float(k)) for k in steps], -top)
    return max(back, cheek + 0.12), max(front, cheek + 0.12), min(crown, top - 0.25, -1.5)


def _tone(lab: Floats, place: Points) -> Floats:
    """The colour at a place in units of the longer side, or at the rim next to it."""
    high, wide = lab.shape[:2]
    x, y = place * max(high, wide)
    return lab[int(np.clip(y, 0, high - 1)), int(np.clip(x, 0, wide - 1))]


def _bearded(lab: Floats, origin: Points, across: Points, down: Points, nose: float, chin: float) -> bool:
    """Whether chin and jaw differ clearly from both cheeks."""

    def mean(places: Sequence[tuple[float, float]]) -> Floats:
        return np.mean([_tone(lab, origin + u * across + v * down) for u, v in places], axis=0)

    low = chin - 0.18
    jaw = mean([(-0.25, low), (0.0, low), (0.25, low), (-0.15, low + 0.08), (0.15, low + 0.08)])
    left, right = (mean([(s * 0.5, nose), (s * 0.6, nose - 0.1), (s * 0.5, nose - 0.2)]) for s in (-1, 1))
    nearer = min(float(np.hypot(0.8 * (jaw - c)[0], np.hypot(*(jaw - c)[1:]))) for c in (left, right))
    return nearer > 13


def _hairline(lab: Floats, origin: Points, across: Points, down: Points, top: float, crown: float) -> float:
    """How far the skin goes on above the face's outline: v where its colour ends."""

    def colour(u: float, v: float) -> Floats:
        return _tone(lab, origin + u * across + v * down)

    found: list[float] = []
    for u in (-0.3, -0.1, 0.1, 0.3):
        skin = np.mean([colour(u, top + 0.15 + 0.05 * k) for k in range(4)], axis=0)
        v = top + 0.1
        while v > crown + 0.2 and float(np.hypot(*(colour(u, v) - skin)[:2])) < 14:
            v -= 0.04
        found.append(v)
    return float(np.clip(np.median(found), max(crown + 0.22, top - 0.5), top))
