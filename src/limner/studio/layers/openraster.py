"""OpenRaster files (version 0.0.5 of the specification): the layered format of Krita, GIMP, MyPaint and others.

What we do not know (attributes, kinds of layers, files in the archive) comes back as it was, and so do the PNG files
of layers that nobody changed, byte for byte.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import defusedxml.ElementTree as DefusedET
import numpy as np
from defusedxml.common import DefusedXmlException
from PIL import Image, UnidentifiedImageError

from limner.core.errors import CapabilityError, InputError, PictureError
from limner.core.picture import MAX_PIXELS
from limner.provenance.disclosure import Disclosure, encode_file
from limner.studio.layers.archive import read_archive, write_archive
from limner.studio.layers.page import OVER, Foreign, Group, Layer, Node, Page, Pixels

MIMETYPE = b"image/openraster"

_STACK = "stack.xml"
_MERGED = "mergedimage.png"
_THUMBNAIL = "Thumbnails/thumbnail.png"
_ANEW = frozenset({"mimetype", _STACK, _MERGED, _THUMBNAIL})  # written by us each time
_VERSION = "0.0.5"
_THUMB_SIDE = 256  # px at most
_MAX_DEPTH, _MAX_NODES = 64, 4096
_MAX_TOTAL = 400_000_000  # px of all layers together
_FAR = 1 << 20  # px


def is_openraster(data: bytes) -> bool:
    """Whether a file begins like a zip archive, as OpenRaster files do."""
    return data[:4] == b"PK\x03\x04"


# reading ---------------------------------------------------------------------------------------


def read_openraster(data: bytes, name: str) -> Page:
    """The layers of an OpenRaster file.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        PictureError: not an OpenRaster file, damaged, or unreasonably large.
    """
    entries = read_archive(data, name)
    if entries.get("mimetype", b"").strip() != MIMETYPE or _STACK not in entries:
        raise PictureError(f"{name} is no OpenRaster file: it has no mimetype or no {_STACK}.")
    try:
        image = DefusedET.fromstring(entries[_STACK])
    except (ET.ParseError, DefusedXmlException, ValueError) as exc:
        raise PictureError(f"The list of layers in {name} is damaged ({exc}).") from exc
    stack = image.find("stack")
    if image.tag != "image" or stack is None:
        raise PictureError(f"The list of layers in {name} has no stack.")
    width, height = _whole(image, "w", name, low=1), _whole(image, "h", name, low=1)
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name} has {width} x {height} pixels.", f"At most {MAX_PIXELS // 1_000_000} million are read."
        )
    reading = _Reading(entries=entries, name=name)
    children = reading.children(stack, 1)
    kept = {k: v for k, v in entries.items() if k not in _ANEW and k not in reading.used}
    return Page(
        width=width,
        height=height,
        children=children,
        extra={k: v for k, v in image.attrib.items() if k not in ("w", "h", "version")},
        root=dict(stack.attrib),
        entries=kept,
        merged=entries.get(_MERGED, b""),
    )


@dataclass(slots=True)
class _Reading:
    """What is counted while a stack is read."""

    entries: Mapping[str, bytes]
    name: str
    used: set[str] = field(default_factory=set[str])
    nodes: int = 0
    pixels: int = 0

    def children(self, stack: ET.Element, depth: int) -> tuple[Node, ...]:
        if depth > _MAX_DEPTH:
            raise PictureError(f"The groups in {self.name} are nested more than {_MAX_DEPTH} deep.")
        return tuple(self.node(element, depth) for element in stack if element.tag in _NODES or "src" in element.attrib)

    def node(self, element: ET.Element, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            raise PictureError(f"{self.name} has more than {_MAX_NODES} layers.")
        if element.tag == "stack":
            return Group(
                children=self.children(element, depth + 1),
                isolate=element.get("isolation", "auto") == "isolate",
                **self.common(element, ("isolation",), inner=False),
            )
        source = element.get("src", "")
        if element.tag == "layer" and source.lower().endswith(".png"):
            content = self.entries.get(source)
            if content is None:
                raise PictureError(f"{self.name} lacks the file {source!r} of a layer.")
            self.used.add(source)
            return Layer(
                pixels=self.decoded(content, source), encoded=content, source=source, **self.common(element, ("src",))
            )
        return Foreign(
            xml=_text(element),
            kind=source.rpartition(".")[2] if element.tag == "layer" else element.tag,
            name=element.get("name", ""),
            visible=element.get("visibility", "visible") == "visible",
        )

    def common(self, element: ET.Element, besides: tuple[str, ...], *, inner: bool = True) -> dict[str, Any]:
        known = {"name", "x", "y", "opacity", "visibility", "composite-op", "edit-locked", *besides}
        try:
            opacity = float(element.get("opacity", "1"))
            if not 0 <= opacity <= 1:
                raise ValueError(opacity)
        except ValueError as exc:
            raise PictureError(f"A layer in {self.name} has the opacity {element.get('opacity')!r}.") from exc
        # what stands beside layers in a group is kept at the group; layers keep all that stands inside
        odd = [e for e in element if inner or not (e.tag in _NODES or "src" in e.attrib)]
        return {
            "name": element.get("name", ""),
            "x": _whole(element, "x", self.name, low=-_FAR, missing=0),
            "y": _whole(element, "y", self.name, low=-_FAR, missing=0),
            "opacity": opacity,
            "visible": element.get("visibility", "visible") == "visible",
            "mode": element.get("composite-op", OVER),
            "locked": element.get("edit-locked", "false") == "true",
            "extra": {k: v for k, v in element.attrib.items() if k not in known},
            "inner": tuple(_text(e) for e in odd),
        }

    def decoded(self, content: bytes, source: str) -> Pixels:
        try:
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                self.pixels += image.width * image.height
                if image.width * image.height > MAX_PIXELS or self.pixels > _MAX_TOTAL:
                    raise PictureError(f"The layers of {self.name} have too many pixels; that is not read.")
                if image.mode.startswith("I"):  # 16 bits of grey
                    grey = (np.asarray(image, np.uint32) >> 8).astype(np.uint8)
                    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])
                return np.asarray(image.convert("RGBA"))
        except PictureError:
            raise
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
            raise PictureError(f"The layer {source} in {self.name} is damaged ({exc}).") from exc


_NODES = frozenset({"layer", "stack", "text", "filter"})


def _whole(element: ET.Element, key: str, name: str, *, low: int, missing: int | None = None) -> int:
    text = element.get(key)
    if text is None and missing is not None:
        return missing
    try:
        value = int(text or "")
    except ValueError:
        value = low - 1
    if not low <= value <= _FAR:
        raise PictureError(f"The list of layers in {name} has {key} = {text!r} in <{element.tag}>.")
    return value


def _text(element: ET.Element) -> str:
    tail, element.tail = element.tail, None
    text = ET.tostring(element, encoding="unicode")
    element.tail = tail
    return text


# writing ---------------------------------------------------------------------------------------


def write_openraster(page: Page, merged: Pixels, disclosure: Disclosure | None, *, entry: tuple[str, bytes]) -> bytes:
    """A whole OpenRaster file.

    Args:
        page: the layers.
        merged: the page as one picture, uint8 RGBA of the page's size.
        disclosure: what the merged picture says about itself; None for a person's own work.
        entry: name and content of a file of our own in the archive; empty content leaves it out.
    """
    if merged.shape != (page.height, page.width, 4):
        raise InputError(f"The merged picture has the shape {merged.shape}, not that of the page.")
    writing = _Writing(taken={*_ANEW, *page.entries, entry[0]})
    writing.taken |= {layer.source for layer, *_ in page.layers() if layer.encoded}
    image = ET.Element("image", {"version": _VERSION, "w": str(page.width), "h": str(page.height), **page.extra})
    writing.stack(ET.SubElement(image, "stack", dict(page.root)), page.children)
    thumbnail = Image.fromarray(merged)
    thumbnail.thumbnail((_THUMB_SIDE, _THUMB_SIDE), Image.Resampling.LANCZOS)
    entries = {
        "mimetype": MIMETYPE,
        _STACK: ET.tostring(image, encoding="utf-8", xml_declaration=True),
        **writing.files,
        **{k: v for k, v in page.entries.items() if k != entry[0]},
        _THUMBNAIL: encode_file(np.asarray(thumbnail), None, "png"),
        _MERGED: encode_file(merged, disclosure, "png"),
    }
    if entry[1]:
        entries[entry[0]] = entry[1]
    stored = frozenset(k for k in entries if k == "mimetype" or k.lower().endswith(".png"))
    return write_archive(entries, stored)


@dataclass(slots=True)
class _Writing:
    """What is gathered while a stack is written."""

    taken: set[str]
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def stack(self, parent: ET.Element, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if isinstance(node, Foreign):
                if not node.xml:
                    raise CapabilityError(
                        f"The layer {node.name!r} is of the kind {node.kind!r}, which OpenRaster files lack.",
                        "Write a .psd file, or make it pixels in your painting program.",
                    )
                parent.append(DefusedET.fromstring(node.xml))
                continue
            if isinstance(node, Group):
                element = ET.SubElement(parent, "stack", self.attributes(node))
                element.set("isolation", "isolate" if node.isolate else "auto")
                self.stack(element, node.children)
            else:
                element = ET.SubElement(parent, "layer", self.attributes(node))
                element.set("src", self.file(node))
            for xml in node.inner:
                element.append(DefusedET.fromstring(xml))

    def attributes(self, node: Layer | Group) -> dict[str, str]:
        return {
            **node.extra,
            "name": node.name,
            "x": str(node.x),
            "y": str(node.y),
            "opacity": repr(float(node.opacity)),
            "visibility": "visible" if node.visible else "hidden",
            "composite-op": node.mode,
            **({"edit-locked": "true"} if node.locked else {}),
        }

    def file(self, layer: Layer) -> str:
        if layer.encoded and layer.source:
            self.files[layer.source] = layer.encoded
            return layer.source
        pixels = layer.pixels if layer.pixels.size else np.zeros((1, 1, 4), np.uint8)
        k = len(self.files)
        while (name := f"data/layer{k:03d}.png") in self.taken:
            k += 1
        self.taken.add(name)
        self.files[name] = encode_file(pixels, None, "png")
        return name
