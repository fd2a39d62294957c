"""Layered pictures as values: a page of layers and groups, topmost first, as OpenRaster 0.0.5 describes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.errors import InputError

Pixels = npt.NDArray[np.uint8]
"""uint8 RGBA [h, w, 4], straight alpha, sRGB."""

OVER = "svg:src-over"
"""The composite operation of a plain layer."""


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    name: str = ""
    x: int = 0
    """px to the right of the parent's corner."""
    y: int = 0
    """px below the parent's corner."""
    opacity: float = 1.0
    """0..1."""
    visible: bool = True
    mode: str = OVER
    """Composite operation ("svg:multiply"); unknown ones are kept."""
    locked: bool = False
    """Guarded against editing."""
    extra: Mapping[str, str] = field(default_factory=_nothing)
    """Attributes that we do not know, kept for other programs."""
    inner: tuple[str, ...] = ()
    """Elements inside that we do not know, as XML."""

    def __post_init__(self) -> None:
        if not math.isfinite(self.opacity) or not 0 <= self.opacity <= 1:
            raise InputError(f"The layer {self.name!r} has the opacity {self.opacity!r}, which is not from 0 to 1.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer(_Common):
    """One layer of pixels."""

    pixels: Pixels
    """Not to be written to."""
    encoded: bytes = field(default=b"", repr=False)
    """The PNG file that the pixels were read from, which is written again as it is; empty for new layers."""
    source: str = ""
    """Name of that file in the archive."""

    def __post_init__(self) -> None:
        _Common.__post_init__(self)
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 4:
            raise InputError(
                f"The layer {self.name!r} holds {self.pixels.dtype} {self.pixels.shape}, not uint8 RGBA [h, w, 4]."
            )
        frozen = self.pixels.view()
        frozen.flags.writeable = False
        object.__setattr__(self, "pixels", frozen)

    def with_pixels(self, pixels: Pixels, x: int = 0, y: int = 0) -> Layer:
        """The same layer with other pixels at another place."""
        return replace(self, pixels=pixels, x=x, y=y, encoded=b"")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Layer):
            return NotImplemented
        return _said(self) == _said(other) and np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash((self.name, self.x, self.y, self.pixels.shape))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(_Common):
    """Layers that are kept together."""

    children: tuple[Node, ...] = ()
    """Topmost first."""
    isolate: bool = False
    """Composited apart even where it is plain; otherwise its layers meet what lies below."""

    @property
    def isolated(self) -> bool:
        """Whether it is composited apart (opacity and modes other than plain ask for it, too)."""
        return self.isolate or self.opacity < 1 or self.mode != OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Something in a stack that we cannot paint (a filter, text, a drawing in SVG), kept for other programs."""

    xml: str
    """The whole element."""
    kind: str = ""
    """Its name ("filter")."""
    name: str = ""
    visible: bool = True


Node = Layer | Group | Foreign
"""What a stack holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A layered picture."""

    width: int
    """px."""
    height: int
    """px."""
    children: tuple[Node, ...] = ()
    """Topmost first."""
    extra: Mapping[str, str] = field(default_factory=_nothing)
    """Attributes of the picture that we do not know (`xres`, `yres`, ...)."""
    root: Mapping[str, str] = field(default_factory=_nothing)
    """Attributes of the outermost stack."""
    entries: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)
    """Files in the archive that are neither layers nor made anew, by name."""
    merged: bytes = field(default=b"", repr=False, compare=False)
    """`mergedimage.png` as the last program wrote it; empty for new pages."""

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError(f"A page of {self.width} x {self.height} px holds nothing.")

    def nodes(self) -> Iterator[tuple[Node, bool, int, int]]:
        """All nodes from the top: each with whether it shows, and the place of its corner on the page."""
        yield from _walk(self.children, True, 0, 0)

    def layers(self) -> Iterator[tuple[Layer, bool, int, int]]:
        """All layers of pixels from the top, likewise."""
        for node, shown, x, y in self.nodes():
            if isinstance(node, Layer):
                yield node, shown, x, y

    def mapped(self, change: Callable[[Layer], Layer]) -> Page:
        """The page with every layer of pixels changed."""
        return replace(self, children=_mapped(self.children, change), merged=b"")


def _walk(nodes: tuple[Node, ...], shown: bool, x: int, y: int) -> Iterator[tuple[Node, bool, int, int]]:
    for node in nodes:
        seen = shown and node.visible
        if isinstance(node, Foreign):
            yield node, seen, x, y
            continue
        seen = seen and node.opacity > 0
        yield node, seen, x + node.x, y + node.y
        if isinstance(node, Group):
            yield from _walk(node.children, seen, x + node.x, y + node.y)


def _mapped(nodes: tuple[Node, ...], change: Callable[[Layer], Layer]) -> tuple[Node, ...]:
    changed: list[Node] = []
    for node in nodes:
        if isinstance(node, Layer):
            changed.append(change(node))
        elif isinstance(node, Group):
            changed.append(replace(node, children=_mapped(node.children, change)))
        else:
            changed.append(node)
    return tuple(changed)


def _said(layer: Layer) -> tuple[Any, ...]:
    return (
        layer.name, layer.x, layer.y, layer.opacity, layer.visible, layer.mode, layer.locked, dict(layer.extra),
        layer.inner,
    )  # fmt: skip
