"""`limner media` and `limner styles`: the hands that can paint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from limner.media.medium import Medium
    from limner.media.parameters import Parameter


_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per medium and line.")
SHEET = click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Paint samples on a page (.png)."
)


class _Media(click.Group):
    """What is no command is the name of a medium."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _bench() if cmd_name == "bench" else None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["bench"]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] == "bench":
            return super().resolve_command(ctx, args)
        return "NAME", _medium, args

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [NAME | bench ...]")


def _bench() -> click.Command:
    from limner.cli.media_bench import bench

    return bench


@click.group(
    cls=_Media,
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner media
  limner media oil                # what can be turned
  limner media --json             # one medium a line, with all of its settings
  limner media --sheet media.png  # every medium on the same six sitters
  limner media bench              # how fast they paint here
  limner paint "old sailor" --medium oil --set-param impasto=2 --light 0.7,0.4
""",
)
@_JSON
@SHEET
@click.pass_context
def media(ctx: click.Context, as_json: bool, sheet: Path | None) -> None:
    """List the media, or what can be turned on the medium NAME; see how fast they paint."""
    if ctx.invoked_subcommand is None:
        _show(None, as_json, sheet)


@click.command()
@click.argument("name")
@_JSON
@SHEET
@click.pass_context
def _medium(ctx: click.Context, name: str, as_json: bool, sheet: Path | None) -> None:
    """What can be turned on the medium NAME."""
    before = ctx.parent.params if ctx.parent else {}  # options may stand before the name, too
    _show(name, as_json or before["as_json"], sheet or before["sheet"])


def _show(name: str | None, as_json: bool, sheet: Path | None) -> None:
    from limner.media.registry import registry

    known = registry()
    chosen = [known[name]] if name else list(known)
    if sheet is not None:
        paint_sheet(sheet, [{"label": medium.id, "medium": medium.id} for medium in chosen])
        return
    if as_json:
        for medium in chosen:
            click.echo(json.dumps(_row(medium), ensure_ascii=False))
        return
    if not name:
        for medium in chosen:
            click.echo(f"{medium.id:<16} {medium.help}")
        return
    from limner.media.light import Light
    from limner.media.surface import Surface

    (medium,) = chosen
    click.echo(f"{medium.title}. {medium.help}")
    for parameter in medium.parameters.parameters():
        click.echo(parameter_line(parameter, parameter.name, parameter.default))
    for prefix, kind, own in (("surface", Surface, medium.surface), ("light", Light, medium.light)):
        for parameter in kind.parameters():
            click.echo(parameter_line(parameter, f"{prefix}.{parameter.name}", getattr(own, parameter.name)))


def _row(medium: Medium) -> dict[str, object]:
    return {
        "id": medium.id,
        "title": medium.title,
        "help": medium.help,
        "version": medium.version,
        "parameters": [parameter.to_json() for parameter in medium.parameters.parameters()],
        "surface": medium.surface.to_json(),
        "light": medium.light.to_json(),
    }


def parameter_line(parameter: Parameter, name: str, value: object) -> str:
    """A parameter for people: its name and value, what it does, and what is allowed."""
    if parameter.kind in ("number", "whole"):
        unit = f" {parameter.unit}" if parameter.unit else ""
        allowed = f"{parameter.low:g}..{parameter.high:g}{unit}"
    else:
        allowed = "|".join(parameter.choices) or "#rrggbb"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"  {name + '=' + shown:<26} {parameter.help} [{allowed}]"


@click.command(
    epilog="""\b
Examples:
  limner styles
  limner styles --json
  limner styles --sheet styles.png
  limner paint "a cardinal" --style baroque
"""
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per style and line.")
@SHEET
def styles(as_json: bool, sheet: Path | None) -> None:
    """List the styles: manners with a hand of their own. A brief that names one is painted by it."""
    from limner.media import styles as hands

    if sheet is not None:
        paint_sheet(sheet, [{"label": name, "style": name} for name in hands.styles()])
        return
    for style in hands.styles().values():
        if as_json:
            row = {"name": style.name, "medium": style.medium, "settings": dict(style.settings)}
            row |= {"compositions": list(style.compositions)} if style.compositions else {}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            composed = [f"({text})" for text in style.compositions]
            turned = " ".join([*composed, *(f"{name}={value}" for name, value in style.settings.items())])
            click.echo(f"{style.name:<26} {style.medium:<14} {turned}".rstrip())


def paint_sheet(file: Path, hands: list[dict[str, str]]) -> None:
    """Paint samples by hands (the fields of `limner.studio.samples.Hand`) on a page."""
    import limner
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.studio.files import check_folder, format_of, write_file
    from limner.studio.samples import Hand

    if format_of(file) != "png":
        raise InputError(f"{file} does not end in .png.", "Sheets are PNG files.")
    check_folder(file.parent)
    with limner.open() as studio, stoppable() as (bar, cancel):
        page = studio.samples([Hand(**hand) for hand in hands], listen=bar, cancel=cancel)
    click.echo(str(write_file(file, page)))
