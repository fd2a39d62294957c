"""`limner lineage`: who comes from whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limner.cli.memory import (
    PORTRAIT,
    SET,
    as_json,
    echo_json,
    finder,
    line_of,
    open_memory,
    portrait_json,
    portrait_named,
    portraits_named,
    report,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limner.core.picture import Picture
    from limner.studio.lineage.family import Family
    from limner.studio.store.store import Store
    from limner.studio.store.values import Kept

_RELATIVES = ("parents", "children", "ancestors", "descendants", "siblings", "cousins")


@click.group(
    epilog="""\b
Examples:
  limner lineage show 3f2a
  limner lineage kin 3f2a cousins
  limner lineage diff 3f2a 91c0
  limner lineage export 3f2a --out family.svg
  limner lineage replay 3f2a --add "at dusk, in ink" --run
  limner lineage prune 3f2a --dry-run
"""
)
def lineage() -> None:
    """Ancestors, descendants, differences; replaying and pruning branches; the family tree as a picture."""


@lineage.command()
@click.argument("portrait", type=PORTRAIT)
@click.option("--up", type=click.IntRange(0), help="Generations of ancestors; all if left out.")
@click.option("--down", type=click.IntRange(0), help="Generations of descendants; all if left out.")
@as_json
def show(portrait: str, up: int | None, down: int | None, as_json: bool) -> None:
    """Print the family of a PORTRAIT: its ancestors, and its descendants as a tree.

    \b
    Example:
      limner lineage show 3f2a --down 2
    """
    from limner.studio.lineage.family import family_json, family_of
    from limner.studio.store.portraits import fetch

    with open_memory() as store, store.read() as c:
        id = portrait_named(c, portrait)
        family = family_of(c, id, up=up, down=down)
        if as_json:
            echo_json(family_json(c, family))
            return
        kept = {one.id: one for one in fetch(c, family.members)}
        edits = _edits(c, family)
    below = _reachable(family, id)
    for one in family.members:
        if one not in below:
            click.echo(f"  {line_of(kept[one])}")
    _print_tree(family, kept, edits, id)


def _reachable(family: Family, id: str) -> set[str]:
    children = family.children()
    found, edge = {id}, [id]
    while edge:
        for child in children[edge.pop()]:
            if child not in found:
                found.add(child)
                edge.append(child)
    return found


def _print_tree(family: Family, kept: dict[str, Kept], edits: dict[str, str], root: str) -> None:
    """Children indented below their parents; who has two parents in the tree stands below the first."""
    children = family.children()
    seen: set[str] = set()
    stack = [(root, 0)]
    while stack:
        id, depth = stack.pop()
        if id in seen:
            continue
        seen.add(id)
        edit = f"  ({edits[id]})" if edits.get(id) else ""
        click.echo(f"{'    ' * depth}{'> ' if depth == 0 else ''}{line_of(kept[id])}{edit}")
        stack += [(child, depth + 1) for child in reversed(children[id])]


def _edits(c: Connection, family: Family) -> dict[str, str]:
    """What was changed on the way to every portrait: its own words for it, else the difference of the recipes."""
    from limner.studio.lineage.difference import differences, in_words
    from limner.studio.store.portraits import fetch
    from limner.studio.store.recipes import recipe_texts

    kept = {one.id: one for one in fetch(c, family.members)}
    texts = recipe_texts(c, [one.recipe for one in kept.values() if one.recipe])
    found: dict[str, str] = {}
    for id, parents in family.parents().items():
        if kept[id].edit or not parents:
            found[id] = kept[id].edit
            continue
        before, after = (texts.get(kept[one].recipe or "") for one in (parents[0], id))
        found[id] = in_words(differences(json.loads(before), json.loads(after)), most=2) if before and after else ""
    return found


@lineage.command()
@click.argument("portrait", type=PORTRAIT)
@click.argument("relatives", type=click.Choice(_RELATIVES))
@as_json
def kin(portrait: str, relatives: str, as_json: bool) -> None:
    """List the RELATIVES of a PORTRAIT.

    \b
    Examples:
      limner lineage kin 3f2a siblings
      limner lineage kin 3f2a descendants --json
    """
    from limner.studio.lineage import family
    from limner.studio.store.portraits import fetch

    look = {
        "parents": family.parents_of,
        "children": family.children_of,
        "ancestors": family.ancestors,
        "descendants": family.descendants,
        "siblings": family.siblings,
        "cousins": family.cousins,
    }[relatives]
    with open_memory() as store, store.read() as c:
        for one in fetch(c, list(look(c, portrait_named(c, portrait)))):
            if as_json:
                echo_json(portrait_json(store, one))
            else:
                click.echo(line_of(one))


@lineage.command()
@click.argument("first", type=PORTRAIT)
@click.argument("second", type=PORTRAIT)
@as_json
def diff(first: str, second: str, as_json: bool) -> None:
    """Say in words what differs between the recipes of two portraits.

    \b
    Example:
      limner lineage diff 3f2a 91c0
    """
    from limner.core.errors import InputError
    from limner.studio.lineage.difference import differences
    from limner.studio.store.portraits import fetch
    from limner.studio.store.recipes import recipe_texts

    with open_memory() as store, store.read() as c:
        both = fetch(c, [portrait_named(c, first), portrait_named(c, second)])
        if hand := [one for one in both if one.recipe is None]:
            raise InputError(f"The portrait {hand[0].id[:12]} has no recipe; it was made by hand, or is a slot.")
        texts = recipe_texts(c, [one.recipe or "" for one in both])
    found = differences(*(json.loads(texts[one.recipe or ""]) for one in both))
    for difference in found:
        if as_json:
            echo_json(difference.to_json())
        else:
            click.echo(difference.words)
    if not found:
        click.echo("The recipes are the same.", err=True)


@lineage.command(name="export")
@click.argument("portraits", nargs=-1, type=PORTRAIT)
@click.option("--set", "name", type=SET, help="The portraits of this set, with the links between them.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".svg, .png or .json")
@click.option("--title", default="", help="A line at the head.")
@click.option("--dots/--pictures", default=None, help="Dots for large trees, pictures for small ones.")
def export_(portraits: tuple[str, ...], name: str | None, out: Path, title: str, dots: bool | None) -> None:
    """Draw the family tree: of one portrait, of several, of a set, or of the whole studio.

    \b
    Examples:
      limner lineage export 3f2a --out family.svg
      limner lineage export --set "north wall" --out wall.png
      limner lineage export --out everyone.json
    """
    from limner.core.errors import InputError
    from limner.studio.files import write_file
    from limner.studio.lineage.family import family_json
    from limner.studio.lineage.tree import draw_png, draw_svg, tree_of
    from limner.studio.store.portraits import fetch

    if out.suffix.lower() not in (".svg", ".png", ".json"):
        raise InputError(f"{out.name} does not end like a tree.", "Use .svg, .png or .json.")
    with open_memory() as store, store.read() as c:
        family = _family(store, c, portraits, name)
        if out.suffix.lower() == ".json":
            data = json.dumps(family_json(c, family), indent=1, ensure_ascii=False).encode()
        else:
            kept = {one.id: one for one in fetch(c, family.members)}
            tree = tree_of(family, kept, title=title or name or "", dots=dots)
            draw = draw_svg if out.suffix.lower() == ".svg" else draw_png
            data = draw(tree, lambda one: _picture(store, kept[one]))
    click.echo(str(write_file(out, data)))


def _picture(store: Store, kept: Kept) -> Picture | None:
    """A portrait's picture; one that is missing leaves an empty frame."""
    from limner.core.errors import LimnerError
    from limner.core.picture import read_picture

    try:
        return read_picture(store.picture_of(kept))
    except LimnerError:
        return None


