"""Layered files of either kind, read and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from limner._version import __version__
from limner.core.errors import CapabilityError, InputError, PictureError
from limner.core.picture import read_picture
from limner.provenance.disclosure import Disclosure, of_page, properties_of, read_disclosure
from limner.studio.layers.flattening import check_flat, flatten
from limner.studio.layers.manifest import ENTRY, Manifest, disclosed, manifest_of
from limner.studio.layers.openraster import is_openraster, read_openraster, write_openraster
from limner.studio.layers.page import Page, Pixels
from limner.studio.layers.photoshop import is_photoshop, read_photoshop, write_photoshop, xmp_of

ENDINGS = (".ora", ".psd")
"""How names of layered files end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layered:
    """A layered file."""

    page: Page
    manifest: Manifest | None
    """What it says about its machine layers; None for a person's own work."""
    kind: str
    """".ora" or ".psd"."""
    data: bytes = field(default=b"", repr=False)
    """The file that it was read from; empty if it is new."""
    name: str = "picture"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flat:
    """A layered file as one picture."""

    pixels: Pixels
    """uint8 RGBA [h, w, 4]."""
    disclosure: Disclosure | None
    """What it must say; None for a person's own work."""
    note: str = ""
    """What a person should know; empty if all is as it should be."""


def is_layered(data: bytes) -> bool:
    """Whether a file is an OpenRaster or a PSD file."""
    return is_openraster(data) or is_photoshop(data)


def kind_of(path: Path) -> str:
    """The kind of layered file that a name asks for.

    Raises:
        InputError: another ending.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"{path.name} does not end like a layered file.", f"Use one of {', '.join(ENDINGS)}.")
    return ending


def read_layered(data: bytes, name: str) -> Layered:
    """Read an OpenRaster or PSD file.

    Raises:
        PictureError: neither, damaged, or unreasonably large.
        MissingExtraError: a PSD file, and psd-tools is not installed.
        RecipeError: the description of its machine layers is of a newer form, or damaged.
    """
    if not data:
        raise PictureError(f"{name} is empty.")
    if is_photoshop(data):
        page, kind = read_photoshop(data, name), ".psd"
    elif is_openraster(data):
        page, kind = read_openraster(data, name), ".ora"
    else:
        raise PictureError(f"{name} has no layers.", f"Layered files are {' and '.join(ENDINGS)} files.")
    return Layered(page=page, manifest=manifest_of(page), kind=kind, data=data, name=name)


def flattened(file: Layered) -> Flat:
    """All layers as one picture, and what it must say.

    A file with something that is not composited here (a filter, a mask, an unknown mode) is taken as the program
    that wrote it merged it, with a note.

    Raises:
        CapabilityError: something is not composited here, and the file has no merged picture.
    """
    said = said_by(file)
    try:
        check_flat(file.page)
    except CapabilityError as exc:
        if not file.page.merged:
            raise
        pixels = _merged(file)
        note = f"{exc.message} The merged picture in {file.name} is taken, as the program that saved it made it."
        return Flat(pixels=pixels, disclosure=said, note=note)
    return Flat(pixels=flatten(file.page), disclosure=said)


def _merged(file: Layered) -> Pixels:
    import io

    import numpy as np
    from PIL import Image

    read_picture(file.page.merged, f"the merged picture in {file.name}")  # checks its size and that it is whole
    with Image.open(io.BytesIO(file.page.merged)) as image:
        pixels = np.asarray(image.convert("RGBA"))
    if pixels.shape[:2] != (file.page.height, file.page.width):
        raise PictureError(f"The merged picture in {file.name} has another size than its layers.")
    return pixels


def said_by(file: Layered) -> Disclosure | None:
    """What a flat picture of a layered file must say; None for a person's own work."""
    said = disclosed(file.page, file.manifest, __version__)
    if said is not None or not file.data:
        return said
    if file.kind == ".psd":
        before = properties_of(xmp_of(file.data, file.name), file.name)
    else:
        before = read_disclosure(file.page.merged, file.name) if file.page.merged else {}
    return of_page([before, {}], __version__)  # by another program's word: once synthetic, a composite


def encoded(file: Layered, kind: str) -> tuple[bytes, str]:
    """A whole layered file, and a note for people (empty if there is none).

    Args:
        file: what to write.
        kind: ".ora" or ".psd".

    Raises:
        CapabilityError: something that PSD files cannot hold.
        MissingExtraError: a PSD file, and psd-tools is not installed.
    """
    note = ""
    try:
        check_flat(file.page)
    except CapabilityError as exc:
        note = f"{exc.message} The merged picture in the file treats it as OpenRaster asks: as plain, or not at all."
    merged = flatten(file.page, strict=False)
    said = said_by(file)
    if kind == ".psd":
        return write_photoshop(file.page, merged, said), note
    manifest = file.manifest.to_json() if file.manifest else b""
    return write_openraster(file.page, merged, said, entry=(ENTRY, manifest)), note
