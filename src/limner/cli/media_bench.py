"""`limner media bench`: how fast the media paint here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from limner.media.bench import Timing


@click.command(
    epilog="""\b
Examples:
  limner media bench
  limner media bench oil charcoal --sizes 384,1024,2048
  limner media bench --json > here.jsonl
"""
)
@click.argument("names", nargs=-1)
@click.option("--sizes", default="384,1024", show_default=True, metavar="PX,PX", help="Longer sides, 16..8192.")
@click.option("--runs", type=click.IntRange(1, 100), default=3, show_default=True, help="The best of so many counts.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per timing and line.")
def bench(names: tuple[str, ...], sizes: str, runs: int, threads: int | None, as_json: bool) -> None:
    """Time the media NAMES, or all, on this machine, once they are warm.

    A time is that of a whole painting from the engine's portrait; "light" is that of moving the light over one
    that is painted. Seconds by the clock; --json adds the processor's.
    """
    import os

    import limner
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.media.medium import check_size
    from limner.media.registry import registry

    known = registry()
    chosen = [known[name] for name in names] or list(known)
    try:
        px = [int(size) for size in sizes.split(",")]
    except ValueError:
        raise InputError(f"--sizes {sizes} is not a list of whole numbers.", "Give px: --sizes 384,1024") from None
    for size in px:
        check_size(size)
    with limner.open(threads=threads) as studio, stoppable() as (bar, cancel):
        taken = studio.time_media(chosen, px, runs=runs, listen=bar, cancel=cancel)
        if as_json:
            for timing in taken:
                click.echo(json.dumps({name: getattr(timing, name) for name in timing.__slots__}))
            return
        load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
        click.echo(f"seconds, best of {runs}{load}")
        _table(taken)


def _table(taken: Iterable[Timing]) -> None:
    """A line for each medium, printed as soon as it is whole."""
    head = False
    for name, group in groupby(taken, key=lambda timing: timing.medium):
        row = list(group)
        if not head:
            click.echo(f"{'':<16}" + "".join(f"{timing.what:>16}" for timing in row))
            head = True
        click.echo(f"{name:<16}" + "".join(f"{timing.seconds:>16.3f}" for timing in row))
