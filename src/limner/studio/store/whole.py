"""Files that are whole or not there: written beside, synced, renamed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from limner.core.errors import StorageError

_ROOM = 128 << 10  # bytes
_SYNCS = 16  # waiting for the disk costs no processor, and the disk joins the waits of several writers


def disk_error(path: Path, exc: OSError) -> StorageError:
    """Our error for a disk that does not do as asked."""
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"The disk is full; {path} was not written.", "Free some space and run it again.")
    if exc.errno == errno.EROFS:
        return StorageError(f"{path} lies on read-only media.", "Copy the studio to a disk of your own.")
    if exc.errno in (errno.EACCES, errno.EPERM):
        return StorageError(f"{path} may not be written.", f"Change the permissions of {path.parent}.")
    return StorageError(f"{path} cannot be written ({exc.strerror or exc}).")


def no_room(folder: Path) -> bool:
    """Is the disk so full that SQLite cannot even open its write-ahead log there?"""
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


@contextmanager
def writing(path: Path) -> Generator[IO[bytes]]:
    """A file to write into, which takes its name when the block ends well, and vanishes if it does not.

    Raises:
        StorageError: no space, no permission.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as exc:
        _discard(beside)
        if isinstance(exc, OSError):
            raise disk_error(path, exc) from exc
        raise


def write_whole(path: Path, data: bytes) -> Path:
    """Write one file.

    Raises:
        StorageError: no space, no permission.
    """
    with writing(path) as file:
        file.write(data)
    return path


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files at once and make their names last through a loss of power.

    Raises:
        StorageError: as `write_whole`; files written before stay.
    """
    if not files:
        return
    folders = {path.parent for path in files}
    above = {folder.parent for folder in folders if not folder.exists()}
    if len(files) == 1:
        for path, data in files.items():
            write_whole(path, data)
            _sync_folder(path.parent)
    else:
        with ThreadPoolExecutor(min(_SYNCS, len(files))) as pool:
            list(pool.map(write_whole, files.keys(), files.values()))
            list(pool.map(_sync_folder, folders))
    for folder in above:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make renames last through a loss of power (not every system knows how)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as exc:
        raise disk_error(folder, exc) from exc
    finally:
        os.close(handle)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
