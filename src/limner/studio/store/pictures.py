"""Pictures as files named by their content.

`ab/abcdef...png` is the file whose SHA-256 begins with `ab`.  A file is whole or not there: it is written
beside, synced and renamed.  Two kinds of places: a folder, and any address that fsspec knows (`s3://...`),
where putting an object is itself all or nothing.

Before files are written or removed, a *note of intent* with their names is left under `intents/`, and taken
away once database and files agree.  What a killed process left behind is thus found without looking everywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from limner.core.errors import StorageError
from limner.core.picture import Sha256
from limner.provenance.disclosure import FORMATS
from limner.studio.store.whole import disk_error, write_all, write_whole

ENDINGS: Mapping[str, str] = {format: ending for format, (_, ending) in FORMATS.items() if format != "tiff"}
"""Formats that the memory keeps, and their endings.  TIFF is for going elsewhere: no browser shows it."""

_FORMAT_OF = {ending: format for format, ending in ENDINGS.items()}
STUDIO_FILE = "studio.json"


def sha256(data: bytes) -> Sha256:
    """Name of a file's content."""
    return Sha256(hashlib.sha256(data).hexdigest())


def path_of(picture: str, format: str) -> str:
    """Where a picture lies, relative to the place of all pictures."""
    return f"{picture[:2]}/{picture}{ENDINGS[format]}"


class Pictures(Protocol):
    """A place for pictures."""

    def write(self, files: Mapping[str, bytes]) -> list[str]:
        """Put files by relative path, all or none; those that are there stay as they are.

        Returns:
            The paths that were new.

        Raises:
            StorageError: no space, no permission.
        """
        ...

    def replace(self, path: str, data: bytes) -> None:
        """Put one file in the place of what is there, all or nothing.

        Raises:
            StorageError: no space, no permission.
        """
        ...

    def read(self, path: str) -> bytes:
        """Contents of a file.

        Raises:
            StorageError: it is not there, or cannot be read.
        """
        ...

    def exists(self, path: str) -> bool:
        """Is the file there?"""
        ...

    def size(self, path: str) -> int | None:
        """Bytes of a file; None if it is not there."""
        ...

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; those that are not there do not matter."""
        ...

    def listing(self) -> Iterator[tuple[Sha256, str]]:
        """Hash and format of every picture, in no order."""
        ...

    def local(self, path: str) -> Path | None:
        """The file's path on this machine; None if it lies elsewhere."""
        ...

    def intend(self, verb: str, paths: Sequence[str]) -> str:
        """Leave a note of intent ("keep" or "drop" files); returns its name."""
        ...

    def intents(self) -> dict[str, list[str]]:
        """All notes of intent: paths by name; the name begins with the verb."""
        ...

    def forget(self, intent: str) -> None:
        """Remove a note of intent."""
        ...

    def sweep(self, paths: Iterable[str]) -> None:
        """Remove what half-written attempts at these files left."""
        ...


def open_pictures(address: str) -> Pictures:
    """The pictures at a path or an fsspec address."""
    if "://" not in address or address.startswith("file://"):
        return FolderPictures(Path(address.removeprefix("file://")))
    return BucketPictures(address)


