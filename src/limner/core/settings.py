"""Settings: declared once, read from flag, variable, file or default, in this order.

`LIMNER_HOME` moves everything that Limner keeps; the file is `settings.toml` inside it.  A value
that was read is not changed later.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from limner.core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a person can set."""

    name: str
    default: Any
    help: str
    read: Callable[[str], Any]
    """Turns text (from a variable) into the value; raises ValueError."""
    secret: bool = False
    """True for what is never printed."""

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"LIMNER_{self.name.upper()}"


def _threads(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 256:
        raise ValueError("from 0 (all cores) to 256")
    return value


def _runtime(text: str) -> str:
    if text not in ("auto", "onnxruntime", "openvino"):
        raise ValueError("auto, onnxruntime or openvino")
    return text


def _creator(text: str) -> str:
    if len(text) > 200:
        raise ValueError("at most 200 characters")
    return text


def _database(text: str) -> str:
    if text and not re.match(r"(postgres(ql(\+psycopg)?)?|sqlite)://", text):
        raise ValueError("postgresql://user@host/name, or nothing for SQLite")
    return text


def _url(text: str) -> str:
    if text and not re.match(r"https?://[^\s/]+", text):
        raise ValueError("an address that begins with http:// or https://, or nothing")
    return text.rstrip("/")


SETTINGS: tuple[Setting, ...] = (
    Setting(name="engine", default="eigen.portraits", help="Engine that paints.", read=str),
    Setting(name="weights", default="", help="Folder with other weights for the engine.", read=str),
    Setting(name="threads", default=0, help="Processor threads; 0 = all cores.", read=_threads),
    Setting(
        name="runtime",
        default="auto",
        help="What runs the networks: auto, onnxruntime or openvino.",
        read=_runtime,
    ),
    Setting(
        name="creator",
        default="",
        help="Your name, written into exported pictures as the author of the brief.",
        read=_creator,
    ),
    Setting(
        name="database_url",
        default="",
        help="Database of the studio: postgresql://user@host/name; empty: SQLite in the home directory.",
        read=_database,
        secret=True,
    ),
    Setting(
        name="pictures",
        default="",
        help="Where the studio's pictures lie: a folder, or an address that fsspec knows (s3://bucket/studio).",
        read=str,
    ),
    Setting(
        name="scribe_url",
        default="",
        help="Address of a language model that writes labels (OpenAI-compatible, up to /v1); empty: none is asked.",
        read=_url,
    ),
    Setting(name="scribe_model", default="", help="Name of the model at that address.", read=str),
    Setting(name="scribe_key", default="", help="Key for that address, if it wants one.", read=str, secret=True),
)
"""All settings, in the order of the documentation."""


def home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder where Limner keeps what it keeps (`LIMNER_HOME`, else the platform's data folder)."""
    moved = (environ if environ is not None else os.environ).get("LIMNER_HOME")
    return Path(moved).expanduser() if moved else Path(platformdirs.user_data_dir("limner", appauthor=False))


class Settings:
    """The values in force.

    Args:
        flags: values given on the command line or by the caller; None means not given.
        environ: environment variables (the process's own by default).

    Raises:
        InputError: an unknown name or a value that is not allowed.
    """

    def __init__(self, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self.home = home(environ)
        """The studio's home directory; it need not exist yet."""
        file = self.home / "settings.toml"
        stored = _read_file(file)
        self._values: dict[str, Any] = {}
        self._origins: dict[str, str] = {}
        given = {k: v for k, v in (flags or {}).items() if v is not None}
        if unknown := set(given) - {s.name for s in SETTINGS}:
            raise InputError(f"There is no setting {', '.join(sorted(unknown))}.", _known())
        for setting in SETTINGS:
            value, origin = setting.default, "default"
            if setting.name in stored:
                value, origin = stored[setting.name], str(file)
            if setting.variable in environ:
                value, origin = environ[setting.variable], setting.variable
            if setting.name in given:
                value, origin = given[setting.name], "flag"
            try:
                self._values[setting.name] = setting.read(str(value)) if origin != "default" else value
            except ValueError as exc:
                shown = "(secret)" if setting.secret else repr(value)
                raise InputError(f"Setting {setting.name} = {shown} (from {origin}) is not allowed: {exc}.") from exc
            self._origins[setting.name] = origin

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def origin(self, name: str) -> str:
        """Where a value came from: "flag", a variable, a file, or "default"."""
        return self._origins[name]


def _read_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        stored = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise InputError(f"The settings file {file} cannot be read: {exc}.", "Mend or remove it.") from exc
    if unknown := set(stored) - {s.name for s in SETTINGS}:
        raise InputError(f"The settings file {file} has unknown names: {', '.join(sorted(unknown))}.", _known())
    return stored


def _known() -> str:
    return f"Known are: {', '.join(s.name for s in SETTINGS)}."
