"""`limner compositions`: what can be done to a portrait before it is painted."""

from __future__ import annotations

import json
from pathlib import Path

import click

from limner.cli.media import SHEET, paint_sheet, parameter_line


@click.command(
    epilog="""\b
Examples:
  limner compositions
  limner compositions carved             # what can be turned
  limner compositions --json             # one composition a line, with all of its settings
  limner compositions --sheet compositions.png
  limner paint "a dancer" --composition carved --set-param composition.veins=0.8
  limner paint "a dancer" --composition "carved stone=jade" --medium oil
"""
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per composition and line.")
@SHEET
def compositions(name: str | None, as_json: bool, sheet: Path | None) -> None:
    """List the compositions, or what can be turned on the composition NAME."""
    from limner.media.compositions.shipped import composition
    from limner.media.compositions.shipped import compositions as shipped

    chosen = [composition(name)] if name else list(shipped().values())
    if sheet is not None:
        paint_sheet(sheet, [{"label": one.id, "composition": one.id} for one in chosen])
        return
    for one in chosen:
        parameters = one.parameters.parameters()
        if as_json:
            row = {"id": one.id, "title": one.title, "help": one.help, "version": one.version}
            click.echo(json.dumps(row | {"parameters": [p.to_json() for p in parameters]}, ensure_ascii=False))
        elif not name:
            click.echo(f"{one.id:<16} {one.help}")
        else:
            click.echo(f"{one.title}. {one.help}")
            for parameter in parameters:
                click.echo(parameter_line(parameter, f"composition.{parameter.name}", parameter.default))
