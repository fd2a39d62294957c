"""Cubist: one head from the front and from the side at once, in a few dozen large planes.

In the manner of the portraits of 1909 to 1914: a profile runs down the middle of a front (Metzinger, "Le gouter",
1911); planes are lit one by one and pass into what lies under them at one edge (Picasso, "Ambroise Vollard", 1910);
long lines at a few repeated angles join figure and ground (Gris, "Portrait of Picasso", 1912).  Nothing is a mesh:
planes are drawn by hand in a frame on the head, overlap, and keep eyes and mouth as they are seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.features import Features
from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.compositions.composition import Composition
from limner.media.compositions.cubist_contours import contours, edge_lines
from limner.media.compositions.cubist_drawing import BEHIND, ground_planes, head_planes, veils
from limner.media.compositions.cubist_laying import Pad, prepared
from limner.media.compositions.cubist_planes import Head, Plane, head_of
from limner.media.compositions.cubist_tones import coloured, hair_of, lit_half, seen, small
from limner.media.compositions.scene import Scene
from limner.media.hands import Hands
from limner.media.parameters import Parameters, choice, number, whole
from limner.media.raster import blur, resize

_BAND = 128  # rows that are laid together


@dataclass(frozen=True, slots=True, kw_only=True)
class Cubist(Parameters):
    """What can be turned in a cubist portrait."""

    planes: int = whole(64, 40, 120, "Number of planes, head and ground together.")
    doubling: float = number(0.8, 0.0, 1.0, "From a front cut in two (0) to a full profile joined to it (1).")
    shift: float = number(0.5, 0.0, 1.0, "How far planes show the sitter from other places.")
    passage: float = number(0.6, 0.0, 1.0, "How far planes pass into each other at their lost edges.")
    relief: float = number(1.0, 0.0, 1.6, "How strongly light changes across a plane.", unit="times")
    palette: float = number(0.94, 0.0, 1.0, "From the sitter's own colours (0) to ochre, umber, olive and grey (1).")
    line: float = number(0.7, 0.0, 1.0, "Strength of the contours.")
    side: str = choice(
        "by-light", ("by-light", "left", "right"), "Where the profile looks; by-light = mostly away from the lit half."
    )


def cubist(
    picture: Floats,
    features: Features | None,
    figure: Floats,
    parameters: Cubist,
    seed: int,
    hands: Hands | None = None,
) -> Floats:
    """A cubist portrait.

    Args:
        picture: sRGB 0..1, float32 [h, w, 3].
        features: where the parts of the face lie; None guesses a head from the figure and leaves out eyes and mouth.
        figure: how much each place belongs to the sitter, float32 [h, w].
        parameters: what is turned.
        seed: the recipe's seed.
        hands: threads.

    Returns:
        sRGB 0..1, float32 [h, w, 3]; the same bytes on any number of threads.

    Raises:
        Cancelled: a stop was requested.
    """
    hands = hands or Hands()
    high, wide = picture.shape[:2]
    lab = small(picture)
    head = head_of(lab, features, figure, *looking(lab, features, parameters.side, seed))
    planes = planes_of(head, (wide / max(high, wide), high / max(high, wide)), parameters, seed)
    broad = seen(lab, features, figure)
    laid = prepared(planes, broad, hair_of(lab, features, figure, broad))
    lines = edge_lines(planes, head, seed)
    last = contours(head, features, parameters.doubling, parameters.shift, seed)
    source = resize(broad, (high, wide), "cubic")
    under = resize(blur(broad, 0.03 * max(broad.shape[:2])), (high, wide), "linear")
    result = np.empty_like(picture, np.float32)

    def band(k: int) -> None:
        rows = slice(k * _BAND, min(high, (k + 1) * _BAND))
        pad = Pad(canvas=under[rows], top=rows.start, source=source, unit=head.unit)
        for plane, drawn in zip(laid, lines, strict=True):
            pad.lay(plane, parameters.relief)
            pad.draw(drawn, parameters.line)
        pad.draw(last, parameters.line)
        result[rows] = coloured(pad.canvas, parameters.palette)

    hands.each(band, -(-high // _BAND))
    return result


def planes_of(head: Head, size: tuple[float, float], parameters: Cubist, seed: int) -> list[Plane]:
    """All planes from back to front: the ground, hair and shoulders, planes over both, the head.

    Args:
        head: the frame on the sitter's head.
        size: width and height in units of the longer side.
        parameters: what is turned.
        seed: the recipe's seed.
    """
    p = parameters
    drawn = head_planes(head, p.doubling, p.shift, p.passage, seed)
    over = max(2, (p.planes - len(drawn)) // 3)
    ground = ground_planes(head, size, max(4, p.planes - len(drawn) - over), p.shift, p.passage, seed)
    return [*ground, *drawn[:BEHIND], *veils(head, over, p.shift, p.passage, seed), *drawn[BEHIND:]]


def looking(lab: Floats, features: Features | None, asked: str, seed: int) -> tuple[int, float]:
    """Where the profile looks (1 = right), and whether its half is lit (1) or dark (below 0)."""
    first, second = uniform(seed, "cubist.side", 2)
    lit = lit_half(lab, features) or (-1 if second < 0.5 else 1)
    free = -lit if first < 0.7 else lit
    side = {"left": -1, "right": 1}.get(asked, free)
    return side, 1.0 if side == -lit else -0.85


def compose(scene: Scene, parameters: Cubist, seed: int, hands: Hands) -> Floats:
    """The scene as a cubist portrait."""
    return cubist(scene.picture, scene.features, scene.figure, parameters, seed, hands)


CUBIST = Composition(
    id="cubist",
    title="Cubist",
    help="Front and profile in one head, built of large lit planes in ochre and grey.",
    parameters=Cubist,
    compose=compose,
)
