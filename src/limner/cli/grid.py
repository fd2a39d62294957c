"""`limner grid`: exploring a brief along axes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limner.cli.memory import GRID, SET, as_json, echo_json, open_memory
from limner.cli.requests import brief_of, brief_options

if TYPE_CHECKING:
    from limner.studio.grids.grid import Estimate, Grid
    from limner.studio.store.store import Store


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner grid
  limner grid new "a poet" --x smile=-1..1:5 --y "add=at dawn || at dusk" --per-cell 2 --run
  limner grid new "a poet" --x age=-0.8..0.8:5 --y light_x=-0.7,0,0.7 --z seed=1..4 --dry-run
  limner grid page 3f2a --out poets.html
  limner grid go-on 3f2a --run

Axes: any dial, words, add (words behind the brief), avoid, palette, seed, guidance, variety, size, and what
the engine takes beside. Ranges: -1..1:5 (five values), 1, 2, .., 10. Values with commas are parted by ||.
SKIP: before a value leaves a hole.
""",
)
@as_json
@click.pass_context
def grid(ctx: click.Context, as_json: bool) -> None:
    """X/Y/Z grids as jobs, looked at as one HTML page; alone it lists them."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.grids.grid import list_grids

    with open_memory() as store, store.read() as c:
        for one in list_grids(c):
            if as_json:
                echo_json(one.to_json())
            else:
                shape = " x ".join(f"{axis.name} {len(axis.values)}" for axis in one.axes)
                click.echo(f"{one.id[:8]}  {one.name}  ({shape}; {len(one.portraits)} portraits)")


@grid.command()
@click.argument("words", required=False, default="")
@click.option("--x", "x", required=True, metavar="AXIS", help="First axis, NAME=VALUES.")
@click.option("--y", "y", metavar="AXIS", help="Second axis.")
@click.option("--z", "z", metavar="AXIS", help="Third axis.")
@click.option("--axis", "more", multiple=True, metavar="AXIS", help="Further axes. Repeatable.")
@click.option("--per-cell", type=click.IntRange(1, 64), default=1, show_default=True, help="Portraits in a cell.")
@click.option("--skip", "skipped", multiple=True, metavar="NAME=VALUE,...", help="Leave these cells out. Repeatable.")
@brief_options
@click.option("--name", help="Name of the grid; the words if left out.")
@click.option("--set", "into", type=SET, help="Set that the portraits go into.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="With --run: the page.")
@click.option("--dry-run", is_flag=True, help="Only say what it costs.")
@click.option("--run", is_flag=True, help="Paint at once; else it waits in the queue.")
@click.option("--yes", is_flag=True, help="Do not ask, however long it takes.")
@as_json
def new(
    words: str,
    x: str,
    y: str | None,
    z: str | None,
    more: tuple[str, ...],
    per_cell: int,
    skipped: tuple[str, ...],
    name: str | None,
    into: str | None,
    out: Path | None,
    dry_run: bool,
    run: bool,
    yes: bool,
    as_json: bool,
    **brief: Any,
) -> None:
    """Make a grid; its cost is said first, since every axis multiplies.

    \b
    Example:
      limner grid new "a poet" --x smile=-1..1:5 --y age=-0.5,0.5 --run --out poets.html
    """
    from limner.studio.grids.axes import parse_axis
    from limner.studio.grids.grid import estimate
    from limner.studio.grids.planning import Request, able, plan_cells
    from limner.studio.studio import Studio

    given = brief_of(brief)
    with Studio() as studio, open_memory() as store:
        axes = [parse_axis(text, able=able(studio.plan)) for text in (x, y, z, *more) if text]
        request = Request(
            words=words,
            avoid=given.pop("avoid", ""),
            dials=given.pop("dials"),
            palette=given.pop("palette"),
            seed=given.pop("seed", 1),
            per_cell=per_cell,
            options=given,
        )
        cells = plan_cells(studio.plan, request, axes, skip=[_hole(text) for text in skipped])
        with store.read() as c:
            cost = estimate(c, cells)
        if dry_run and as_json:
            echo_json(cost.to_json())
            return
        click.echo(_cost(cost), err=not dry_run)
        if dry_run:
            return
        if not yes and (cost.seconds or 0) > 600:
            click.confirm("Go on?", abort=True, err=True)
        made = _make(store, name or words or "grid", request, axes, cells, into)
        if run:
            _paint(store, studio, made)
        if out is not None:
            _write_page(store, made.id, out)
        if as_json:
            echo_json(made.to_json())
        elif out is None:
            click.echo(made.id)


def _hole(text: str) -> dict[str, str]:
    from limner.core.errors import InputError

    found: dict[str, str] = {}
    for part in text.split(","):
        axis, sign, value = part.partition("=")
        if not sign:
            raise InputError(f"{text!r} is no cell.", "Write NAME=VALUE,NAME=VALUE.")
        found[axis.strip()] = value.strip()
    return found


def _cost(cost: Estimate) -> str:
    time = "" if cost.seconds is None else f", about {_span(cost.seconds)}"
    there = f" ({cost.portraits - cost.new} are there already)" if cost.new < cost.portraits else ""
    return f"{cost.cells} cells, {cost.portraits} portraits{there}{time}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _make(store: Store, name: str, request: Any, axes: Any, cells: Any, into: str | None) -> Grid:
    from limner.studio.curation.sets import find_set
    from limner.studio.grids.grid import make_grid
    from limner.studio.jobs.queue import Destination

    with store.write() as w:
        goal = Destination(set=find_set(w.c, into) if into else "")
        return make_grid(w, name[:200], request, axes, cells, destination=goal)


def _paint(store: Store, studio: Any, made: Grid) -> None:
    from limner.cli.jobs import work

    work(store, studio, only=made.job)


@grid.command()
@click.argument("name", metavar="GRID", type=GRID)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("grid.html"), show_default=True)
@click.option("--side", type=click.IntRange(32, 1024), default=256, show_default=True, help="Side of pictures in px.")
def page(name: str, out: Path, side: int) -> None:
    """Write a GRID as one HTML page that needs nothing else, with what is painted by now.

    \b
    Example:
      limner grid page 3f2a --out poets.html
    """
    from limner.studio.grids.grid import find_grid

    with open_memory() as store:
        with store.read() as c:
            id = find_grid(c, name)
        _write_page(store, id, out, side)


def _write_page(store: Store, id: str, out: Path, side: int = 256) -> None:
    from limner.studio.files import write_file
    from limner.studio.grids.grid import read_grid
    from limner.studio.grids.page import grid_page

    with store.read() as c:
        made = read_grid(c, id)
    click.echo(str(write_file(out, grid_page(store, made, side=side))))


@grid.command(name="go-on")
@click.argument("name", metavar="GRID", type=GRID)
@click.option("--run", is_flag=True, help="Paint at once; else it waits in the queue.")
@as_json
def go_on(name: str, run: bool, as_json: bool) -> None:
    """Paint what a GRID still lacks.

    \b
    Example:
      limner grid go-on 3f2a --run
    """
    from limner.cli.jobs import work
    from limner.studio.grids.grid import find_grid
    from limner.studio.grids.grid import go_on as continue_with
    from limner.studio.studio import Studio

    with Studio() as studio, open_memory() as store:
        with store.write() as w:
            job = continue_with(w, find_grid(w.c, name), studio.plan)
        if job is None:
            click.echo("The grid is complete.", err=True)
        elif run:
            work(store, studio, only=job)
        if as_json:
            echo_json({"job": job})
        elif job is not None and not run:
            click.echo(job)


@grid.command()
@click.argument("name", metavar="GRID", type=GRID)
@as_json
def drop(name: str, as_json: bool) -> None:
    """Put a GRID into the trash; its portraits stay.

    \b
    Example:
      limner grid drop 3f2a
    """
    from limner.cli.memory import report
    from limner.studio.grids.grid import drop_grid, find_grid

    with open_memory() as store, store.write() as w:
        report(w, drop_grid(w, find_grid(w.c, name)), as_json=as_json)
