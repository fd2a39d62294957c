"""Low-poly: the head in facets, large in the background, small at eyes and mouth, each lit by its own tilt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.cells import scatter
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, number, whole
from limner.media.raster import blur, grey_of, lab_of, rgb_of, steepness
from limner.media.seeing import drawn, seen
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class LowPoly(Parameters):
    """What can be turned in low-poly."""

    facets: int = whole(800, 100, 8000, "Number of corners.")
    fineness: float = number(0.75, 0.0, 1.0, "How much smaller facets are where care is taken.")
    edges: float = number(0.6, 0.0, 1.0, "How closely facets keep to edges.")
    tilt: float = number(0.5, 0.0, 1.0, "How much the light on neighbouring facets differs.")
    saturation: float = number(1.2, 0.0, 2.0, "Strength of the colours.", unit="times")


def plan(guide: Guide, parameters: LowPoly, seed: int, hands: Hands) -> Plan:
    """Corners and colours of the facets."""
    hands.cancel.check()
    view = drawn(seen(guide, clarity=0.8, saturation=parameters.saturation), guide.care, 1.2)
    corners = _corners(view, guide, parameters, seed)
    triangles = delaunay(corners, guide.shape)
    colours = _colours(view, corners, triangles, parameters, seed)
    return Plan(shape=guide.shape, fields={"corners": corners[triangles], "colours": colours})


def _corners(view: Floats, guide: Guide, parameters: LowPoly, seed: int) -> Floats:
    """Scattered points, points on the outlines of the features, and points round the border; [n, 2] px."""
    high, wide = guide.shape
    grey = grey_of(blur(view, 1.5))
    edge = steepness(grey)
    edge = edge / (edge + np.float32(0.02))
    density = 0.04 + 0.12 * guide.figure + 0.35 * parameters.fineness * guide.care + 0.30 * parameters.edges * edge
    if guide.features is not None:  # the outlines bring their own corners
        density = density * (1 - 0.5 * np.clip(3 * guide.care - 1.5, 0, 1))
    points = scatter(density.astype(np.float32), parameters.facets, seed, "low-poly", rounds=2)
    parts = [points]
    if guide.features is not None:
        side = max(high, wide)
        parts += [_corners_of(outline) * side for outline in guide.features.outlines().values()]
        for iris in (guide.features.left_iris, guide.features.right_iris):
            ring = _corners_of(iris) * side
            parts += [0.5 * (ring + ring.mean(0)), 1.35 * ring - 0.35 * ring.mean(0)]  # pupil, iris, white
    n = max(4, round(parameters.facets**0.5 / 2))
    line = np.linspace(0, 1, n, dtype=np.float32)
    zero, one = np.zeros(n, np.float32), np.ones(n, np.float32)
    border = np.concatenate([np.stack(p, 1) for p in ((line, zero), (line, one), (zero, line), (one, line))])
    parts.append(border * np.array([wide, high], np.float32))
    corners = np.concatenate(parts)
    corners = np.clip(corners, 0, [wide, high])
    _, first = np.unique(np.rint(corners).astype(np.int64), axis=0, return_index=True)
    return np.ascontiguousarray(corners[np.sort(first)], np.float32)


def _corners_of(outline: Floats) -> Floats:
    """The corners that matter most of a closed outline: no more than a facet needs (Douglas and Peucker, 1973)."""
    import cv2

    reach = 0.03 * float(np.ptp(outline, 0).max())
    kept = np.asarray(cv2.approxPolyDP(np.ascontiguousarray(outline), reach, True), np.float32)
    return kept.reshape(-1, 2)


def delaunay(corners: Floats, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Triangles [m, 3] over corners [n, 2] (Delaunay, by OpenCV's Subdiv2D)."""
    import cv2

    high, wide = shape
    net = cv2.Subdiv2D((-2, -2, wide + 5, high + 5))
    names: dict[int, int] = {}
    for k, corner in enumerate(corners):
        names[int(net.insert((float(corner[0]), float(corner[1]))))] = k
    flat = np.asarray(net.getTriangleList(), np.float32).reshape(-1, 3, 2)
    inside = ((flat >= -0.01) & (flat <= np.array([wide, high]) + 0.01)).all((1, 2))
    flat = flat[inside]
    keys = {(round(float(x), 3), round(float(y), 3)): k for k, (x, y) in enumerate(corners)}
    found = [[keys.get((round(float(x), 3), round(float(y), 3)), -1) for x, y in triangle] for triangle in flat]
    triangles = np.array(found, np.int64).reshape(-1, 3)
    triangles = triangles[(triangles >= 0).all(1)]
    return triangles[np.lexsort(triangles.T[::-1])]


def _colours(view: Floats, corners: Floats, triangles: npt.NDArray[np.int64], parameters: LowPoly, seed: int) -> Floats:
    """The mean colour of seven places in each facet, and its own light; [m, 3]."""
    high, wide = view.shape[:2]
    weights = np.array([[4, 1, 1], [1, 4, 1], [1, 1, 4], [2, 2, 2], [3, 3, 0], [0, 3, 3], [3, 0, 3]], np.float32) / 6
    places = np.einsum("wk,mkc->mwc", weights, corners[triangles])
    row = np.clip(places[..., 1].astype(int), 0, high - 1)
    column = np.clip(places[..., 0].astype(int), 0, wide - 1)
    colours = view[row, column].mean(1)
    dice = uniform(seed, "low-poly.tilt", len(triangles))
    a, b, c = (corners[triangles[:, k]] for k in range(3))
    area = np.abs((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / 2
    big = np.clip(area / (area + 30), 0, 1)  # small facets keep their colour: they draw the features
    light = 1 + 0.26 * parameters.tilt * (dice - 0.5) * big
    lit = np.clip(colours * light[:, None], 0, 1).astype(np.float32)
    return np.ascontiguousarray(rgb_of(lab_of(lit[None]))[0])


def deposit(plan: Plan, parameters: LowPoly, size: int, hands: Hands) -> Painted:  # noqa: ARG001 - the shared signature
    """Facets with smooth edges."""
    import cv2

    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    colour = np.zeros((high, wide, 3), np.float32)
    corners = plan.fields["corners"] * np.float32(scale)
    fixed = np.rint((corners - 0.5) * 16).astype(np.int32)
    shades = [tuple(float(v) for v in shade) for shade in plan.fields["colours"]]
    # first without smoothing, so that no gaps are left between smoothed edges
    for kind in (cv2.LINE_8, cv2.LINE_AA):
        for points, shade in zip(fixed, shades, strict=True):
            cv2.fillConvexPoly(colour, points, shade, kind, 4)
    ones = np.ones((high, wide), np.float32)
    return Painted(colour=np.clip(colour, 0, 1), height=np.zeros_like(ones), cover=ones, scale=scale)


LOW_POLY = Medium(
    id="low-poly",
    title="Low-poly",
    help="The head in facets, each lit by its own tilt.",
    parameters=LowPoly,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", relief=0.0, tone="#000000"),
    light=Light(strength=0.0, gloss=0.0),
)
