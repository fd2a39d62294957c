"""The basic disclosure: every file says that it is synthetic, what made it, and from which recipe.

Written as XMP (ISO 16684-1) with the properties of IPTC Photo Metadata 2025.1: `DigitalSourceType`
says that the picture comes from a trained model, `AISystemUsed` and its siblings say which one and
from which words.  The recipe travels in a property of our own namespace.  XMP is easily stripped;
signed credentials are a separate layer.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import defusedxml.ElementTree as DefusedET
import numpy as np
from defusedxml.common import DefusedXmlException
from PIL import Image, PngImagePlugin

from limner.core.errors import InputError, PictureError
from limner.core.picture import Deep, Picture, check_pixels, guarded
from limner.core.recipe import Recipe
from limner.provenance.png import XMP_KEY, deep_png
from limner.provenance.srgb import srgb_profile
from limner.provenance.tiff import tiff

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC digital source type of a picture made by a trained model from words."""

COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC digital source type of a picture put together from such pictures and others."""

ENHANCED = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
"""IPTC digital source type of a picture that an untrained algorithm changed."""

FORMATS: Mapping[str, tuple[str, str]] = {
    "png": ("PNG", ".png"),
    "jpeg": ("JPEG", ".jpg"),
    "webp": ("WEBP", ".webp"),
    "tiff": ("TIFF", ".tif"),
}
"""Format name on the command line to Pillow's name and the file ending."""

DEEP = ("png", "tiff")
"""Formats that hold 16 bits a channel."""

_MAX_XMP = 1 << 20

_NS = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "limner": "urn:limner:ns/1.0/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a file says about itself."""

    recipe: Recipe | None
    """What the picture was painted from; None for pages of several pictures."""
    system: str
    """The system and model, as `AISystemUsed`."""
    version: str
    """Version of the system."""
    credit: str
    """Licence and attribution line of the model."""
    creator: str = ""
    """Who wrote the brief; empty if they did not say."""
    source_type: str = TRAINED
    """IPTC digital source type."""
    said: str = "People who do not exist, painted by a trained model."
    """One sentence for people."""

    def to_xmp(self) -> bytes:
        """The XMP packet, UTF-8."""
        for prefix, uri in _NS.items():
            ET.register_namespace(prefix, uri)
        meta = ET.Element(_name("x:xmpmeta"))
        rdf = ET.SubElement(meta, _name("rdf:RDF"))
        about = ET.SubElement(rdf, _name("rdf:Description"), {_name("rdf:about"): ""})
        recipe = self.recipe
        plain = {
            "xmp:CreatorTool": f"Limner {self.version}",
            "Iptc4xmpExt:DigitalSourceType": self.source_type,
            "Iptc4xmpExt:AISystemUsed": self.system,
            "Iptc4xmpExt:AISystemVersionUsed": self.version,
            "Iptc4xmpExt:AIPromptInformation": recipe.reading.words if recipe else "",
            "Iptc4xmpExt:AIPromptWriterName": self.creator,
            "limner:recipe": recipe.canonical().decode() if recipe else "",
            "limner:recipeId": recipe.id if recipe else "",
        }
        for name, value in plain.items():
            if value:
                ET.SubElement(about, _name(name)).text = _clean(value)
        for name, value in (("dc:description", self.said), ("dc:rights", self.credit)):
            if not value:
                continue
            alternatives = ET.SubElement(ET.SubElement(about, _name(name)), _name("rdf:Alt"))
            item = ET.SubElement(alternatives, _name("rdf:li"), {f"{{{_XML}}}lang": "x-default"})
            item.text = _clean(value)
        body = ET.tostring(meta, encoding="utf-8")
        head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
        return head + body + b'\n<?xpacket end="w"?>'


_XML = "http://www.w3.org/XML/1998/namespace"


def _name(qualified: str) -> str:
    prefix, _, local = qualified.partition(":")
    return f"{{{_NS[prefix]}}}{local}"


