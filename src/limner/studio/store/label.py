"""What a picture says of itself beside its recipe: its lineage, its sitter, what was measured on it.

The label is one JSON value in a property `limner:portrait` of the file's XMP packet, where the recipe
already stands.  It is put there without touching a pixel: the file's container is taken apart (PNG
chunks, JPEG segments, WebP RIFF chunks), the packet extended, and the container put together again.  With
recipe and label in every file, a studio can be rebuilt from its pictures alone.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Mapping
from functools import cached_property
from html import unescape
from xml.etree import ElementTree as ET

import defusedxml.ElementTree as DefusedET
from defusedxml.common import DefusedXmlException
from PIL import Image

from limner.core.errors import PictureError
from limner.core.picture import check_pixels, guarded

_NAMESPACE = "urn:limner:ns/1.0/"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEY = b"XML:com.adobe.xmp\0"
_JPEG_KEY = b"http://ns.adobe.com/xap/1.0/\0"
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about=""></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
).encode()
_END = re.compile(rb"</[A-Za-z0-9]*:?Description>")
_MAX_PACKET = 1 << 20
_OURS = re.compile(rb"<limner:(?P<key>\w+)(?: xmlns:limner=\"urn:limner:ns/1.0/\")?>(?P<text>[^<]*)</limner:(?P=key)>")
_UNUSUAL = re.compile(rb'limner:\w+\s*=\s*[\'"](?!urn:limner:ns)|<!\[CDATA|xmlns:(?!limner=)\w+="urn:limner:ns')
"""What our own writer never writes: attributes, CDATA, another prefix; then the XML is parsed in full."""


class PictureFile:
    """A picture's file, taken apart.

    Args:
        data: a whole PNG, JPEG or WebP file; a TIFF file is read, and takes no label.
        name: what to call it in an error.

    Raises:
        PictureError: not such a file, cut off, or damaged.
    """

    def __init__(self, data: bytes, name: str = "picture") -> None:
        self.data = data
        self._name = name
        self._container = _container(data, name)
        self.format = self._container.format
        """ "png", "jpeg", "webp" or "tiff"."""
        self.size = self._container.size()
        """Width and height in px."""
        self.signed = self._container.signed
        """Does it carry a signature (C2PA) that a label would break?"""

    @cached_property
    def said(self) -> dict[str, str]:
        """The properties of our namespace in its XMP ("recipe", "recipeId", "portrait"); empty if none.

        Raises:
            PictureError: the XMP is damaged.
        """
        packet = self._container.packet()
        if not packet or b"limner" not in packet:
            return {}
        if len(packet) > _MAX_PACKET:
            raise PictureError(f"The metadata of {self._name} is larger than 1 MiB and is not read.")
        if _UNUSUAL.search(packet) is None:
            return _quickly(packet)
        try:
            root = DefusedET.fromstring(packet.strip(b"\x00 \r\n"))
        except (ET.ParseError, DefusedXmlException) as exc:
            raise PictureError(f"The metadata of {self._name} is damaged ({exc}).") from exc
        return _properties(root)

    def with_label(self, values: Mapping[str, str]) -> bytes | None:
        """The same picture with further properties of our namespace in its XMP.

        Args:
            values: texts by property ("portrait", "recipe"); a property that is there is replaced.

        Returns:
            The file; None if it is signed (a label would break the signature) or a JPEG without room for it.

        Raises:
            PictureError: the XMP is damaged.
        """
        if self.signed:
            return None
        packet = self._container.packet() or _EMPTY
        for key, text in values.items():
            packet = _with_property(packet, key, text, self._name)
        return self._container.with_packet(packet)


def _quickly(packet: bytes) -> dict[str, str]:
    """Our properties where they stand as our own writer puts them."""
    return {m["key"].decode(): unescape(m["text"].decode("utf-8", "replace")) for m in _OURS.finditer(packet)}


def _properties(root: ET.Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter():
        items = [*element.attrib.items(), (element.tag, "".join(element.itertext()))]
        for tag, text in items:
            if tag.startswith(f"{{{_NAMESPACE}}}"):
                found[tag.rpartition("}")[2]] = text
    return found


def _with_property(packet: bytes, key: str, text: str, name: str) -> bytes:
    old = re.compile(
        rb"<(?P<p>[A-Za-z0-9]+:)?" + key.encode() + rb'( xmlns:[^>]*"[^>]*)?>[^<]*</(?P=p)' + key.encode() + rb">"
    )
    packet = old.sub(b"", packet)
    ends = list(_END.finditer(packet))
    if not ends:
        raise PictureError(f"The metadata of {name} is not XMP as expected.", "Save the picture without metadata.")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    element = f'<limner:{key} xmlns:limner="{_NAMESPACE}">{escaped}</limner:{key}>'.encode()
    at = ends[-1].start()
    return packet[:at] + element + packet[at:]


# containers -------------------------------------------------------------------------------------


class _Png:
    format = "png"

    def __init__(self, data: bytes, name: str) -> None:
        self._chunks: list[tuple[bytes, bytes]] = []
        at = len(_PNG)
        while at + 12 <= len(data):
            (length,) = struct.unpack_from(">I", data, at)
            if at + 12 + length > len(data):
                break
            self._chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
            at += 12 + length
            if self._chunks[-1][0] == b"IEND":
                break
        if not self._chunks or self._chunks[0][0] != b"IHDR" or self._chunks[-1][0] != b"IEND":
            raise PictureError(f"{name} is cut off or damaged: its PNG chunks do not add up.")

    def size(self) -> tuple[int, int]:
        width, height = struct.unpack_from(">II", self._chunks[0][1])
        return width, height

    @property
    def signed(self) -> bool:
        return any(kind == b"caBX" for kind, _ in self._chunks)

    def packet(self) -> bytes | None:
        for kind, body in self._chunks:
            if kind == b"iTXt" and body.startswith(_PNG_KEY):
                packed, _, rest = body[len(_PNG_KEY)], body[len(_PNG_KEY) + 1], body[len(_PNG_KEY) + 2 :]
                text = rest.split(b"\0", 2)[2]
                return _inflated(text) if packed else text
        return None

    def with_packet(self, packet: bytes) -> bytes:
        chunk = (b"iTXt", _PNG_KEY + b"\0\0\0\0" + packet)
        kept = [c for c in self._chunks if not (c[0] == b"iTXt" and c[1].startswith(_PNG_KEY))]
        chunks = [kept[0], chunk, *kept[1:]]
        return _PNG + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        )


class _Jpeg:
    format = "jpeg"

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._segments: list[tuple[int, bytes]] = []
        at = 2
        while True:
            if at + 4 > len(data) or data[at] != 0xFF:
                raise PictureError(f"{name} is cut off or damaged: its JPEG segments do not add up.")
            marker = data[at + 1]
            if marker == 0xFF:
                at += 1
                continue
            if marker == 0xDA:
                self._rest = data[at:]
                return
            (length,) = struct.unpack_from(">H", data, at + 2)
            self._segments.append((marker, data[at + 4 : at + 2 + length]))
            at += 2 + length

    def size(self) -> tuple[int, int]:
        for marker, body in self._segments:
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(body) >= 5:
                height, width = struct.unpack_from(">HH", body, 1)
                return width, height
        raise PictureError(f"{self._name} is a JPEG file without a frame.")

    @property
    def signed(self) -> bool:
        return any(marker == 0xEB and b"jumb" in body[:32] for marker, body in self._segments)

    def packet(self) -> bytes | None:
        for marker, body in self._segments:
            if marker == 0xE1 and body.startswith(_JPEG_KEY):
                return body[len(_JPEG_KEY) :]
        return None

    def with_packet(self, packet: bytes) -> bytes | None:
        if len(_JPEG_KEY) + len(packet) + 2 > 0xFFFF:
            return None
        kept = [s for s in self._segments if not (s[0] == 0xE1 and s[1].startswith(_JPEG_KEY))]
        first = 1 if kept and kept[0][0] == 0xE0 else 0
        segments = [*kept[:first], (0xE1, _JPEG_KEY + packet), *kept[first:]]
        head = b"".join(bytes([0xFF, m]) + struct.pack(">H", len(b) + 2) + b for m, b in segments)
        return b"\xff\xd8" + head + self._rest


class _WebP:
    format = "webp"
    _XMP_FLAG = 0x04

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._chunks: list[tuple[bytes, bytes]] = []
        at = 12
        while at + 8 <= len(data):
            kind, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
            if at + 8 + length > len(data):
                raise PictureError(f"{name} is cut off or damaged: its WebP chunks do not add up.")
            self._chunks.append((kind, data[at + 8 : at + 8 + length]))
            at += 8 + length + (length & 1)
        if not self._chunks:
            raise PictureError(f"{name} is cut off or damaged: it has no WebP chunk.")

    @property
    def signed(self) -> bool:
        return any(kind == b"C2PA" for kind, _ in self._chunks)

    def packet(self) -> bytes | None:
        return next((body for kind, body in self._chunks if kind == b"XMP "), None)

    def with_packet(self, packet: bytes) -> bytes:
        kept = [c for c in self._chunks if c[0] != b"XMP "]
        if kept[0][0] == b"VP8X":
            flags = bytes([kept[0][1][0] | self._XMP_FLAG]) + kept[0][1][1:]
            kept[0] = (b"VP8X", flags)
        else:
            width, height = self.size()
            alpha = 0x10 if kept[0][0] == b"VP8L" and kept[0][1][4] & 0x10 else 0
            head = bytes([self._XMP_FLAG | alpha, 0, 0, 0]) + (width - 1).to_bytes(3, "little")
            kept.insert(0, (b"VP8X", head + (height - 1).to_bytes(3, "little")))
        body = b"WEBP" + b"".join(
            kind + struct.pack("<I", len(b)) + b + b"\0" * (len(b) & 1) for kind, b in [*kept, (b"XMP ", packet)]
        )
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def size(self) -> tuple[int, int]:
        """Width and height (RFC 9649, sections 2.5 to 2.7)."""
        kind, body = self._chunks[0]
        if kind == b"VP8X" and len(body) >= 10:
            return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
        if kind == b"VP8 " and len(body) >= 10:
            width, height = struct.unpack_from("<HH", body, 6)
            return width & 0x3FFF, height & 0x3FFF
        if kind == b"VP8L" and len(body) >= 5:
            (packed,) = struct.unpack_from("<I", body, 1)
            return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        raise PictureError(f"{self._name} is a WebP file of a kind that is not known.")


class _Tiff:
    """Read, so that a file that went elsewhere still names its portrait; the studio keeps none."""

    format = "tiff"
    signed = False

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name

        def head() -> tuple[tuple[int, int], bytes | None]:
            with Image.open(io.BytesIO(data)) as image:
                check_pixels(image, name)
                return image.size, image.info.get("xmp")

        self._size, self._packet = guarded(head, name)

    def size(self) -> tuple[int, int]:
        return self._size

    def packet(self) -> bytes | None:
        return self._packet

    def with_packet(self, packet: bytes) -> bytes | None:
        raise PictureError(f"{self._name} is a TIFF file, which the studio does not keep.", "Keep a PNG file.")


def _container(data: bytes, name: str) -> _Png | _Jpeg | _WebP | _Tiff:
    if data.startswith(_PNG):
        return _Png(data, name)
    if data.startswith(b"\xff\xd8"):
        return _Jpeg(data, name)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _WebP(data, name)
    if data[:4] in (b"II*\0", b"MM\0*"):
        return _Tiff(data, name)
    raise PictureError(f"{name} is not a picture that can be kept.", "Use a PNG, JPEG or WebP file.")


def _inflated(text: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(text, _MAX_PACKET + 1)
    except zlib.error as exc:
        raise PictureError(f"The metadata of this picture is damaged ({exc}).") from exc
