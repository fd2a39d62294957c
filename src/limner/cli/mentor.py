"""`limner mentor`: directions for a vague idea."""

from __future__ import annotations

import json
import shlex

import click


@click.command(
    epilog="""\b
Examples:
  limner mentor "something sad but elegant"
  limner mentor "my grandmother's village" -n 5 --seed 3
  limner mentor "a cover for a jazz record" --json
"""
)
@click.argument("idea")
@click.option("-n", "count", type=int, default=4, show_default=True, help="How many directions, 3 to 5.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives other directions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per direction and line.")
def mentor(idea: str, count: int, seed: int, as_json: bool) -> None:
    """Propose directions for an IDEA, however vague, each with its reasons and a line to run.

    A direction is a precedent of art history turned to the idea: its light, its palette, its manner, and a
    mood that answers yours. The first takes the idea to the letter, the others turn it. The same idea and
    seed give the same directions.
    """
    from limner.language.advice import Mentor
    from limner.studio.studio import Studio

    with Studio() as studio:
        adviser = Mentor(studio.lexicon, studio.encoder, studio.reader)
        directions = adviser.directions(idea, count=count, seed=seed)
        if as_json:
            for direction in directions:
                line = {"seed": seed, **direction.to_json(), "command": _command(direction.brief, direction.palette)}
                click.echo(json.dumps(line, ensure_ascii=False))
            return
        if heard := adviser.heard(idea):
            click.echo(f"{heard}\n")
        for k, direction in enumerate(directions, start=1):
            click.echo(f"{k}. {direction.title} ({direction.angle})")
            click.echo(f"   Mood       {direction.why_mood}")
            click.echo(f"   Light      {direction.why_light}")
            click.echo(f"   Palette    {' '.join(direction.palette)}  {direction.why_palette}")
            click.echo(f"   Precedent  {direction.precedent}. {direction.does}")
            for advice in direction.advice:
                click.echo(f"   Purpose    {advice}")
            click.echo(f"   {_command(direction.brief, direction.palette)}\n")


def _command(brief: str, palette: tuple[str, ...]) -> str:
    """The line that paints a direction."""
    return f"limner paint {shlex.quote(brief)} --palette {shlex.quote(','.join(palette))} -n 4"
