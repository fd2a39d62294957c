"""PSD files, read and written through psd-tools (MIT): the extra `limner[psd]`.

Pixels, places, opacities, visibility, groups, locks and blend modes go both ways.  What a PSD file holds besides
(masks, clipping, effects, text, adjustments) is not taken into a `Page`; such files are flattened as the program that
wrote them did, and repainted in place, so nothing of it is lost.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from limner.core.errors import CapabilityError, MissingExtraError, PictureError
from limner.core.picture import MAX_PIXELS
from limner.provenance.disclosure import Disclosure
from limner.studio.layers.flattening import over
from limner.studio.layers.page import OVER, Foreign, Group, Layer, Node, Page, Pixels

if TYPE_CHECKING:
    from psd_tools import PSDImage

# what psd-tools raises on damaged files
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, EOFError, struct.error, zlib.error,
)  # fmt: skip

_MAX_SIDE = 30_000  # px: the format's own limit
_MAX_NAME = 255  # letters
_XMP = 1060  # the image resource that holds XMP

_MODES: Mapping[str, str] = {
    "svg:src-over": "NORMAL",
    "svg:multiply": "MULTIPLY",
    "svg:screen": "SCREEN",
    "svg:overlay": "OVERLAY",
    "svg:darken": "DARKEN",
    "svg:lighten": "LIGHTEN",
    "svg:color-dodge": "COLOR_DODGE",
    "svg:color-burn": "COLOR_BURN",
    "svg:hard-light": "HARD_LIGHT",
    "svg:soft-light": "SOFT_LIGHT",
    "svg:difference": "DIFFERENCE",
    "svg:exclusion": "EXCLUSION",
    "svg:plus": "LINEAR_DODGE",
    "svg:color": "COLOR",
    "svg:luminosity": "LUMINOSITY",
    "svg:hue": "HUE",
    "svg:saturation": "SATURATION",
}


def is_photoshop(data: bytes) -> bool:
    """Whether a file begins like a PSD or PSB file."""
    return data[:4] == b"8BPS"


# reading ---------------------------------------------------------------------------------------


def read_photoshop(data: bytes, name: str) -> Page:
    """The layers of a PSD file.

    Raises:
        PictureError: damaged, unreasonably large, or not in RGB.
        MissingExtraError: psd-tools is not installed.
    """
    psd = opened(data, name)
    reading = _Reading(name)
    children = reading.children(psd)
    return Page(width=psd.width, height=psd.height, children=children, merged=_merged(psd))


def opened(data: bytes, name: str) -> PSDImage:
    """The file by psd-tools.

    Raises:
        PictureError: damaged, unreasonably large, or not in RGB.
        MissingExtraError: psd-tools is not installed.
    """
    _needed()
    from psd_tools import PSDImage
    from psd_tools.constants import ColorMode

    class Kept(PSDImage):
        """Written with the merged picture that it was given."""

        def is_updated(self) -> bool:
            return False

    wide, high = int.from_bytes(data[18:22], "big"), int.from_bytes(data[14:18], "big")
    if wide * high > MAX_PIXELS:
        raise PictureError(
            f"{name} has {wide} x {high} pixels.", f"At most {MAX_PIXELS // 1_000_000} million are read."
        )
    try:
        psd = Kept.open(io.BytesIO(data), max_alloc_bytes=4 << 30)  # pyright: ignore[reportUnknownMemberType]
    except _DAMAGE as exc:
        raise PictureError(f"{name} is damaged, or no PSD file that can be read ({exc!r}).") from exc
    if psd.color_mode not in (ColorMode.RGB, ColorMode.GRAYSCALE):
        raise PictureError(
            f"{name} is in the colour mode {psd.color_mode.name}.", "Convert it to RGB in your painting program."
        )
    return psd


class _Reading:
    """What is counted while layers are read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pixels = 0
        from psd_tools.constants import BlendMode

        self.modes = {getattr(BlendMode, v): k for k, v in _MODES.items()}

    def children(self, parent: Any) -> tuple[Node, ...]:
        return tuple(self.node(layer) for layer in reversed(list(parent)))

    def node(self, layer: Any) -> Node:
        common: dict[str, Any] = {
            "name": str(layer.name),
            "opacity": layer.opacity / 255,
            "visible": bool(layer.visible),
            "mode": self.mode(layer),
            "locked": bool(layer.locks is not None and layer.locks.complete),
        }
        if layer.is_group() and layer.kind == "group" and not self.special(layer):
            passing = layer.blend_mode.name == "PASS_THROUGH"
            common["mode"] = OVER if passing else common["mode"]
            return Group(children=self.children(layer), isolate=not passing, **common)
        if layer.kind == "pixel" and not self.special(layer):
            return Layer(pixels=self.read(layer), x=int(layer.left), y=int(layer.top), **common)
        kind = self.special(layer) or str(layer.kind)
        return Foreign(xml="", kind=kind, name=str(layer.name), visible=bool(layer.visible))

    def mode(self, layer: Any) -> str:
        return self.modes.get(layer.blend_mode, f"psd:{layer.blend_mode.name.lower()}")

    @staticmethod
    def special(layer: Any) -> str:
        """What makes a layer more than its pixels; empty if nothing does."""
        if layer.has_mask() or layer.has_vector_mask():
            return "mask"
        if layer.clipping or layer.has_clip_layers():
            return "clipping"
        if layer.has_effects():
            return "effects"
        return "" if layer.fill_opacity == 255 else "fill opacity"

    def read(self, layer: Any) -> Pixels:
        if not layer.width or not layer.height:
            return np.zeros((0, 0, 4), np.uint8)
        self.pixels += layer.width * layer.height
        if self.pixels > 400_000_000:
            raise PictureError(f"The layers of {self.name} have too many pixels; that is not read.")
        try:
            values = np.asarray(layer.numpy(), np.float32)
        except _DAMAGE as exc:
            raise PictureError(f"The layer {layer.name!r} in {self.name} is damaged ({exc!r}).") from exc
        rounded = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
        if rounded.shape[2] in (1, 2):
            alpha = rounded[..., 1:] if rounded.shape[2] == 2 else np.full_like(rounded, 255)
            return np.concatenate([np.repeat(rounded[..., :1], 3, 2), alpha], 2)
        if rounded.shape[2] == 3:
            return np.concatenate([rounded, np.full((*rounded.shape[:2], 1), 255, np.uint8)], 2)
        return np.ascontiguousarray(rounded[..., :4])


