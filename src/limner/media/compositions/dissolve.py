"""Dissolve: the head breaks up along a front into birds, butterflies, petals, leaves or shards that fly off.

A noisy front runs over the figure from one side; what lies beyond it is gone, and the background shows.  Everything
that flies was a piece of the sitter: it takes the colour of the place that it left, and is the smaller and the rarer
the further it has come.  Eyes, nose and mouth hold out longest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.compositions.backdrop import plate
from limner.media.compositions.composition import Composition
from limner.media.compositions.scene import Scene
from limner.media.compositions.solid import solid
from limner.media.compositions.sprites import KINDS, cover_of, placed, sprite
from limner.media.fields import smoothstep
from limner.media.hands import Hands
from limner.media.parameters import Parameters, choice, number
from limner.media.raster import blur, broad_blur, resize, sample

_GRID = 128  # px of the longer side at which places to fly from are drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissolve(Parameters):
    """What can be turned in a dissolving."""

    into: str = choice("birds", KINDS, "What the head becomes.")
    amount: float = number(0.5, 0.1, 1.0, "How far the front has come over the head.")
    towards: float = number(35.0, -180.0, 180.0, "Where they fly: 0 = right, 90 = up, 180 = left.", unit="degrees")
    many: float = number(1.0, 0.2, 3.0, "How many fly.", unit="times")
    size: float = number(1.0, 0.4, 2.5, "How large they are.", unit="times")
    spread: float = number(1.0, 0.3, 2.0, "How far they have flown.", unit="times")
    colour: float = number(0.85, 0.0, 1.0, "From silhouettes (0) to the sitter's own colours (1).")


def compose(scene: Scene, parameters: Dissolve, seed: int, hands: Hands) -> Floats:
    """The sitter, half gone."""
    angle = np.radians(parameters.towards)
    wind = np.array([np.cos(angle), -np.sin(angle)], np.float32)
    ground = plate(scene.picture, scene.figure, soft=0.012)
    front = _front(scene, wind, parameters.amount, seed)
    hands.cancel.check()
    picture, keep = _eaten(scene, ground, front, parameters, seed)
    hands.cancel.check()
    return _flown(scene, picture, keep, ground, front, wind, parameters, seed)


def _front(scene: Scene, wind: Floats, amount: float, seed: int) -> Floats:
    """How far behind the front a place lies: < 0 whole, > 0 gone; in units of the longer side, float32 [h, w]."""
    half = (max(1, scene.shape[0] // 2), max(1, scene.shape[1] // 2))
    x, y = scene.places(half)
    figure = resize(scene.figure, half, "area")
    along = x * wind[0] + y * wind[1]
    inside = along[figure > 0.5] if (figure > 0.5).any() else along.ravel()
    low, high = (float(v) for v in np.quantile(inside, (0.02, 0.98)))
    line = high + 0.10 - (high - low + 0.10) * (0.12 + 0.62 * amount)
    form = resize(scene.relief.height, half, "area")
    noise = solid(seed, "dissolve.front", x, y, form, 5.0, 4)
    front = along - line + 0.075 * noise
    if scene.features is not None:
        features = scene.features
        for place, reach, weight in (
            ((features.left_eye.mean(0) + features.right_eye.mean(0)) / 2, 0.13, 0.22),
            (features.nose.mean(0), 0.12, 0.20),
            (features.lips.mean(0), 0.11, 0.18),
        ):
            far = ((x - place[0]) ** 2 + (y - place[1]) ** 2) / np.float32(2 * reach * reach)
            front = front - np.float32(weight * (1.15 - amount)) * np.exp(-far)
    return np.asarray(resize(front, scene.shape, "cubic"), np.float32)


def _eaten(scene: Scene, ground: Floats, front: Floats, parameters: Dissolve, seed: int) -> tuple[Floats, Floats]:
    """The picture with what is gone taken out, with the shapes of what has just left along the edge."""
    side = scene.side
    x, y = scene.places()
    gone = smoothstep(-0.004, 0.004, front)
    holes = np.zeros(scene.shape, np.float32)
    chance = uniform(seed, "dissolve.holes", 260 * 12).reshape(260, 12).astype(np.float32)
    places = _drawn(scene, np.exp(-(((front + 0.03) / 0.035) ** 2)), 260, seed, "dissolve.hole")
    for k, place in enumerate(places[: int(min(260, 120 * parameters.many))]):
        size = parameters.size * side * 0.022 * (0.5 + 0.9 * chance[k, 0])
        for part in sprite(parameters.into, float(chance[k, 1]), chance[k, 4:]):
            found = cover_of(placed(part.points, place * side, size, 6.283 * float(chance[k, 2])), scene.shape)
            if found is not None:
                rows, columns, cover = found
                np.maximum(holes[rows, columns], cover, out=holes[rows, columns])
    keep = np.clip(1 - gone, 0, 1) * (1 - holes)
    edge = blur(keep, 0.0022 * side)
    rim = np.clip(edge - sample(edge, *_shifted(scene, 0.004, 0.004)), 0, 1) * keep  # the shell's lit thickness
    dark = keep * np.clip(1 - broad_blur(keep, 0.02 * side), 0, 1)
    whole = scene.picture * (1 - 0.35 * dark)[..., None]
    whole = whole + (rim * 0.35)[..., None] * (0.4 + 0.6 * scene.picture)
    inside = np.clip(scene.figure, 0, 1)
    share = (1 - keep) * smoothstep(0.02, 0.35, inside)
    # a halo of the sitter that the matte left out fades, too
    halo = smoothstep(-0.01, 0.03, front) * np.clip(broad_blur(inside, 0.03 * side) * 3, 0, 1)
    share = np.maximum(share, halo)[..., None]
    del x, y
    return whole * (1 - share) + ground * share, keep


def _shifted(scene: Scene, x: float, y: float) -> tuple[Floats, Floats]:
    high, wide = scene.shape
    py, px = np.mgrid[0:high, 0:wide].astype(np.float32)
    return px + np.float32(x * scene.side), py + np.float32(y * scene.side)


def _drawn(scene: Scene, weight: Floats, count: int, seed: int, stream: str) -> Floats:
    """Places in the figure drawn by a weight, [count, 2] in units of the longer side; none where it is nothing."""
    factor = _GRID / scene.side
    shape = (max(1, round(scene.shape[0] * factor)), max(1, round(scene.shape[1] * factor)))
    chance = (resize(weight * np.clip(scene.figure, 0, 1), shape, "area")).astype(np.float64).ravel()
    total = float(chance.sum())
    if total < 1e-6:
        return np.zeros((0, 2), np.float32)
    numbers = uniform(seed, stream, 3 * count).reshape(count, 3)
    index = np.minimum(np.searchsorted(np.cumsum(chance) / total, numbers[:, 0]), chance.size - 1)
    y, x = np.divmod(index, shape[1])
    longer = max(shape)
    return (np.stack([x + numbers[:, 1], y + numbers[:, 2]], -1) / longer).astype(np.float32)


def _flown(
    scene: Scene,
    picture: Floats,
    keep: Floats,
    ground: Floats,
    front: Floats,
    wind: Floats,
    parameters: Dissolve,
    seed: int,
) -> Floats:
    """Everything that left, on its way."""
    side, shape = scene.side, scene.shape
    count = round(230 * parameters.many)
    weight = smoothstep(-0.05, 0.02, front) * np.exp(-np.clip(front, 0, 1) / 0.30)
    places = _drawn(scene, weight, count, seed, "dissolve.from")
    if not len(places):
        return picture
    chance = uniform(seed, "dissolve.fly", count * 16).reshape(count, 16).astype(np.float32)
    far = (chance[:, 0] ** 1.7) * np.float32(0.60 * parameters.spread)
    across = np.array([-wind[1], wind[0]], np.float32)
    drift = (chance[:, 1] + chance[:, 2] - 1) * (0.02 + 0.55 * far)
    at = places + far[:, None] * wind + drift[:, None] * across
    flat = blur(scene.picture, 0.006 * side)
    behind = blur(ground, 0.01 * side)
    out = np.ascontiguousarray(picture)
    shade = np.zeros(shape, np.float32)
    order = np.argsort(-far, kind="stable")
    drawn: list[tuple[Floats, float, Floats]] = []
    for k in order:
        size = side * parameters.size * (0.046 - 0.034 * min(1.0, far[k] / 0.6)) * (0.6 + 0.75 * chance[k, 3])
        heading = np.arctan2(wind[1] + 0.9 * (drift[k] / max(far[k], 0.05)) * across[1] * 0.6, wind[0]) + (
            chance[k, 4] - 0.5
        ) * (1.1 if parameters.into == "birds" else 6.2)
        tone = _colour(flat, behind, places[k], at[k], side, float(chance[k, 5]), parameters.colour)
        if parameters.into == "birds" and np.cos(heading) < 0:
            mirror = np.array([1, -1], np.float32)
        else:
            mirror = np.array([1, 1], np.float32)
        for part in sprite(parameters.into, float(chance[k, 6]), chance[k, 8:]):
            points = placed(part.points * mirror, at[k] * side, float(size), float(heading))
            drawn.append((points, part.tone, tone))
            if far[k] < 0.10 and part.tone > 0.8:
                found = cover_of(points + np.float32(0.010 * side), shape)
                if found is not None:
                    rows, columns, cover = found
                    np.maximum(shade[rows, columns], cover, out=shade[rows, columns])
    out *= (1 - 0.34 * blur(shade, 0.006 * side) * keep)[..., None]
    for points, factor, tone in drawn:
        found = cover_of(points, shape)
        if found is not None:
            rows, columns, cover = found
            patch = out[rows, columns]
            lit = np.linspace(1.10, 0.86, cover.shape[0], dtype=np.float32)[:, None, None]
            colour = np.clip(tone * np.float32(factor) * lit, 0, 1)
            patch += (colour - patch) * cover[..., None]
    return out


def _colour(flat: Floats, behind: Floats, source: Floats, at: Floats, side: int, chance: float, own: float) -> Floats:
    """Colour of one: that of the place that it left, kept apart from what is behind it."""
    high, wide = flat.shape[:2]

    def pick(field: Floats, place: Floats) -> Floats:
        return field[min(max(int(place[1] * side), 0), high - 1), min(max(int(place[0] * side), 0), wide - 1)]

    colour, ground = pick(flat, source), pick(behind, at)
    weights = np.array([0.30, 0.59, 0.11], np.float32)
    silhouette = np.full(3, 0.06 if float(ground @ weights) > 0.35 else 0.82, np.float32)
    colour = silhouette + (colour - silhouette) * np.float32(own)
    colour = colour * np.float32(0.86 + 0.34 * chance)
    light, other = float(colour @ weights), float(ground @ weights)
    gap = 0.16
    if abs(light - other) < gap:
        target = other - gap if (light <= other and other > 0.24) or other > 0.75 else other + gap
        colour = colour + np.float32(target - light) if light < 0.02 else colour * np.float32(target / light)
    return np.clip(colour, 0, 1)


DISSOLVE = Composition(
    id="dissolve",
    title="Dissolve",
    help="The head breaks up into birds, butterflies, petals, leaves or shards that fly off.",
    parameters=Dissolve,
    compose=compose,
)
