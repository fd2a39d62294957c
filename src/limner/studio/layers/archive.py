"""Zip archives from strangers: read into memory with limits, never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from limner.core.errors import PictureError

MAX_ENTRIES = 4096
"""More files than this are refused."""

MAX_BYTES = 1 << 30
"""Refused if more than this comes out of the archive."""

_MAX_ENTRY = 512 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_archive(data: bytes, name: str) -> dict[str, bytes]:
    """All files of a zip archive by name, in the archive's order.

    Raises:
        PictureError: damaged, encrypted, unreasonably large, or with names that no archive of ours has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _entries(archive, name)
    except PictureError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as exc:
        raise PictureError(f"{name} is damaged ({exc}).", "Save it again in your painting program.") from exc


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise PictureError(f"{name} holds {len(infos)} files; at most {MAX_ENTRIES} are read.")
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for info in infos:
        if info.is_dir():
            continue
        _check_name(info.filename, name)
        if info.filename in found:
            raise PictureError(f"{name} holds {info.filename} twice; that is no painting program's work.")
        if info.flag_bits & 0x1:
            raise PictureError(f"{name} is encrypted.", "Save it without a password.")
        if info.compress_type not in _METHODS:
            raise PictureError(f"{name} is packed in a way that OpenRaster does not allow ({info.compress_type}).")
        most = min(left, _MAX_ENTRY)
        with archive.open(info) as file:  # the size that the archive states is not believed
            content = file.read(most + 1)
        if len(content) > most:
            raise PictureError(f"{info.filename} in {name} unpacks to more than {most >> 20} MiB and is not read.")
        left -= len(content)
        found[info.filename] = content
    return found


def _check_name(entry: str, name: str) -> None:
    parts = entry.split("/")
    if entry.startswith("/") or "\\" in entry or ":" in parts[0] or ".." in parts or "\0" in entry:
        raise PictureError(f"{name} holds a file named {entry!r}, which points out of the archive.")


def write_archive(entries: Mapping[str, bytes], stored: frozenset[str]) -> bytes:
    """A zip archive; the same entries give the same bytes.

    Args:
        entries: contents by name, in the order of writing.
        stored: names that are not compressed (pictures are already).
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for entry, content in entries.items():
            info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if entry in stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content)
    return out.getvalue()
