"""Architecture: behind the sitter, an endless building in which stairs climb walls and ceilings.

Rays are cast through a lattice of arcades whose every wall has its own direction of down (`limner.media.maze_kernel`);
it is lit by one low sun, as the squares of metaphysical painting are, fades into the distance, takes its colours from
the portrait, and gives the sitter's outline some of its light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.compositions.backdrop import plate
from limner.media.compositions.composition import Composition
from limner.media.compositions.lighting import direction_of, to_linear, to_srgb
from limner.media.compositions.relief import shoulders
from limner.media.compositions.scene import Scene
from limner.media.fields import smoothstep
from limner.media.hands import Hands
from limner.media.parameters import Parameters, choice, number, whole
from limner.media.raster import broad_blur, lab_of, resize, rgb_of

_SIDE = 640  # px of the longer side at which rays are cast
_BAND = 32
_ZOOM = 0.62  # focal length in units of the longer side


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture(Parameters):
    """What can be turned in the building."""

    light: str = choice("afternoon", ("afternoon", "dusk", "moon", "own"), "The hour; own = the portrait's colours.")
    hall: int = whole(2, 1, 4, "How wide the hall is: more, and it is further away.", unit="arches")
    tilt: float = number(7.0, -45.0, 45.0, "How far the building leans.", unit="degrees")
    air: float = number(0.5, 0.0, 1.0, "How soon it fades into the distance.")
    tint: float = number(0.4, 0.0, 1.0, "How much of the portrait's own ground colours the stone.")
    wrap: float = number(0.3, 0.0, 1.0, "How much of its light falls on the sitter's outline.")
    light_x: float = number(-0.6, -1.0, 1.0, "Where the light comes from: -1 = the viewer's left, 1 = right.")


_HOURS = {
    # stone in the sun, in the shade, the sky: sRGB
    "afternoon": ((0.98, 0.80, 0.52), (0.36, 0.36, 0.44), (0.45, 0.66, 0.66)),
    "dusk": ((0.98, 0.58, 0.38), (0.26, 0.22, 0.38), (0.64, 0.42, 0.48)),
    "moon": ((0.62, 0.72, 0.86), (0.10, 0.13, 0.24), (0.16, 0.24, 0.38)),
}


def compose(scene: Scene, parameters: Architecture, seed: int, hands: Hands) -> Floats:
    """The sitter before the building."""
    matte = _matte(scene)
    seen, light = _rays(scene, matte, parameters, seed, hands)
    building = resize(_painted(scene, seen, light, parameters), scene.shape, "cubic")
    air = broad_blur(building * (1 - matte)[..., None], 0.015 * scene.side)
    bare = broad_blur(1 - matte, 0.015 * scene.side)[..., None]
    about = air / np.maximum(bare, 1e-3)
    rim = np.clip(bare[..., 0] * 1.6, 0, 1) * matte * np.float32(parameters.wrap)
    sitter = to_linear(scene.picture)
    sitter = sitter * (1 - 0.45 * rim[..., None]) + about * (0.45 * rim)[..., None]
    return to_srgb(sitter * matte[..., None] + building * (1 - matte)[..., None])


def _matte(scene: Scene) -> Floats:
    """The sitter's outline, firm enough to keep the old ground out."""
    calm = np.minimum(scene.figure, smoothstep(0.05, 0.6, scene.relief.mask))
    firm = np.maximum(smoothstep(0.35, 0.85, calm), smoothstep(0.5, 1.0, scene.face))
    deep = smoothstep(0.84, 0.97, broad_blur(scene.relief.mask, 0.03 * scene.side))  # a dark lock is no hole
    firm = np.maximum(firm, deep)
    return firm if scene.features is None else np.maximum(firm, shoulders(scene.shape, scene.features))


