"""The options that say what kind of file is written: format, bits a channel, resolution and size of the print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from limner.core.picture import Depth

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--format", type=click.Choice(["png", "jpeg", "webp", "tiff"]),
        help="Kind of file (png if neither this nor a file's ending says it).",
    ),
    click.option(
        "--depth", type=click.Choice(["8", "16"]), default="8", show_default=True,
        help="Bits a channel; 16 for PNG and TIFF, for prints and for going on in other programs.",
    ),
    click.option("--dpi", type=float, help="Px to an inch, written into the file (none if left out)."),
    click.option(
        "--print", "paper", metavar="SIZE",
        help="Size on paper in place of --size: 30cm, 12in, 20x30cm; at --dpi, or 300.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What kind of file is written."""

    format: str
    depth: Depth
    dpi: float | None


def output_options(command: F) -> F:
    """Give a command the options; they arrive as `format`, `depth`, `dpi` and `paper`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def output_of(format: str | None, depth: str, dpi: float | None, paper: str | None, out: Path | None = None) -> Output:
    """What the options say.

    Args:
        format, depth, dpi, paper: as given.
        out: the file, if it is named.

    Raises:
        InputError: a file's ending and --format say different things, or a resolution that is not allowed.
        PictureError: 16 bits in a format that holds 8.
    """
    from limner.core.errors import InputError
    from limner.provenance.disclosure import check_dpi, check_format
    from limner.studio.files import format_of
    from limner.studio.prints import DPI

    said = format_of(out) if out else None
    if format and said and format != said:
        raise InputError(f"--format {format} and the ending of {out} say different things.", "Leave one of them out.")
    kind = format or said or "png"
    bits: Depth = 16 if depth == "16" else 8
    check_format(kind, bits)
    check_dpi(dpi)
    return Output(format=kind, depth=bits, dpi=DPI if dpi is None and paper is not None else dpi)


def size_of(
    size: int | None, paper: str | None, dpi: float | None, *, aspect: float = 1.0, largest: int | None = None
) -> int | None:
    """Side in px that --size or --print asks for; None if neither does.

    Args:
        size, paper, dpi: as given.
        aspect: the picture's width over its height.
        largest: longest side in px that can be painted; None for that of recipes.

    Raises:
        InputError: both, or a print that is too large.
    """
    from limner.core.errors import InputError
    from limner.core.recipe import MAX_SIZE
    from limner.studio.prints import DPI, Paper, print_side

    if paper is None:
        return size
    if size is not None:
        raise InputError("--size and --print both say how large the picture is.", "Leave one of them out.")
    at = DPI if dpi is None else dpi
    return print_side(Paper.parse(paper), at, aspect=aspect, largest=largest or MAX_SIZE)