def _family(store: Store, c: Connection, portraits: tuple[str, ...], name: str | None) -> Family:
    from limner.studio.curation.conditions import portraits_in
    from limner.studio.curation.sets import find_set
    from limner.studio.lineage.family import family_among, family_of, whole_family

    if name is not None:
        return family_among(c, portraits_in(c, finder(store, words=False).index, find_set(c, name)))
    ids = portraits_named(c, portraits)
    if not ids:
        return whole_family(c)
    return family_of(c, ids[0]) if len(ids) == 1 else family_among(c, ids)


@lineage.command()
@click.argument("portrait", type=PORTRAIT)
@click.option("--whole", is_flag=True, help="The portrait itself goes, too.")
@click.option("--all", "everything", is_flag=True, help="Spare nothing.")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@as_json
def prune(portrait: str, whole: bool, everything: bool, dry_run: bool, as_json: bool) -> None:
    """Throw away the branch below a PORTRAIT, but for what is starred, rated 4 or more, marked or in a set.

    \b
    Example:
      limner lineage prune 3f2a --dry-run
    """
    from limner.studio.lineage.prune import plan_prune
    from limner.studio.lineage.prune import prune as cut
    from limner.studio.store.portraits import fetch

    if dry_run:
        with open_memory() as store, store.read() as c:
            plan = plan_prune(c, portrait_named(c, portrait), spare=not everything, whole=whole)
            away = fetch(c, plan.away)
        if as_json:
            echo_json({"away": list(plan.away), "spared": list(plan.spared)})
            return
        for one in away:
            click.echo(line_of(one))
        click.echo(f"{len(plan.away)} would go, {len(plan.spared)} are spared.", err=True)
        return
    with open_memory() as store, store.write() as w:
        act, _ = cut(w, portrait_named(w.c, portrait), spare=not everything, whole=whole)
        report(w, act, as_json=as_json)