def _merged(psd: Any) -> bytes:
    """The merged picture as PNG; empty if the file was saved without."""
    if not psd.has_preview():
        return b""
    image = psd.topil()
    if image is None:
        return b""
    out = io.BytesIO()
    image.convert("RGBA").save(out, "PNG", compress_level=1)
    return out.getvalue()


# writing ---------------------------------------------------------------------------------------


def write_photoshop(page: Page, merged: Pixels, disclosure: Disclosure | None) -> bytes:
    """A whole PSD file.

    Args:
        page: the layers.
        merged: the page as one picture, uint8 RGBA; it is laid on white for programs that read no layers.
        disclosure: what the file says about itself; None for a person's own work.

    Raises:
        CapabilityError: something that PSD files cannot hold.
        MissingExtraError: psd-tools is not installed.
    """
    _needed()
    from psd_tools import PSDImage

    if max(page.width, page.height) > _MAX_SIDE:
        raise CapabilityError(f"PSD files have at most {_MAX_SIDE} px a side.", "Write an .ora file.")

    class Kept(PSDImage):
        """Written with the merged picture that it was given."""

        def is_updated(self) -> bool:
            return False

    psd = Kept.frompil(Image.fromarray(over(merged)))
    _lay(psd, page.children, 0, 0)
    return _saved(psd, disclosure)


