"""Writing files so that nothing is ever half there."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from pathlib import Path

from limner.core.errors import InputError, StorageError
from limner.core.recipe import Recipe
from limner.provenance.disclosure import FORMATS

_ENDINGS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".tif": "tiff", ".tiff": "tiff"}


def format_of(path: Path) -> str:
    """Picture format of a file name.

    Raises:
        InputError: the ending is not .png, .jpg, .jpeg, .webp, .tif or .tiff.
    """
    try:
        return _ENDINGS[path.suffix.lower()]
    except KeyError:
        raise InputError(f"{path.name} does not end like a picture.", f"Use one of {', '.join(_ENDINGS)}.") from None


def write_file(path: Path, data: bytes) -> Path:
    """Write beside, then rename; readers see the old file or the new one, whole.

    Raises:
        StorageError: no permission, no space, a folder in the way.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as exc:
        raise storage_error(path, exc) from exc
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException as exc:
        Path(beside).unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise storage_error(path, exc) from exc
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def storage_error(path: Path, exc: OSError) -> StorageError:
    """Our error for a failed write."""
    if exc.errno == errno.ENOSPC:
        return StorageError(f"The disk is full; {path} was not written.", "Free some space and run it again.")
    if exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(f"{path.parent} cannot be written.", "Choose another folder with --out.")
    return StorageError(f"{path} cannot be written ({exc.strerror or exc}).", "Choose another place with --out.")


def check_folder(folder: Path) -> None:
    """Fail before any work if a folder cannot take files.

    Raises:
        StorageError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise storage_error(folder / "x", exc) from exc


def slug(words: str, length: int = 40) -> str:
    """A brief as a part of a file name: lower-case words joined by hyphens.

    >>> slug("A melancholic poet, at twilight!")
    'a-melancholic-poet-at-twilight'
    """
    plain = re.sub(r"[^\w]+", "-", words.casefold(), flags=re.UNICODE).strip("-_")
    cut = plain[:length]
    if len(plain) > length and "-" in cut:
        cut = cut.rpartition("-")[0]
    return cut.strip("-") or "portrait"


def file_name(recipe: Recipe, format: str, depth: int = 8) -> str:
    """Name of a portrait's file: brief, seed, the beginning of the recipe's id, and the bits if they are 16.

    The id makes names of different recipes differ, so nothing is overwritten but the same picture.
    """
    bits = "-16bit" if depth == 16 else ""
    return f"{slug(recipe.reading.words)}-{recipe.seed}-{recipe.id[:8]}{bits}{FORMATS[format][1]}"