@lineage.command()
@click.argument("portrait", type=PORTRAIT)
@click.option("--add", default="", metavar="WORDS", help="Words to put behind every brief.")
@click.option("--avoid", metavar="WORDS", help="Words to stay away from, instead of those before.")
@click.option("--dial", "dials", multiple=True, metavar="NAME=VALUE", help="A dial for all. Repeatable.")
@click.option("--palette", metavar="COLOURS", help="Colours instead of those before.")
@click.option("--size", type=int, help="Side in px.")
@click.option("--reseed", type=int, default=0, metavar="STEP", help="Add to every seed: other sitters.")
@click.option("--set", "name", type=SET, help="Set that the new portraits go into.")
@click.option("--current", is_flag=True, help="Use the engine and weights that are installed now.")
@click.option("--dry-run", is_flag=True, help="Only list what would be painted.")
@click.option("--run", is_flag=True, help="Paint at once; else it waits in the queue.")
@as_json
def replay(
    portrait: str,
    add: str,
    avoid: str | None,
    dials: tuple[str, ...],
    palette: str | None,
    size: int | None,
    reseed: int,
    name: str | None,
    current: bool,
    dry_run: bool,
    run: bool,
    as_json: bool,
) -> None:
    """Walk a branch again with one thing changed: "this line, but at dusk, in ink".

    The PORTRAIT and its descendants are painted anew, with the same relations among them.

    \b
    Examples:
      limner lineage replay 3f2a --add "at dusk, in ink" --run
      limner lineage replay 3f2a --dial age=0.8 --set elders
    """
    from limner.core.dials import dial_table
    from limner.studio.lineage.replay import Alteration, plan_replay
    from limner.studio.studio import Studio

    settings: dict[str, float] = {}
    for text in dials:
        settings |= dial_table().parse(text)
    change = Alteration(
        add=add,
        avoid=avoid,
        dials=settings,
        palette=None if palette is None else tuple(c for c in palette.replace(",", " ").split() if c),
        seed_step=reseed,
        fields={} if size is None else {"size": size},
    )
    with Studio() as studio, open_memory() as store:

        def repair(recipe: dict[str, Any]) -> dict[str, Any]:
            return recipe | {"engine": studio.engine.id, "weights": studio.engine.weights} if current else recipe

        with store.read() as c:
            planned = plan_replay(c, portrait_named(c, portrait), change, studio.reader.read, repair=repair)
        for one in planned.planned:
            line = {"id": one.id, "repeats": one.repeats, "words": one.recipe.reading.words, "seed": one.recipe.seed}
            if as_json:
                echo_json(line)
            elif dry_run:
                click.echo(f"{one.id[:12]}  replays {one.repeats[:12]}  {one.recipe.reading.words}")
        for id in planned.left_out:
            click.echo(f"{id[:12]} was made by hand and is left out.", err=True)
        if not dry_run:
            _submit(store, studio, planned, portrait, name, run)


def _submit(store: Any, studio: Any, planned: Any, portrait: str, name: str | None, run: bool) -> None:
    from limner.cli.jobs import work
    from limner.studio.curation.sets import find_set
    from limner.studio.jobs.queue import BATCH, SCREEN, Destination, Task, submit

    with store.write() as w:
        goal = Destination(set=find_set(w.c, name) if name else "")
        tasks = [Task(recipe=one.recipe, origins=one.origins) for one in planned.planned]
        urgency = SCREEN if run else BATCH
        id = submit(w, tasks, title=f"replay of {portrait}", kind="replay", destination=goal, urgency=urgency)
    if run:
        work(store, studio, only=id)
    else:
        click.echo(f"Job {id[:8]} waits; paint it with: limner jobs run", err=True)
