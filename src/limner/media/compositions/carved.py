"""Carved: the sitter cut from stone.

The head's relief is lit anew.  Stone that lets light in glows where light creeps round a form (a wrapped and blurred
key light stands for what travels under the surface); veins are level sets of noise in space, so they run over nose
and cheek as through a block; eyes have no colour but a drilled pupil, as Roman portraits have; hair is cut in
grooves along its flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.palette import parse_hex
from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.compositions.backdrop import plate
from limner.media.compositions.composition import Composition
from limner.media.compositions.lighting import bloom, direction_of, lit, to_linear, to_srgb
from limner.media.compositions.relief import normals_of
from limner.media.compositions.scene import Scene
from limner.media.compositions.solid import solid
from limner.media.fields import smoothstep
from limner.media.hands import Hands
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.raster import blur, broad_blur, grey_of, resize, sample, shift


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stone:
    """What a stone is."""

    body: str
    vein: str
    """Colour of its natural veins."""
    veined: float
    """How clearly they show, 0..1."""
    cells: float
    """Veins to the side."""
    within: float
    """How far light travels in it, 0..1."""
    inner: str
    """Colour of the light that comes out again."""
    gloss: float
    shine: float
    grain: float
    """Unevenness of its colour."""
    dim: float = 0.0
    """How much of its backdrop's light is held back, 0..1."""