def _rays(scene: Scene, matte: Floats, parameters: Architecture, seed: int, hands: Hands) -> tuple[Floats, Floats]:
    """What rays meet where the sitter does not hide it, [h, w, 6], see `maze_kernel.SEES`; and the sun."""
    from limner.media.maze_kernel import look

    factor = min(1.0, _SIDE / scene.side)
    shape = (max(1, round(scene.shape[0] * factor)), max(1, round(scene.shape[1] * factor)))
    wanted = np.ascontiguousarray((resize(matte, shape, "area") < 0.995).astype(np.float32))
    chance = uniform(seed, "architecture.view", 4)
    eye = np.array([0.60 * (chance[0] - 0.5), 0.30 * (chance[1] - 0.5), -0.4])
    yaw, pitch, roll = np.radians([14 * (chance[2] - 0.5), 10 * (chance[3] - 0.5), parameters.tilt])
    turn = _about(2, roll) @ _about(1, yaw) @ _about(0, pitch)
    light = turn @ _sun(parameters)
    seen = np.full((*shape, 6), -1, np.float32)

    def band(k: int) -> None:
        look(
            eye, np.ascontiguousarray(turn), _ZOOM, np.ascontiguousarray(light), seed % (1 << 30),
            2 * parameters.hall + 0.85, wanted, k * _BAND, min(shape[0], (k + 1) * _BAND), seen,
        )  # fmt: skip

    hands.each(band, -(-shape[0] // _BAND))
    return seen, light


def _sun(parameters: Architecture) -> Floats:
    """Unit vector to the sun, as the viewer sees it: x to the right, y downwards, z away."""
    return np.asarray(direction_of(parameters.light_x, 0.7), np.float64) * np.array([1, 1, -1.0])


def _about(axis: int, angle: float) -> Floats:
    """A rotation about an axis, [3, 3]."""
    turn = np.eye(3)
    a, b = [k for k in range(3) if k != axis]
    turn[a, a] = turn[b, b] = np.cos(angle)
    turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
    return turn


def _painted(scene: Scene, seen: Floats, light: Floats, parameters: Architecture) -> Floats:
    """Colour of the building, linear [h, w, 3]."""
    far, normal, open_, lit = seen[..., 0], seen[..., 1:4], seen[..., 4], seen[..., 5]
    sun, shade, sky = (to_linear(np.array(c, np.float32)) for c in _palette(scene, parameters))
    facing = np.clip(normal @ light.astype(np.float32), 0, 1) * (0.12 + 0.88 * lit)
    upward = np.clip(0.55 - 0.45 * normal[..., 1], 0, 1)
    stone = sun * (1.6 * facing)[..., None] + shade * ((0.22 + 0.68 * upward) * (0.12 + 0.88 * open_))[..., None]
    fade = np.exp(-np.maximum(far, 0) * np.float32((0.02 + 0.22 * parameters.air) / (1 + parameters.hall)))[..., None]
    return np.where((far < 0)[..., None], sky, stone * fade + sky * (1 - fade)).astype(np.float32)


def _palette(scene: Scene, parameters: Architecture) -> list[Floats]:
    """Sunlit stone, shaded stone and sky, sRGB, mixed with the portrait's own ground."""
    own = plate(scene.picture, scene.figure)
    ground = lab_of(resize(own, (1, 1), "area"))[0, 0]
    hour = parameters.light if parameters.light != "own" else "afternoon"
    share = np.float32(1.0 if parameters.light == "own" else parameters.tint)
    mixed: list[Floats] = []
    for colour in _HOURS[hour]:
        lab = lab_of(np.array([[colour]], np.float32))[0, 0].copy()
        lab[1:] = lab[1:] * (1 - share) + 1.15 * ground[1:] * share
        lab[0] = lab[0] * (1 - 0.35 * share) + (0.5 * lab[0] + 0.5 * ground[0]) * 0.35 * share
        mixed.append(rgb_of(lab[None, None])[0, 0])
    return mixed


ARCHITECTURE = Composition(
    id="architecture",
    title="Impossible architecture",
    help="Behind the sitter, an endless building in which stairs climb walls and ceilings.",
    parameters=Architecture,
    compose=compose,
)
