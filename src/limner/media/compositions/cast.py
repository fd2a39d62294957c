"""Cast: the sitter in bronze, gold, silver, iron or brass.

The head's relief is lit as metal is: a mirror of a studio (a sky light, a key, a dark floor) tinted by the metal, and
little else.  Patina lies in the hollows, where nobody polishes it; ridges are bright.  The manner "benin" follows the
plaques and heads that were cast by the guild of Igun Eronmwon for the court of Benin from the 15th century on:
a ground of engraved four-petalled river leaves (ebe-ame) and stippling, rims drawn round eyes and lips, ringed coral
collars at the neck, hair in rows, dark red-brown metal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.features import Features
from limner.core.palette import parse_hex
from limner.media.arrays import Floats
from limner.media.compositions.carved import backdrop, drilled, engraved
from limner.media.compositions.composition import Composition
from limner.media.compositions.lighting import direction_of, lit, to_linear, to_srgb
from limner.media.compositions.relief import normals_of
from limner.media.compositions.scene import Scene
from limner.media.compositions.solid import solid
from limner.media.fields import smoothstep
from limner.media.hands import Hands
from limner.media.parameters import Parameters, choice, number
from limner.media.raster import blur, broad_blur, grey_of, resize


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metal:
    """What a metal is."""

    mirror: str
    """Colour of what it reflects."""
    deep: str
    """Colour where little light falls."""
    patina: str
    """Colour of what grows in its hollows."""
    rough: float
    """0 = mirror, 1 = sand."""


_METALS = {
    "bronze": _Metal(mirror="#c07c45", deep="#2c150c", patina="#3f6a58", rough=0.42),
    "brass": _Metal(mirror="#f0c45e", deep="#4a3010", patina="#6f7a4a", rough=0.30),
    "gold": _Metal(mirror="#ffd36b", deep="#6a3d0c", patina="#6b3a18", rough=0.26),
    "silver": _Metal(mirror="#eef0f2", deep="#2b2d31", patina="#1d1d22", rough=0.28),
    "iron": _Metal(mirror="#8d8b88", deep="#1c1b1b", patina="#7c3f1e", rough=0.62),
    "copper": _Metal(mirror="#ee9468", deep="#4a1d10", patina="#5fb09a", rough=0.34),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast(Parameters):
    """What can be turned in a casting."""

    metal: str = choice("bronze", tuple(_METALS), "What it is cast in.")
    manner: str = choice("bust", ("bust", "benin"), "A bust, or a plaque in the manner of the court of Benin.")
    patina: float = number(0.45, 0.0, 1.0, "How much has grown in the hollows.")
    polish: float = number(0.5, 0.0, 1.0, "How bright ridges are rubbed.")
    depth: float = number(1.0, 0.4, 1.6, "How far the relief stands out.", unit="times")
    ornament: float = number(1.0, 0.0, 1.5, "How deep ornament is engraved, in the manner of Benin.", unit="times")
    likeness: float = number(0.85, 0.0, 1.0, "How much of the sitter's own tones stays in the metal.")
    light_x: float = number(-0.5, -1.0, 1.0, "Where the light comes from: -1 = the viewer's left, 1 = right.")
    light_y: float = number(0.65, -1.0, 1.0, "Where the light comes from: 1 = above, -1 = below.")
    backdrop: float = number(1.0, 0.0, 1.0, "Of a bust: from the portrait's own ground (0) to a quiet dark one (1).")


def compose(scene: Scene, parameters: Cast, seed: int, hands: Hands) -> Floats:
    """The sitter in metal."""
    metal, relief = _METALS[parameters.metal], scene.relief
    benin = parameters.manner == "benin"
    mask = smoothstep(0.28, 0.72, relief.mask)
    x, y = scene.places()
    height = relief.form + np.float32(0.55) * relief.detail
    if benin:
        height = _plaque(scene, height, mask, x, y, parameters.ornament)
    else:
        height = height + relief.hair * np.float32(0.0030) * engraved(scene, seed)
    height = (height - np.float32(0.5) * drilled(scene)) * np.float32(parameters.depth)
    hands.cancel.check()
    half = (max(1, scene.shape[0] // 2), max(1, scene.shape[1] // 2))
    hx, hy = scene.places(half)
    hz = resize(height, half, "area")
    skin = resize(solid(seed, "cast.skin", hx, hy, hz, 40.0, 3), scene.shape, "cubic")
    spread = resize(solid(seed, "cast.patina", hx, hy, hz, 5.0, 4), scene.shape, "linear")
    rough = height + np.float32(0.0007 * (0.4 + metal.rough)) * skin
    normals = normals_of(rough)
    towards = direction_of(parameters.light_x, parameters.light_y)
    light = lit(height, normals, towards, wrap=0.05, gloss=14 + 60 * (1 - metal.rough), shadows=0.8)
    grown = _grown(light.hollow, light.ridge, spread, normals, parameters.patina)
    tint, deep = _rgb(metal.mirror), _rgb(metal.deep)
    mirror = _studio(normals, towards, metal.rough)
    rubbed = np.clip(light.ridge * 1.2 - 0.1, 0, 1) * np.float32(parameters.polish)
    own = _own_tones(scene, parameters.likeness)
    open_ = (1 - np.float32(0.8) * light.hollow) * (0.45 + 0.55 * np.clip(1.6 * light.key + 0.35, 0, 1))
    level = (0.34 * mirror + 0.52 * light.key) * open_ * own
    bare = deep * (0.35 + 0.4 * level)[..., None] + tint * (level * (0.72 + 0.9 * rubbed))[..., None]
    bare += (tint * 0.55 + 0.45) * (light.shine * (0.35 + 0.9 * np.float32(parameters.polish)) * open_)[..., None]
    dull = _rgb(metal.patina) * (0.07 + 0.50 * light.key * open_ * own + 0.12 * open_)[..., None]
    figure = bare + (dull - bare) * grown[..., None]
    if benin:
        return to_srgb(figure)
    ground = backdrop(scene, parameters.backdrop, 0.5, towards)
    return to_srgb(figure * mask[..., None] + ground * (1 - mask)[..., None])


def _rgb(text: str) -> Floats:
    return to_linear(np.asarray(parse_hex(text), np.float32) / np.float32(255))


def _own_tones(scene: Scene, share: float) -> Floats:
    tone = grey_of(scene.picture)
    own = np.log((blur(tone, 0.0025 * scene.side) + 0.08) / (broad_blur(tone, 0.05 * scene.side) + 0.08))
    calm = np.clip(own, -1.6, 0.6) * (1 - np.float32(0.35) * scene.relief.eyes)
    return np.exp(np.float32(share) * calm) * scene.relief.mask + (1 - scene.relief.mask)


def _grown(hollow: Floats, ridge: Floats, spread: Floats, normals: Floats, amount: float) -> Floats:
    """Where patina lies, 0..1: in hollows and on what faces up, in patches."""
    wet = 0.9 * hollow - 0.7 * ridge + 0.28 * spread - 0.22 * normals[..., 1] - 0.12
    return (smoothstep(0.55 - 0.6 * amount, 1.05 - 0.6 * amount, wet) * min(1.0, 2.2 * amount)).astype(np.float32)


def _studio(normals: Floats, towards: Floats, rough: float) -> Floats:
    """What a mirror of this roughness shows of a studio: a soft window, a strip of light behind, a dark floor."""
    rx, ry, rz = (
        2 * normals[..., 2] * normals[..., 0],
        2 * normals[..., 2] * normals[..., 1],
        2 * normals[..., 2] ** 2 - 1,
    )
    soft = np.float32(0.10 + 0.35 * rough)
    sky = smoothstep(-0.35 - soft, 0.15 + soft, -ry)
    along = rx * np.sign(towards[0] + 1e-6)
    window = np.exp(-(((along - 0.55) / (0.30 + soft)) ** 2) - ((ry + 0.35) / (0.45 + soft)) ** 2)
    strip = np.exp(-(((along + 0.82) / (0.12 + 0.5 * soft)) ** 2)) * smoothstep(-0.9, 0.4, -ry * 0.3 + 0.2)
    horizon = np.exp(-(((ry - 0.12) / (0.10 + 0.4 * soft)) ** 2))
    return (0.16 + 0.34 * sky + 0.95 * window + 0.55 * strip - 0.14 * horizon + 0.05 * rz).astype(np.float32)


def _plaque(scene: Scene, height: Floats, mask: Floats, x: Floats, y: Floats, depth: float) -> Floats:
    """The relief before an engraved plate, with rows of hair, a rimmed face and rings about the neck."""
    deep = np.float32(depth)
    ground = np.float32(0.0042) * deep * _river_leaves(x, y)
    edge = np.exp(-(((np.minimum(np.minimum(x, y), np.minimum(x.max() - x, y.max() - y)) - 0.022) / 0.008) ** 2))
    ground = ground * (1 - edge) + np.float32(0.012) * deep * edge
    features, hair = scene.features, scene.relief.hair
    total = height * mask + ground * (1 - mask)
    if features is None:
        return total
    rows = _hair_rows(x, y, features) * np.float32(0.0062) * deep
    chin = float(features.face[:, 1].max())
    tall = max(chin - float(features.face[:, 1].min()), 1e-3)
    above = smoothstep(-0.05 * tall, 0.05 * tall, chin - 0.10 * tall - y)
    face = scene.face
    total = total + rows * hair * mask * above * (1 - 0.9 * face)
    collar, rings = _collar(x, y, features)
    total = total * (1 - collar) + collar * np.maximum(total, rings * deep + np.float32(0.05))
    for name, weight in (("left_eye", 1.0), ("right_eye", 1.0), ("lips", 0.7)):
        total = total + np.float32(weight * 0.0075) * deep * _rim(scene, features, name)
    return total


def _river_leaves(x: Floats, y: Floats) -> Floats:
    """Four-petalled leaves in a lattice, with a stippled ground between them; -1..1."""
    cells = np.float32(6.0)
    u, v = x * cells, y * cells
    row = np.floor(v)
    u = u + 0.5 * (row % 2)
    a, b = u - np.floor(u) - 0.5, v - row - 0.5
    far, turn = np.hypot(a, b), np.arctan2(b, a)
    petal = 0.16 + 0.30 * np.abs(np.cos(2 * turn)) ** 0.8
    inside = smoothstep(0.03, -0.03, far - petal)
    outline = np.exp(-(((far - petal) / 0.022) ** 2))
    vein = np.exp(-((np.sin(2 * turn) * far / 0.022) ** 2)) * inside
    eye = np.exp(-((far / 0.055) ** 2)) + np.exp(-(((far - 0.10) / 0.018) ** 2))
    stipple = np.cos(x * np.float32(2 * np.pi * 96)) * np.cos(y * np.float32(2 * np.pi * 96))
    dots = np.float32(-0.35) * np.clip(stipple * 2 - 0.6, 0, 1) * (1 - inside)
    return (0.55 * inside - 0.75 * outline - 0.6 * vein + 0.6 * eye * inside + dots).astype(np.float32)


def _hair_rows(x: Floats, y: Floats, features: Features) -> Floats:
    """Hair as rows of small knots that follow the skull, -1..1."""
    centre = features.face.mean(0)
    unit = max(float(np.ptp(features.face[:, 0])), 1e-3)
    dx, dy = (x - centre[0]) / unit, (y - centre[1]) / unit
    far, turn = np.hypot(dx, 0.86 * dy), np.arctan2(dx, -dy)
    ring = far * np.float32(2 * np.pi * 19)
    step = np.floor(far * 19)
    knots = np.cos(turn * np.float32(46) + np.pi * (step % 2))
    return (np.cos(ring) * 0.75 * (0.55 + 0.45 * knots) + 0.25 * knots).astype(np.float32)


def _collar(x: Floats, y: Floats, features: Features) -> tuple[Floats, Floats]:
    """Rings of beads about the neck, below the chin: where they lie (0..1), and their height."""
    chin = features.face[features.face[:, 1].argmax()]
    tall = max(float(np.ptp(features.face[:, 1])), 1e-3)
    wide = max(float(np.ptp(features.face[:, 0])), 1e-3)
    dx = (x - chin[0]) / wide
    bend = y - chin[1] + 0.10 * tall * (dx * 2) ** 2 * np.float32(-0.55)
    low = bend / tall
    inside = smoothstep(0.055, 0.062, low) * smoothstep(0.60, 0.57, np.abs(dx) - 0.08 * low)
    size = np.float32(0.062)
    ring = low / size
    row = np.floor(ring)
    v = ring - row - 0.5
    u = dx * wide / (tall * size * 1.15) + 0.5 * (row % 2)
    u = u - np.floor(u) - 0.5
    bead = np.sqrt(np.clip(1 - (2.05 * u) ** 2 - (2.05 * v) ** 2, 0, 1))
    round_ = np.sqrt(np.clip(1 - (dx / 0.66) ** 2, 0, 1))
    return inside.astype(np.float32), (0.016 * bead + 0.11 * round_).astype(np.float32)


def _rim(scene: Scene, features: Features, name: str) -> Floats:
    """A raised line about an outline, 0..1."""
    import cv2

    points = features.outlines()[name] * scene.side
    wide = float(np.ptp(points[:, 0]))
    middle = points.mean(0)
    grown = middle + (points - middle) * np.array([1.10, 1.28], np.float32)
    line = np.zeros(scene.shape, np.uint8)
    thick = max(1, round(0.05 * wide))
    cv2.polylines(line, [np.asarray(np.round(grown * 16), np.int32)], True, 255, thick, cv2.LINE_AA, 4)
    return blur(line.astype(np.float32) / np.float32(255), max(0.5, 0.022 * wide))


CAST = Composition(
    id="cast",
    title="Cast",
    help="The sitter in bronze, brass, gold, silver, iron or copper: a bust, or a plaque in the manner of Benin.",
    parameters=Cast,
    compose=compose,
)