class FolderPictures:
    """Pictures in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, bytes]) -> list[str]:
        new = [path for path in files if not (self.root / path).exists()]
        try:
            write_all({self.root / path: files[path] for path in new})
        except BaseException:
            self.remove(new)
            raise
        return new

    def replace(self, path: str, data: bytes) -> None:
        write_whole(self.root / path, data)

    def read(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError as exc:
            raise _missing(path, str(self.root)) from exc
        except OSError as exc:
            raise StorageError(f"{self.root / path} cannot be read ({exc.strerror}).") from exc

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()

    def size(self, path: str) -> int | None:
        try:
            return (self.root / path).stat().st_size
        except OSError:
            return None

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            (self.root / path).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[Sha256, str]]:
        if not self.root.is_dir():
            return
        for folder in os.scandir(self.root):
            if len(folder.name) == 2 and folder.is_dir():
                for file in os.scandir(folder.path):
                    if found := _named(file.name):
                        yield found

    def local(self, path: str) -> Path | None:
        return self.root / path

    def intend(self, verb: str, paths: Sequence[str]) -> str:
        name = f"{verb}-{secrets.token_hex(8)}.json"
        target = self.root / "intents" / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(list(paths)))
        except OSError as exc:
            raise disk_error(target, exc) from exc
        return name

    def intents(self) -> dict[str, list[str]]:
        folder = self.root / "intents"
        try:
            names = [e.name for e in os.scandir(folder) if e.name.endswith(".json")]
        except OSError:
            return {}
        return {name: _paths((folder / name).read_bytes()) for name in names if (folder / name).exists()}

    def forget(self, intent: str) -> None:
        (self.root / "intents" / intent).unlink(missing_ok=True)

    def sweep(self, paths: Iterable[str]) -> None:
        for path in map(self.root.joinpath, paths):
            for part in path.parent.glob(f".{path.name}.*.part"):
                part.unlink(missing_ok=True)


class BucketPictures:
    """Pictures at an fsspec address: object stores, and other machines.

    Raises:
        StorageError: the address needs a package that is not installed.
    """

    def __init__(self, address: str) -> None:
        import fsspec  # pyright: ignore[reportMissingTypeStubs]

        self.address = address
        try:
            found: tuple[Any, str] = fsspec.url_to_fs(address)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        except (ImportError, ValueError) as exc:
            raise StorageError(
                f"The pictures' address {address} cannot be used ({exc}).",
                "Install the fsspec package for it (s3fs, gcsfs, adlfs).",
            ) from exc
        self._fs = found[0]
        self._root = str(found[1]).rstrip("/")

    def write(self, files: Mapping[str, bytes]) -> list[str]:
        new = [path for path in files if not self.exists(path)]
        try:
            for path in new:
                self._put(path, files[path])
        except BaseException:
            self.remove(new)
            raise
        return new

    def replace(self, path: str, data: bytes) -> None:
        self._put(path, data)

    def read(self, path: str) -> bytes:
        try:
            return bytes(self._fs.cat_file(self._at(path)))
        except FileNotFoundError as exc:
            raise _missing(path, self.address) from exc
        except OSError as exc:
            raise StorageError(f"{self.address}/{path} cannot be read ({exc}).") from exc

    def exists(self, path: str) -> bool:
        return bool(self._fs.isfile(self._at(path)))

    def size(self, path: str) -> int | None:
        try:
            return int(self._fs.info(self._at(path))["size"])
        except OSError:
            return None

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            if self.exists(path):
                self._fs.rm_file(self._at(path))

    def listing(self) -> Iterator[tuple[Sha256, str]]:
        files: list[str] = self._fs.find(self._root) if self._fs.isdir(self._root) else []
        for file in files:
            path = PurePosixPath(file)
            if len(path.parent.name) == 2 and (found := _named(path.name)):
                yield found

    def local(self, path: str) -> Path | None:
        return None

    def intend(self, verb: str, paths: Sequence[str]) -> str:
        name = f"{verb}-{secrets.token_hex(8)}.json"
        self._put(f"intents/{name}", json.dumps(list(paths)).encode())
        return name

    def intents(self) -> dict[str, list[str]]:
        folder = self._at("intents")
        if not self._fs.isdir(folder):
            return {}
        names = [PurePosixPath(f).name for f in self._fs.find(folder)]
        return {name: _paths(self.read(f"intents/{name}")) for name in names if name.endswith(".json")}

    def sweep(self, paths: Iterable[str]) -> None:
        return  # an object is put whole or not at all

    def forget(self, intent: str) -> None:
        self.remove([f"intents/{intent}"])

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _put(self, path: str, data: bytes) -> None:
        at = self._at(path)
        try:
            self._fs.makedirs(at.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(at, data)
        except OSError as exc:
            raise StorageError(f"{self.address}/{path} cannot be written ({exc}).", "Is the bucket yours?") from exc


# who the pictures belong to ---------------------------------------------------------------------


def read_owner(pictures: Pictures) -> dict[str, str] | None:
    """What `studio.json` beside the pictures says: id and name of their studio; None if there is none.

    Raises:
        StorageError: it cannot be read.
    """
    if not pictures.exists(STUDIO_FILE):
        return None
    try:
        data = json.loads(pictures.read(STUDIO_FILE))
        return {"id": str(data["id"]), "name": str(data["name"]), "made": str(data["made"])}
    except (ValueError, KeyError, TypeError) as exc:
        raise StorageError(
            f"{STUDIO_FILE} beside the pictures is damaged ({exc!r}).",
            "Remove it, then: limner studio reindex",
        ) from exc


def write_owner(pictures: Pictures, owner: Mapping[str, str]) -> None:
    """Write `studio.json`."""
    pictures.replace(STUDIO_FILE, json.dumps(dict(owner), indent=1).encode())


def move_aside(pictures: Pictures, path: str, folder: str) -> str:
    """Put a file out of the way into a folder beside the pictures; returns its new path."""
    data = pictures.read(path)
    stem, dot, ending = path.rpartition("/")[2].partition(".")
    target = f"{folder}/{stem}{dot}{ending}"
    if pictures.exists(target) and pictures.read(target) != data:
        target = f"{folder}/{stem}-{sha256(data)[:8]}{dot}{ending}"
    pictures.replace(target, data)
    pictures.remove([path])
    return target


# helpers ----------------------------------------------------------------------------------------


def _named(name: str) -> tuple[Sha256, str] | None:
    stem, dot, ending = name.partition(".")
    format = _FORMAT_OF.get(dot + ending)
    if format is None or len(stem) != 64 or not set(stem) <= set("0123456789abcdef"):
        return None
    return Sha256(stem), format


def _paths(data: bytes) -> list[str]:
    """What a note of intent says; a half-written one says nothing."""
    try:
        return [str(path) for path in json.loads(data)]
    except (ValueError, TypeError):
        return []


def _missing(path: str, where: str) -> StorageError:
    return StorageError(f"The picture {path} is missing from {where}.", "See: limner studio check")