def _lay(parent: Any, nodes: tuple[Node, ...], x: int, y: int) -> None:
    from psd_tools.constants import BlendMode

    for node in reversed(nodes):
        if isinstance(node, Foreign):
            raise CapabilityError(
                f"The layer {node.name!r} is of the kind {node.kind!r}, which no PSD file of ours holds.",
                "Write an .ora file.",
            )
        if node.mode not in _MODES:
            raise CapabilityError(
                f"The layer {node.name!r} has the mode {node.mode!r}, which PSD files lack.", "Write an .ora file."
            )
        if len(node.name) > _MAX_NAME:
            raise CapabilityError(
                f"The layer {node.name[:40]!r}... has a name of {len(node.name)} letters; PSD files hold {_MAX_NAME}.",
                "Shorten it, or write an .ora file.",
            )
        mode = getattr(BlendMode, _MODES[node.mode])
        opacity = round(node.opacity * 255)
        if isinstance(node, Group):
            made = parent.create_group(opacity=opacity, blend_mode=mode if node.isolated else BlendMode.PASS_THROUGH)
            _lay(made, node.children, x + node.x, y + node.y)
        else:
            # from an array: from a Pillow image the alpha would become a mask, too
            made = parent.create_pixel_layer_from_array(
                node.pixels if node.pixels.size else np.zeros((1, 1, 4), np.uint8),
                top=y + node.y, left=x + node.x, opacity=opacity, blend_mode=mode,
            )  # fmt: skip
        made.name = node.name  # set afterwards: only so may it hold any letter
        made.visible = node.visible
        if node.locked:
            _lock(made)


def _lock(layer: Any) -> None:
    layer.lock()
    layer.lock()  # psd-tools 1.26 writes the first call's flags to a copy that is thrown away


def repainted_photoshop(
    data: bytes, name: str, fresh: Mapping[str, Layer], merged: Pixels | None, disclosure: Disclosure | None
) -> bytes:
    """A PSD file with some of its layers painted anew; everything else in it stays.

    Args:
        data: the whole file.
        name: what to call it in an error.
        fresh: new pixels by the name of the layer.
        merged: the page as one picture; None leaves the one in the file.
        disclosure: what the file says about itself.

    Raises:
        PictureError: damaged, unreasonably large, or not in RGB.
        MissingExtraError: psd-tools is not installed.
    """
    from psd_tools.api.layers import PixelLayer

    psd = opened(data, name)
    for old in [layer for layer in psd.descendants() if layer.name in fresh and layer.kind == "pixel"]:
        parent: Any = old.parent
        layer = fresh[old.name]
        made = PixelLayer.fromarray(layer.pixels, parent=parent, top=layer.y, left=layer.x)
        made.name = old.name
        made.opacity, made.blend_mode, made.visible = old.opacity, old.blend_mode, old.visible
        if old.locks is not None and old.locks.complete:
            _lock(made)
        parent.remove(made)
        parent.insert(parent.index(old), made)
        parent.remove(old)
    return _saved(psd, disclosure, merged)


def _saved(psd: Any, disclosure: Disclosure | None, merged: Pixels | None = None) -> bytes:
    from psd_tools.constants import Compression
    from psd_tools.psd import PSD
    from psd_tools.psd.image_resources import ImageResource

    out = io.BytesIO()
    psd.save(out)
    if disclosure is None and merged is None:
        return out.getvalue()
    out.seek(0)
    whole = PSD.read(out)
    if disclosure is not None:
        whole.image_resources[_XMP] = ImageResource(key=_XMP, data=disclosure.to_xmp())
    if merged is not None:
        flat = Image.fromarray(over(merged))
        planes = [np.asarray(p, np.uint8) for p in flat.split()]
        planes += [merged[..., 3]] * max(0, whole.header.channels - len(planes))
        whole.image_data.compression = Compression.RLE
        whole.image_data.set_data([p.tobytes() for p in planes], whole.header)
    again = io.BytesIO()
    whole.write(again)
    return again.getvalue()


def xmp_of(data: bytes, name: str) -> bytes:
    """The XMP packet of a PSD file; empty if it has none."""
    resource = opened(data, name).image_resources.get_data(_XMP)
    return bytes(resource) if resource else b""


def _needed() -> None:
    try:
        import psd_tools  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as exc:
        raise MissingExtraError(
            "PSD files need psd-tools, which is not installed.", "pip install 'limner[psd]', or use .ora files."
        ) from exc
