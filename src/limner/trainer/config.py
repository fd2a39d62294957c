"""Training configurations: one TOML file sets the options of every stage.

`toy` runs through everything in a minute (tests, a first look), `cpu` is what trained the shipped
weights on two cores, `gpu` is wider and longer.  A file of your own may set any subset; the rest is
as in `cpu`.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from limner.core.errors import TrainingError

NAMES = ("toy", "cpu", "gpu")
"""Configurations that ship."""

STAGES = (
    "data", "measure", "likeness", "witness", "traits", "words", "text", "landmarks", "contours", "basis",
    "flow", "rough", "painter", "detail", "enlarger", "export",
)  # fmt: skip
"""All stages, in the order in which they depend on each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Options by stage; each stage's dataclass checks its own names."""

    name: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def options(self, stage: str, kind: type[Any]) -> Any:
        """The options of a stage as its dataclass.

        Raises:
            TrainingError: an unknown option.
        """
        values = {k: v for k, v in self.tables.get(stage, {}).items() if k != "pace"}
        known = {f.name for f in dataclasses.fields(kind)}
        if unknown := set(values) - known:
            raise TrainingError(
                f"The configuration {self.name} has unknown options in [{stage}]: {', '.join(sorted(unknown))}.",
                f"Known are: {', '.join(sorted(known))}.",
            )
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def get(self, stage: str, option: str, default: Any) -> Any:
        """One option of a stage that has no dataclass."""
        return self.tables.get(stage, {}).get(option, default)


def read_config(name: str) -> Config:
    """A shipped configuration by name, or a TOML file by path.

    Raises:
        TrainingError: no such configuration, or not valid TOML.
    """
    if name in NAMES:
        text = resources.files("limner.trainer").joinpath("configs", f"{name}.toml").read_text("utf-8")
    else:
        path = Path(name)
        if not path.is_file():
            raise TrainingError(f"There is no configuration {name!r}.", f"Use {', '.join(NAMES)} or a TOML file.")
        text = path.read_text("utf-8")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise TrainingError(f"The configuration {name} is not valid TOML: {exc}.") from exc
    if unknown := set(tables) - set(STAGES):
        raise TrainingError(f"The configuration {name} has unknown tables: {', '.join(sorted(unknown))}.")
    return Config(name=name, tables=tables)
