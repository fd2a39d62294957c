"""Flattening: a page of layers becomes one picture, in bands of rows so that large pages fit in memory."""

from __future__ import annotations

import numpy as np

from limner.core.errors import CapabilityError
from limner.media.arrays import Floats
from limner.studio.layers.blending import KNOWN, composited, straight
from limner.studio.layers.page import OVER, Foreign, Group, Layer, Node, Page, Pixels

_BAND = 128  # rows
_EVERYWHERE = frozenset({"svg:dst-in", "svg:dst-atop"})  # these change what lies outside the layer, too


def check_flat(page: Page) -> None:
    """Raise unless everything that shows can be composited.

    Raises:
        CapabilityError: a mode, or a kind of layer, that is not composited here.
    """
    for node, shown, _, _ in page.nodes():
        if not shown:
            continue
        if isinstance(node, Foreign):
            raise CapabilityError(
                f"The layer {node.name or node.kind!r} is of the kind {node.kind!r}, which is not composited here.",
                "Hide it, or make it pixels in your painting program.",
            )
        if node.mode not in KNOWN:
            raise CapabilityError(
                f"The layer {node.name!r} has the mode {node.mode!r}, which is not composited here.",
                f"Known are {', '.join(sorted(KNOWN))}.",
            )


def flatten(page: Page, *, strict: bool = True) -> Pixels:
    """The page as one picture.

    Layers are composited in sRGB (W3C Compositing and Blending, Level 1) from the bottom up; groups that are not
    isolated pass through; the page itself is an isolated group over nothing.

    Args:
        page: the layers.
        strict: raise where something cannot be composited; otherwise an unknown mode counts as a plain layer, as
            OpenRaster asks of viewers, and unknown kinds of layers are left out.

    Returns:
        uint8 RGBA [height, width, 4], straight alpha.

    Raises:
        CapabilityError: a mode, or a kind of layer, that is not composited here.
    """
    if strict:
        check_flat(page)
    flat = np.empty((page.height, page.width, 4), np.uint8)
    for y0 in range(0, page.height, _BAND):
        band = _Band(y0, min(page.height, y0 + _BAND), page.width)
        band.lay(page.children, 0, 0)
        flat[y0 : band.y1, :, :3] = np.rint(straight(band.colour, band.alpha) * 255)
        flat[y0 : band.y1, :, 3] = np.rint(np.clip(band.alpha[..., 0], 0, 1) * 255)
    return flat


def over(flat: Pixels, paper: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    """A flat picture on paper, uint8 RGB [h, w, 3]."""
    alpha = flat[..., 3:].astype(np.uint32)
    mixed = flat[..., :3] * alpha + np.array(paper, np.uint32) * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


class _Band:
    """Some rows of a page, while layers are laid on them."""

    def __init__(self, y0: int, y1: int, width: int) -> None:
        self.y0, self.y1, self.width = y0, y1, width
        self.colour: Floats = np.zeros((y1 - y0, width, 3), np.float32)
        self.alpha: Floats = np.zeros((y1 - y0, width, 1), np.float32)

    def lay(self, nodes: tuple[Node, ...], x: int, y: int) -> None:
        """Composite nodes, the last one first."""
        for node in reversed(nodes):
            if not node.visible or isinstance(node, Foreign):
                continue
            if isinstance(node, Layer):
                self._layer(node, x + node.x, y + node.y)
            else:
                self._group(node, x + node.x, y + node.y)

    def _group(self, group: Group, x: int, y: int) -> None:
        if not group.isolated:
            self.lay(group.children, x, y)
            return
        apart = _Band(self.y0, self.y1, self.width)
        apart.lay(group.children, x, y)
        strength = np.float32(group.opacity)
        self._meet(group.mode, apart.colour * strength, apart.alpha * strength, slice(None), slice(None))

    def _layer(self, layer: Layer, x: int, y: int) -> None:
        high, wide = layer.pixels.shape[:2]
        x0, x1 = max(0, x), min(self.width, x + wide)
        y0, y1 = max(self.y0, y), min(self.y1, y + high)
        inside = x0 < x1 and y0 < y1
        if layer.mode in _EVERYWHERE:
            colour, alpha = np.zeros_like(self.colour), np.zeros_like(self.alpha)
            if inside:
                rows, columns = slice(y0 - self.y0, y1 - self.y0), slice(x0, x1)
                colour[rows, columns], alpha[rows, columns] = _read(layer, x0 - x, x1 - x, y0 - y, y1 - y)
            self._meet(layer.mode, colour, alpha, slice(None), slice(None))
        elif inside:
            colour, alpha = _read(layer, x0 - x, x1 - x, y0 - y, y1 - y)
            self._meet(layer.mode, colour, alpha, slice(y0 - self.y0, y1 - self.y0), slice(x0, x1))

    def _meet(self, mode: str, colour: Floats, alpha: Floats, rows: slice, columns: slice) -> None:
        both = composited(
            mode if mode in KNOWN else OVER, self.colour[rows, columns], self.alpha[rows, columns], colour, alpha
        )
        self.colour[rows, columns], self.alpha[rows, columns] = both


def _read(layer: Layer, x0: int, x1: int, y0: int, y1: int) -> tuple[Floats, Floats]:
    """Part of a layer: colour multiplied with alpha, and alpha, with the layer's opacity."""
    part = layer.pixels[y0:y1, x0:x1].astype(np.float32) * np.float32(1 / 255)
    alpha = part[..., 3:] * np.float32(layer.opacity)
    return part[..., :3] * alpha, alpha