def _clean(text: str) -> str:
    """Drop characters that XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or 0x20 <= ord(c) <= 0xD7FF or 0xE000 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF
    )


def of_page(parts: Sequence[Mapping[str, str]], version: str) -> Disclosure | None:
    """What a page made of several files must say, from what each file says (`read_disclosure`).

    Once a part is synthetic, the page is; None if no part is.
    """
    kind = "Iptc4xmpExt:DigitalSourceType"
    synthetic = [p for p in parts if "lgorithmicMedia" in p.get(kind, "")]
    if not synthetic:
        return None
    return Disclosure(
        recipe=None,
        system="; ".join(dict.fromkeys(p.get("Iptc4xmpExt:AISystemUsed", "unknown") for p in synthetic)),
        version=version,
        credit="; ".join(dict.fromkeys(p["dc:rights"] for p in synthetic if "dc:rights" in p)),
        source_type=TRAINED if len(synthetic) == len(parts) else COMPOSITE,
    )


def of_rendering(source: Mapping[str, str], version: str) -> Disclosure:
    """What a picture must say that was painted by brush from another, from what that one says (`read_disclosure`).

    What is synthetic stays so; anything else was changed by an algorithm that learned from nobody.
    """
    made = of_page([source], version)
    if made is not None:
        return made
    return Disclosure(
        recipe=None,
        system="Limner, media (no trained model)",
        version=version,
        credit=source.get("dc:rights", ""),
        source_type=ENHANCED,
        said="Painted by an algorithm from another picture.",
    )


def encode_file(
    picture: Picture | Deep,
    disclosure: Disclosure | None,
    format: str = "png",
    *,
    quality: int | None = None,
    dpi: float | None = None,
) -> bytes:
    """A whole file: pixels, colour space and disclosure.

    Every file says that it is sRGB: PNG by its own chunk, the others by a profile (`srgb_profile`).

    Args:
        picture: uint8 RGB [h, w, 3], or uint16 for the formats of `DEEP`.
        disclosure: what the file says about itself; None only for pictures that are not synthetic.
        format: "png", "jpeg" (quality 95, 4:4:4), "webp" (quality 92) or "tiff".
        quality: 1..100, another quality for JPEG (with 4:2:0) and WebP: small files for pages and previews.
        dpi: px to an inch of the print, 1..9999; None leaves it open.

    Raises:
        PictureError: a format that is not known, or that cannot hold 16 bits.
        InputError: a resolution that is not allowed.
    """
    check_format(format, 16 if picture.dtype == np.uint16 else 8)
    check_dpi(dpi)
    xmp = disclosure.to_xmp() if disclosure else b""
    if format == "tiff":
        said, credit = (disclosure.said, disclosure.credit) if disclosure else ("", "")
        return tiff(picture, xmp, dpi, said=said, credit=credit)
    if picture.dtype == np.uint16:
        return deep_png(picture.astype(np.uint16, copy=False), xmp, dpi)
    image = Image.fromarray(picture)
    out = io.BytesIO()
    size: dict[str, Any] = {} if dpi is None else {"dpi": (dpi, dpi)}
    if format == "png":
        info = PngImagePlugin.PngInfo()
        info.add(b"sRGB", b"\0")  # the colour space of all our pictures, for viewers that ask
        if xmp:
            info.add_itxt(XMP_KEY, xmp.decode())
        image.save(out, "PNG", pnginfo=info, compress_level=4, **size)
    elif format == "jpeg":
        image.save(
            out, "JPEG", quality=quality or 95, subsampling=2 if quality else 0, optimize=bool(quality), xmp=xmp,
            icc_profile=srgb_profile(), **size,
        )  # fmt: skip
    else:
        exif = _resolution(dpi).tobytes() if dpi is not None else b""
        image.save(
            out, "WEBP", quality=quality or 92, method=4, xmp=xmp, icc_profile=srgb_profile(), exif=exif
        )  # fmt: skip
    return out.getvalue()


def check_format(format: str, depth: int) -> None:
    """Raise `PictureError` unless a file of this format holds so many bits a channel."""
    if format not in FORMATS:
        raise PictureError(f"Format {format!r} is not one of {', '.join(FORMATS)}.")
    if depth not in (8, 16):
        raise PictureError(f"A depth of {depth!r} bits is not written.", "Take 8 or 16.")
    if depth == 16 and format not in DEEP:
        raise PictureError(f"{FORMATS[format][0]} files hold 8 bits a channel, not 16.", "Take PNG or TIFF, or 8 bits.")


def check_dpi(dpi: float | None) -> None:
    """Raise `InputError` unless a print may have so many px to an inch."""
    if dpi is not None and not 1 <= dpi <= 9999:
        raise InputError(f"{dpi:g} dpi is not from 1 to 9999.", "Prints have 150 to 600, mostly 300.")


def _resolution(dpi: float) -> Image.Exif:
    """EXIF with the size of the print."""
    exif = Image.Exif()
    exif[0x011A] = exif[0x011B] = dpi
    exif[0x0128] = 2  # inches
    return exif


def read_disclosure(data: bytes, name: str = "picture") -> dict[str, str]:
    """The properties that a file's XMP holds, by qualified name; empty if it has none.

    Raises:
        PictureError: not a readable picture, or damaged XMP.
    """
    info = guarded(lambda: _info(data, name), name)
    return properties_of(info.get("xmp") or info.get(XMP_KEY), name)


def properties_of(packet: str | bytes | None, name: str = "picture") -> dict[str, str]:
    """The properties in an XMP packet, by qualified name; empty if there is none.

    Raises:
        PictureError: damaged, or unreasonably large.
    """
    if not packet:
        return {}
    raw = packet.encode() if isinstance(packet, str) else bytes(packet)
    if len(raw) > _MAX_XMP:
        raise PictureError(f"The metadata of {name} is larger than 1 MiB and is not read.")
    try:
        root = DefusedET.fromstring(raw.strip(b"\x00 \n"))
    except (ET.ParseError, DefusedXmlException) as exc:
        raise PictureError(f"The metadata of {name} is damaged ({exc}).") from exc
    return _properties(root)


def _info(data: bytes, name: str) -> dict[Any, Any]:
    """What Pillow finds beside the pixels."""
    with Image.open(io.BytesIO(data)) as image:
        check_pixels(image, name)
        if image.format == "PNG":
            image.load()  # texts may stand behind the pixels
        return dict(image.info)


def _properties(root: ET.Element) -> dict[str, str]:
    back = {uri: prefix for prefix, uri in _NS.items()}
    found: dict[str, str] = {}
    for about in root.iter(_name("rdf:Description")):
        items = [(k, v) for k, v in about.attrib.items()]
        items += [(e.tag, "".join(e.itertext()).strip()) for e in about]
        for tag, value in items:
            uri, _, local = tag[1:].partition("}")
            if uri in back and back[uri] != "rdf":
                found[f"{back[uri]}:{local}"] = value
    return found


def read_recipe(data: bytes, name: str = "picture") -> Recipe:
    """The recipe inside a picture.

    Raises:
        PictureError: not a picture, or it holds no recipe.
        RecipeError: the recipe is not valid.
    """
    text = read_disclosure(data, name).get("limner:recipe")
    if not text:
        raise PictureError(
            f"{name} holds no recipe.", "Only pictures that Limner painted and no one re-saved carry one."
        )
    return Recipe.parse(text)