_STONES = {
    "alabaster": _Stone(body="#e7dac6", vein="#b98d63", veined=0.34, cells=3.2,
        within=1.0, inner="#ffc48c", gloss=26, shine=0.10, grain=0.05, dim=0.55),
    "marble": _Stone(body="#ecebe8", vein="#70767e", veined=0.55, cells=3.0,
        within=0.45, inner="#ffe9d6", gloss=34, shine=0.10, grain=0.035, dim=0.5),
    "black-marble": _Stone(body="#25262b", vein="#d8d4cc", veined=0.8, cells=2.6,
        within=0.0, inner="#000000", gloss=70, shine=0.75, grain=0.10, dim=0.35),
    "basalt": _Stone(body="#4b4c4e", vein="#2c2d30", veined=0.10, cells=3.0,
        within=0.0, inner="#000000", gloss=12, shine=0.16, grain=0.22, dim=0.45),
    "jade": _Stone(body="#5f9a76", vein="#e0ecd4", veined=0.42, cells=3.4,
        within=0.95, inner="#b8f0a0", gloss=60, shine=0.34, grain=0.10, dim=0.6),
    "sandstone": _Stone(body="#c99d6c", vein="#8d5a3a", veined=0.30, cells=9.0,
        within=0.0, inner="#000000", gloss=8, shine=0.03, grain=0.20, dim=0.35),
    "wood": _Stone(body="#8a5a34", vein="#3a2112", veined=0.75, cells=2.4,
        within=0.0, inner="#000000", gloss=22, shine=0.18, grain=0.12, dim=0.5),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Carved(Parameters):
    """What can be turned in a carving."""

    stone: str = choice("alabaster", tuple(_STONES), "What it is cut from.")
    veins: float = number(0.0, 0.0, 1.0, "Veins that glow from within.")
    glow: str = colour("#ffab3d", "Colour of glowing veins.")
    veining: float = number(1.0, 0.0, 2.0, "Strength of the stone's own veins.", unit="times")
    depth: float = number(1.0, 0.4, 1.6, "How far the relief stands out.", unit="times")
    finish: float = number(0.7, 0.0, 1.0, "From chiselled (0) to polished (1).")
    pupils: float = number(0.7, 0.0, 1.0, "How deep pupils are drilled; 0 = blank eyes.")
    likeness: float = number(0.85, 0.0, 1.0, "How much of the sitter's own tones stays in the stone.")
    light_x: float = number(-0.55, -1.0, 1.0, "Where the light comes from: -1 = the viewer's left, 1 = right.")
    light_y: float = number(0.6, -1.0, 1.0, "Where the light comes from: 1 = above, -1 = below.")
    backdrop: float = number(1.0, 0.0, 1.0, "From the portrait's own ground (0) to a quiet dark one (1).")


def compose(scene: Scene, parameters: Carved, seed: int, hands: Hands) -> Floats:
    """The sitter in stone before a quiet ground."""
    stone = _STONES[parameters.stone]
    relief, side = scene.relief, scene.side
    mask = smoothstep(0.28, 0.72, relief.mask)
    grooves = engraved(scene, seed)
    chisel = _chiselled(scene, seed, parameters.finish)
    fine = np.float32(0.55 + 0.25 * (1 - parameters.finish))
    height = relief.form + fine * relief.detail + relief.hair * (np.float32(0.0035) * grooves) + chisel
    height = (height - np.float32(parameters.pupils) * drilled(scene)) * np.float32(parameters.depth)
    hands.cancel.check()
    normals = normals_of(height)
    towards = direction_of(parameters.light_x, parameters.light_y)
    light = lit(
        height, normals, towards, wrap=0.02 + 0.14 * stone.within, gloss=stone.gloss, shadows=0.85 - 0.25 * stone.within
    )
    natural, glowing = veins_of(scene, height, stone.cells, seed)
    body = _body(scene, stone, natural, parameters, height, seed)
    hands.cancel.check()
    key = light.key
    if stone.within > 0:  # what travels under the surface comes out further on, warmer
        soft = broad_blur(key, 0.018 * side)
        inside = np.float32(stone.within)
        thin = np.clip(1 - normals[..., 2], 0, 1) ** 2 * np.clip(0.6 - (normals @ towards), 0, 1)
        under = inside * (0.30 * np.maximum(soft - 0.5 * key, 0) + 0.16 * thin + 0.10 * broad_blur(key, 0.05 * side))
    else:
        under = np.zeros_like(key)
    open_ = 1 - np.float32(0.72) * light.hollow
    fill = np.clip(0.62 - 0.38 * normals[..., 1], 0, 1)  # the sky, above
    other = np.clip(normals @ direction_of(-0.9 * np.sign(parameters.light_x or 1.0), 0.1), 0, 1)
    diffuse = (np.float32(0.86) * key + np.float32(0.085) * fill + np.float32(0.05) * other) * open_
    figure = body * diffuse[..., None] + _rgb(stone.inner) * (under * (0.4 + 0.6 * open_))[..., None] * (
        0.35 + 0.65 * body
    )
    figure += np.float32(stone.shine * (0.35 + 0.65 * parameters.finish)) * (light.shine * open_)[..., None]
    if parameters.veins > 0:
        figure = figure * np.float32(1 - 0.28 * parameters.veins)
    ground = backdrop(scene, parameters.backdrop, stone.dim, towards)
    matte = mask[..., None]
    picture = figure * matte + ground * (1 - matte)
    if parameters.veins > 0:
        picture = _lit_from_within(picture, glowing * mask, body, parameters, side)
    return to_srgb(picture)


def _rgb(text: str) -> Floats:
    """#rrggbb as linear light [3]."""
    return to_linear(np.asarray(parse_hex(text), np.float32) / np.float32(255))


def _body(scene: Scene, stone: _Stone, natural: Floats, parameters: Carved, height: Floats, seed: int) -> Floats:
    """Colour of the stone at every place, linear [h, w, 3]."""
    vein = np.clip(natural * np.float32(stone.veined * parameters.veining), 0, 1)[..., None]
    body = _rgb(stone.body) * (1 - vein) + _rgb(stone.vein) * vein
    x, y = scene.places(_half(scene.shape))
    z = resize(height, _half(scene.shape), "area")
    speck = solid(seed, "carved.grain", x, y, z, 26.0, 3)
    body = body * (1 + np.float32(stone.grain) * resize(speck, scene.shape, "linear"))[..., None]
    tone = grey_of(scene.picture)
    own = np.log((blur(tone, 0.0025 * scene.side) + 0.08) / (broad_blur(tone, 0.05 * scene.side) + 0.08))
    calm = np.clip(own, -1.6, 0.6) * (1 - np.float32(0.35) * scene.relief.eyes)
    return body * np.exp(np.float32(parameters.likeness) * calm)[..., None]


def _half(shape: tuple[int, int]) -> tuple[int, int]:
    return max(1, shape[0] // 2), max(1, shape[1] // 2)


def veins_of(scene: Scene, height: Floats, cells: float, seed: int) -> tuple[Floats, Floats]:
    """Veins of the stone, and those that may glow: both 0..1, float32 [h, w].

    Level sets of noise in space, pushed about by more noise; a second, slower noise makes them come and go.
    """
    shape = _half(scene.shape)
    x, y = scene.places(shape)
    z = resize(height, shape, "area")
    push = solid(seed, "veins.push", x, y, z, 2.2, 3)
    pull = solid(seed, "veins.pull", x, y, z, 2.7, 3)
    px, py, pz = x + 0.13 * push, 0.75 * y + 0.13 * pull, 1.6 * z + 0.08 * (push - pull)
    level = solid(seed, "veins.level", px, py, pz, cells, 3)
    come = solid(seed, "veins.come", x, y, z, 3.1)
    second = solid(seed, "veins.second", py + 5, px, pz, 0.8 * cells, 4)
    level, come, second = (resize(field, scene.shape, "cubic") for field in (level, come, second))
    strong = smoothstep(-0.5, 0.6, come)
    steep = np.float32(cells / 3.2)
    hair = np.exp(-np.abs(level) / (0.018 * steep)) + 0.45 * np.exp(-np.abs(level) / (0.11 * steep))
    natural = np.clip(hair * (0.25 + 0.75 * strong) + 0.35 * strong * np.exp(-np.abs(second) / (0.03 * steep)), 0, 1)
    width = np.float32(0.008) + np.float32(0.016) * strong
    glowing = np.exp(-((second / width) ** 2)) * (0.25 + 0.75 * smoothstep(-0.8, 0.1, come))
    branch = np.exp(-((level / (0.8 * width)) ** 2)) * smoothstep(-0.5, 0.4, come)
    return natural.astype(np.float32), np.clip(np.maximum(glowing, 0.8 * branch), 0, 1).astype(np.float32)


def _lit_from_within(picture: Floats, veins: Floats, body: Floats, parameters: Carved, side: int) -> Floats:
    """Veins as embers: a hot core, the stone about them lit from below, and a haze before all."""
    glow = _rgb(parameters.glow)
    amount = np.float32(parameters.veins)
    core = veins * amount
    hot = glow[None, None] * (core * 1.1)[..., None] + np.float32(0.75) * (core**3)[..., None]
    seep = 1.6 * broad_blur(core, 0.008 * side) + 1.5 * broad_blur(core, 0.028 * side)
    picture = picture * (1 - 0.75 * core[..., None]) + hot
    picture = picture + seep[..., None] * glow * (0.30 + 0.5 * body) * np.float32(0.55)
    return picture + np.float32(0.16) * bloom(hot, side)


def backdrop(scene: Scene, amount: float, dim: float, towards: Floats) -> Floats:
    """A quiet ground in the portrait's own colour, with the sitter's shadow; linear [h, w, 3]."""
    shape = _half(scene.shape)  # nothing in it is sharp
    own = plate(resize(scene.picture, shape, "area"), resize(scene.figure, shape, "area"), soft=0.03)
    grey = grey_of(own)[..., None]
    quiet = (grey + 0.55 * (own - grey)) * np.float32(0.75) + np.float32(0.02)
    x, y = scene.places(shape)
    fall = 1.15 - 0.55 * np.hypot(x - 0.5 - 0.25 * towards[0], y - 0.45 - 0.2 * towards[1]) / 0.6
    dark = to_linear(np.clip(quiet, 0, 1)) * np.clip(fall, 0.25, 1.2)[..., None] * np.float32(1 - dim)
    ground = to_linear(own) * np.float32(1 - amount) + dark * np.float32(amount)
    side = max(shape)
    shadow = shift(resize(scene.relief.mask, shape, "area"), -0.05 * towards[0] * side, -0.05 * towards[1] * side)
    shadow = np.clip(broad_blur(shadow, 0.035 * side), 0, 1)
    return resize(ground * (1 - 0.45 * shadow)[..., None], scene.shape, "linear")


def drilled(scene: Scene) -> Floats:
    """Depth of drilled pupils and of the line round the iris, in units of the longer side; float32 [h, w]."""
    features = scene.features
    depth = np.zeros(scene.shape, np.float32)
    if features is None:
        return depth
    side = scene.side
    for eye, iris in ((features.left_eye, features.left_iris), (features.right_eye, features.right_iris)):
        wide = float(np.ptp(eye[:, 0]))
        middle = iris.mean(0)
        radius = max(0.19 * wide, 1e-3)
        low, high = np.clip(np.stack([middle - 1.6 * radius, middle + 1.6 * radius]) * side, 0, side).astype(int)
        rows, columns = slice(int(low[1]), int(high[1]) + 1), slice(int(low[0]), int(high[0]) + 1)
        here = depth[rows, columns]
        y, x = np.mgrid[0 : here.shape[0], 0 : here.shape[1]].astype(np.float32)
        x = ((x + int(low[0]) + 0.5) / side - middle[0]) / radius
        y = ((y + int(low[1]) + 0.5) / side - middle[1]) / radius
        far = np.hypot(x, y)
        hole = 1 - smoothstep(0.28, 0.62, far)
        tongue = np.exp(-0.5 * ((x / 0.2) ** 2 + ((y + 0.38) / 0.30) ** 2))
        ring = np.exp(-0.5 * ((far - 1.0) / 0.11) ** 2)
        here += (wide * (0.085 * np.clip(hole - 0.8 * tongue, 0, 1) + 0.014 * ring)).astype(np.float32)
    return depth * scene.relief.eyes


def engraved(scene: Scene, seed: int) -> Floats:
    """Grooves along the flow of the hair, deviation about 1; float32 [h, w].

    Noise drawn out along the flow (line integral convolution, Cabral and Leedom, 1993) at planning size.
    """
    flow = scene.flow
    shape = (flow.x.shape[0], flow.x.shape[1])
    coarse = (max(1, shape[0] // 3), max(1, shape[1] // 3))
    field = resize(gaussian(seed, "carved.grooves", coarse), shape, "cubic")
    py, px = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    total = field.copy()
    for sign in (1.0, -1.0):
        x, y = px.copy(), py.copy()
        dx, dy = flow.x * np.float32(sign), flow.y * np.float32(sign)
        for _ in range(7):
            x, y = x + 2.6 * dx, y + 2.6 * dy
            nx, ny = sample(flow.x, x, y, "nearest"), sample(flow.y, x, y, "nearest")
            turn = np.where(nx * dx + ny * dy < 0, np.float32(-1), np.float32(1))
            dx, dy = nx * turn, ny * turn
            total += sample(field, x, y)
    total = total / (float(total.std()) + 1e-6)
    return resize(blur(total, 0.8), scene.shape, "cubic")


def _chiselled(scene: Scene, seed: int, finish: float) -> Floats:
    """The marks of a claw chisel: small scallops in patches, in units of the longer side; float32 [h, w]."""
    if finish >= 0.65:
        return np.zeros(scene.shape, np.float32)
    shape = _half(scene.shape)
    x, y = scene.places(shape)
    z = np.zeros_like(x)
    turn = 0.9 + 1.6 * solid(seed, "chisel.turn", x, y, z, 4.0)
    bend = 0.004 * solid(seed, "chisel.bend", x, y, z, 30.0)
    wave = np.sin((x * np.cos(turn) + y * np.sin(turn) + bend) * np.float32(2 * np.pi * 62))
    facets = solid(seed, "chisel.facets", x, y, z, 28.0)
    rough = np.float32(max(0.0, 0.65 - finish) / 0.65)
    marks = rough * (0.0016 * np.abs(wave) + 0.0050 * facets)
    return resize(marks.astype(np.float32), scene.shape, "cubic") * (1 - np.float32(0.6) * scene.relief.eyes)


CARVED = Composition(
    id="carved",
    title="Carved",
    help="The sitter cut from alabaster, marble, basalt, jade, sandstone or wood; veins may glow.",
    parameters=Carved,
    compose=compose,
)
