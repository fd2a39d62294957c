"""`limner dials`: what can be turned, and what a picture shows."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner dials
  limner dials --json
  limner dials poet.png          # what this portrait measures
"""
)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per dial and line.")
def dials(file: Path | None, as_json: bool) -> None:
    """List the dials, or measure them on FILE (any picture with a face).

    A dial runs from -1 to 1 in quantiles of the training portraits: 0 is the median portrait. Set one
    with `limner paint --dial NAME=VALUE`.
    """
    from limner.core.dials import dial_table

    table = dial_table()
    measured: dict[str, float] = _measured(file) if file else {}
    if as_json:
        for dial in table.values():
            line: dict[str, object] = {
                "name": dial.name,
                "group": dial.group,
                "low": dial.low,
                "high": dial.high,
                "measure": dial.measure,
            }
            if file:
                line["setting"] = measured[dial.name]
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    view = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("dial", "-1", "1", "measured as"):
        view.add_column(heading)
    if file:
        view.add_column("here", justify="right")
    group = ""
    for dial in table.values():
        if dial.group != group:
            group = dial.group
            view.add_row(f"[dim]{group}[/dim]")
        cells = [dial.name, dial.low, dial.high, dial.measure]
        if file:
            cells.append(f"{measured[dial.name]:+.2f}")
        view.add_row(*cells)
    Console().print(view)


def _measured(file: Path) -> dict[str, float]:
    import limner
    from limner.cli.files import read_bytes
    from limner.core.picture import read_picture

    picture = read_picture(read_bytes(file), file.name)
    with limner.open() as studio:
        aligned, _ = studio.finder.align(picture)
        return studio.measure(aligned)
