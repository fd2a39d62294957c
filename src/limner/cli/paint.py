"""`limner paint`: words become portraits."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limner.cli.hand import hand_options, settings_of
from limner.cli.output import Output, output_of, output_options, size_of

_MANY = 100  # larger expansions are confirmed first

if TYPE_CHECKING:
    from limner.cli.painted import Destination
    from limner.core.recipe import Recipe
    from limner.studio.portrait import Portrait
    from limner.studio.studio import Studio


@click.command(
    epilog="""\b
Examples:
  limner paint "a melancholic poet at twilight" -n 8
  limner paint "old fisherman, white beard" --dial light_x=-0.8 --dial smile=0.4
  limner paint "elf queen, silver hair" --palette "#1b2a41,#c9a227" --avoid "dark" -n 4
  limner paint -n 16 --distinct --out faces        # faces from noise alone
  limner paint "a smiling girl" --dial hair=#b7410e --seed 42 --format webp --json
  limner paint "{oil|ink} portrait of a {20..80:20}-year-old {@profession}" -n 12
  limner paint "a {young|old} {king|queen}" --every -n 3
  limner paint "an old sailor" --medium oil --size 2048 --set-param impasto=2
  limner paint "a cardinal" --style baroque --light -0.7,0.4
  limner paint "a dancer" --composition carved --set-param composition.veins=0.8
  limner paint "a queen" --medium oil --print 30cm --dpi 300 --format tiff --depth 16 --out prints
  limner read "a king, no beard" --json > king.json; limner paint --reading king.json

Files carry their recipe: `limner recipe FILE` prints it, `limner repaint FILE` paints it again.
"""
)
@click.argument("words", required=False, default="")
@click.option("-n", "count", type=int, default=1, show_default=True, help="How many portraits.")
@click.option("--seed", type=int, help="Seed of the first portrait; the others count up. Random if left out.")
@click.option(
    "--dial", "dials", multiple=True, metavar="NAME=VALUE",
    help="Set a dial, -1..1, or a part's colour (hair=#b7410e). Repeatable; see limner dials.",
)  # fmt: skip
@click.option("--palette", default="", metavar="COLOURS", help="Colours as #rrggbb,#rrggbb,... most important first.")
@click.option("--avoid", default="", metavar="WORDS", help="Words to stay away from.")
@click.option("--guidance", type=float, help="How closely words and dials are followed, 1..8.")
@click.option("--variety", type=float, default=1.0, show_default=True, help="Spread of the noise, 0.2..1.5.")
@click.option("--distinct", is_flag=True, help="Replace near-duplicates before you see them.")
@click.option(
    "--every",
    is_flag=True,
    help="Paint every brief that a template stands for, -n portraits each, not a draw a portrait.",
)
@click.option("--yes", is_flag=True, help="Paint many portraits without asking first.")
@click.option(
    "--reading", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="A reading as `limner read --json` prints it, perhaps edited, in place of words.",
)  # fmt: skip
@hand_options
@click.option("--size", type=int, help="Side in px, 64..4096 (256 if left out, 1024 for a painting).")
@output_options
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files, in place of the studio."
)
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per portrait and line.")
@click.option("--dry-run", is_flag=True, help="Print what would be painted, and paint nothing.")
def paint(
    words: str,
    count: int,
    seed: int | None,
    dials: tuple[str, ...],
    palette: str,
    avoid: str,
    guidance: float | None,
    variety: float,
    distinct: bool,
    every: bool,
    yes: bool,
    reading: Path | None,
    medium: str | None,
    style: str,
    compositions: tuple[str, ...],
    surface: str | None,
    light: str | None,
    care: Path | None,
    params: tuple[str, ...],
    size: int | None,
    format: str | None,
    depth: str,
    dpi: float | None,
    paper: str | None,
    out: Path | None,
    threads: int | None,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Paint portraits of people who do not exist.

    WORDS say what to paint: a person, a mood, an hour, colours, a light. A medium or a style among them
    ("in charcoal", "baroque") paints the portrait at full size. Without words, faces come from noise alone.
    A template with {this|that}, {20..80:20} or {@profession} gives each portrait a brief of its own.
    Portraits are kept in the studio (limner search finds them, limner undo throws the whole batch away); id
    and file of each are printed once it is safe on disk, and the contact sheet last. With --out, files and
    sheet land in a folder of yours instead.
    """
    import limner
    from limner.cli.jsonlines import reading_of
    from limner.cli.painted import Folder, Memory
    from limner.core.dials import dial_table

    table = dial_table()
    settings: dict[str, float] = {}
    for text in dials:
        settings |= table.parse(text)
    output = output_of(format, depth, dpi, paper)
    size = size_of(size, paper, dpi)
    colours = tuple(c for c in palette.replace(",", " ").split() if c)
    with limner.open(threads=threads) as studio:
        recipes = studio.plan(
            words,
            n=count,
            seed=seed,
            dials=settings,
            palette=colours,
            avoid=avoid,
            guidance=guidance,
            variety=variety,
            size=size,
            medium=medium,
            style=style,
            settings=settings_of(surface, light, params, care),
            compositions=compositions or None,
            reading=reading_of(reading) if reading else None,
            every=every,
        )
        place = Folder(out) if out else Memory(recipes[0])
        place.check(output)
        if dry_run:
            _show_plan(recipes, place, output, distinct, as_json)
            return
        if every and not yes and len(recipes) > _MANY:
            _ask(studio, recipes, output)
        with place:
            _paint_all(studio, recipes, place, output, distinct, as_json)


def _ask(studio: Studio, recipes: list[Recipe], output: Output) -> None:
    """Say what a large expansion costs, and paint it only if the person wants it."""
    from limner.core.errors import Cancelled, InputError

    cost = studio.estimate(recipes, output.format, depth=output.depth)
    if not sys.stdin.isatty():
        raise InputError(f"The template stands for {cost}.", "Add --yes to paint them, or shorten a list.")
    if not click.confirm(f"The template stands for {cost}. Paint them?", err=True):
        raise Cancelled("Nothing was painted.")


def _paint_all(
    studio: Studio, recipes: list[Recipe], place: Destination, output: Output, distinct: bool, as_json: bool
) -> None:
    from limner.cli.progress import stoppable
    from limner.core.errors import Cancelled

    began = time.perf_counter()
    portraits: list[Portrait] = []
    ids: list[str] = []
    with stoppable() as (bar, cancel):
        try:
            painted = studio.paint_recipes(recipes, distinct=distinct, depth=output.depth, listen=bar, cancel=cancel)
            for portrait, file, id in place.keep(painted, output):
                portraits.append(portrait)
                ids += [id[:8]] if id else []
                if as_json:
                    bar.close()
                    click.echo(json.dumps(_line(portrait, str(file), id), ensure_ascii=False))
                elif id:
                    bar.close()
                    click.echo(f"{id[:12]}  {file}")
        except Cancelled:
            if portraits:
                _finish(studio, portraits, ids, place, began, distinct, as_json)
            raise Cancelled(f"Stopped on request; {len(portraits)} of {len(recipes)} portraits were kept.") from None
    _finish(studio, portraits, ids, place, began, distinct, as_json)


def _finish(
    studio: Studio,
    portraits: list[Portrait],
    ids: list[str],
    place: Destination,
    began: float,
    distinct: bool,
    as_json: bool,
) -> None:
    from limner.studio.files import write_file

    seconds = time.perf_counter() - began
    spread = studio.spread(portraits) if distinct else None
    if len(portraits) > 1:
        write_file(place.sheet, studio.sheet(portraits, labels=ids or None, foot=str(spread) if spread else ""))
    rate = len(portraits) / seconds
    noun = "portrait" if len(portraits) == 1 else "portraits"
    note = f"{len(portraits)} {noun} in {seconds:.1f} s ({rate:.1f} per second), kept in {place.where}"
    if spread:
        note += f"; {spread}"
    click.echo(note, err=True)
    if not as_json and len(portraits) > 1:
        click.echo(str(place.sheet))


def _line(portrait: Portrait, file: str, id: str) -> dict[str, Any]:
    from limner.cli.jsonlines import reading_json

    return {
        "file": file,
        **({"portrait": id} if id else {}),
        "id": portrait.id,
        "seed": portrait.seed,
        "recipe": portrait.recipe.to_json(),
        "reading": reading_json(portrait.reading),
        "dials": dict(portrait.dials),
        "engine": portrait.recipe.engine,
        "milliseconds": portrait.milliseconds,
    }


def _show_plan(recipes: list[Recipe], place: Destination, output: Output, distinct: bool, as_json: bool) -> None:
    from limner.cli.jsonlines import reading_json

    if as_json:
        for recipe in recipes:
            plan = {
                "file": place.file(recipe, output),
                "id": recipe.id,
                "seed": recipe.seed,
                "recipe": recipe.to_json(),
                "reading": reading_json(recipe.reading),
                "engine": recipe.engine,
            }
            click.echo(json.dumps(plan, ensure_ascii=False))
        return
    first = recipes[0]
    reading = first.reading
    click.echo(f"words      {reading.words or '(none: faces from noise alone)'}")
    for item in reading.understood:
        click.echo(f"           {item.words}: {item.term or item.note} {_settings(item.dials)}".rstrip())
    if others := len({r.reading.words for r in recipes}) - 1:
        click.echo(f"           ... and {others:,} more {'brief' if others == 1 else 'briefs'} of this template")
    if reading.avoid:
        click.echo(f"avoid      {reading.avoid}")
    if reading.palette:
        click.echo(f"palette    {' '.join(reading.palette)}")
    click.echo(f"dials      {_settings(reading.dials) or '(none)'}")
    click.echo(f"seeds      {first.seed}..{recipes[-1].seed} ({len(recipes)}{', distinct' if distinct else ''})")
    click.echo(f"guidance   {first.guidance:g}")
    click.echo(f"variety    {first.variety:g}")
    click.echo(f"size       {first.size} px{f', {output.dpi:g} dpi' if output.dpi else ''}")
    if first.treatment is not None:
        style = f", {first.treatment.style}" if first.treatment.style else ""
        click.echo(f"medium     {first.treatment.medium}{style}")
        if composed := ", ".join(one.id for one in first.treatment.compositions):
            click.echo(f"composed   {composed}")
    click.echo(f"engine     {first.engine}, weights {first.weights[:12]}")
    click.echo(f"kept in    {place.where}")


def _settings(dials: Any) -> str:
    return " ".join(f"{name}={value:g}" for name, value in dials.items())
