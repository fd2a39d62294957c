"""`limner studio`: the studio's memory as a whole."""

from __future__ import annotations

from pathlib import Path

import click

from limner.cli.memory import SET, as_json, echo_json, listener, open_memory, rows


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner studio
  limner studio check
  limner studio export masters.limner --set "north wall"
  limner studio import masters.limner
  limner studio reindex
""",
)
@as_json
@click.pass_context
def studio(ctx: click.Context, as_json: bool) -> None:
    """The studio's memory: what is kept, and where; check it, move it, mend it."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.store.check import count_of

    with open_memory() as store, store.read() as c:
        counts = count_of(c)
        told = {
            "name": store.identity.name,
            "id": store.identity.id,
            "folder": str(store.place.folder),
            "database": str(store.place.sqlite or store.place.database.rpartition("@")[2]),
            "pictures": store.place.pictures,
            "read_only": store.read_only,
            **counts,
        }
    if as_json:
        echo_json(told)
        return
    size = f"{counts['bytes'] / 1e6:,.1f} MB"
    shown = {"bytes": size, "name": told["name"] or "(none)"}
    rows([(name.replace("_", " "), str(shown.get(name, value))) for name, value in told.items()])


@studio.command()
@click.option("--quick", is_flag=True, help="Compare sizes only; do not read every picture.")
@as_json
def check(quick: bool, as_json: bool) -> None:
    """Look for what is missing, altered or unknown; ends with 0 only if all is well.

    \b
    Examples:
      limner studio check
      limner studio check --quick --json
    """
    from limner.core.errors import StorageError
    from limner.studio.store.check import check as look

    with open_memory() as store:
        faults = look(store, quick=quick, listen=listener())
    for fault in faults:
        if as_json:
            echo_json(fault.to_json())
        else:
            click.echo(f"{fault.message}; {fault.mend}")
    if faults:
        noun = "fault" if len(faults) == 1 else "faults"
        raise StorageError(f"{len(faults)} {noun} in the studio.", "Each line says what mends it.")
    click.echo("Everything is where it should be.", err=True)


@studio.command()
@as_json
def reindex(as_json: bool) -> None:
    """Rebuild the database from the pictures.

    Portraits, recipes and lineage come from the files; ratings, tags, notes and sets from the database if it
    can be read, else from the newest backup.

    \b
    Example:
      limner studio reindex
    """
    from limner.core.settings import Settings
    from limner.studio.store.place import place_of
    from limner.studio.store.reindex import reindex as rebuild

    done = rebuild(place_of(Settings()), listen=listener())
    if as_json:
        echo_json(done.to_json())
        return
    click.echo(f"{done.portraits} pictures read, {done.added} portraits added; curation from: {done.curation}")
    for what, ids in (
        ("missing, now an empty slot", done.emptied),
        ("altered outside, kept as work by hand", done.altered),
        ("not readable, moved aside", done.damaged),
        ("a double of another file", done.doubles),
    ):
        for id in ids:
            click.echo(f"{what}: {id}")


@studio.command()
@click.option("--list", "show", is_flag=True, help="List the backups instead.")
@as_json
def backup(show: bool, as_json: bool) -> None:
    """Copy the database (not the pictures) into the studio's folder of backups.

    \b
    Examples:
      limner studio backup
      limner studio backup --list
    """
    from limner.studio.store.backup import back_up, backups

    with open_memory() as store:
        if show:
            files = backups(store.place)
        else:
            with store.write() as w:
                files = [back_up(store.place, w.c, w.at, "by-hand")]
    for file in files:
        if as_json:
            echo_json({"file": str(file), "bytes": file.stat().st_size})
        else:
            click.echo(str(file))


@studio.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def restore(file: Path, as_json: bool) -> None:
    """Put the backup FILE in the place of the database; what stands there now is backed up first.

    \b
    Example:
      limner studio restore ~/.local/share/limner/studio/backups/20261121T101500-by-hand.db
    """
    from limner.studio.store.backup import restore as put_back

    with open_memory() as store:
        before = put_back(store.database, file)
    with open_memory() as store, store.read():
        pass
    if as_json:
        echo_json({"restored": str(file), "before": str(before)})
    else:
        click.echo(f"Restored; what was there is in {before}", err=True)


@studio.command(name="export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--set", "name", type=SET, help="Only this set, with its ancestors as empty slots.")
@as_json
def export_(file: Path, name: str | None, as_json: bool) -> None:
    """Write the studio, or one set, as one FILE that can be moved and read anywhere.

    \b
    Examples:
      limner studio export everything.limner
      limner studio export wall.limner --set "north wall"
    """
    from limner.cli.memory import finder
    from limner.studio.curation.conditions import portraits_in
    from limner.studio.curation.sets import find_set, read_set
    from limner.studio.store.archive import ENDING
    from limner.studio.store.export import export

    target = file if file.suffix else file.with_suffix(ENDING)
    with open_memory() as store:
        id = ids = None
        if name is not None:
            with store.read() as c:
                id = find_set(c, name)
                if read_set(c, id).rule:
                    ids = portraits_in(c, finder(store, words=False).index, id)
        done = export(store, target, set=id, ids=ids, listen=listener())
    if as_json:
        echo_json(done.to_json())
        return
    click.echo(f"{done.portraits} portraits, {done.slots} slots, {done.sets} sets", err=True)
    click.echo(str(done.file))


@studio.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def import_(file: Path, as_json: bool) -> None:
    """Add what the archive FILE holds; nothing that is here is changed.

    \b
    Example:
      limner studio import wall.limner
    """
    from importlib.metadata import entry_points

    from limner.studio.store.importing import import_archive

    with open_memory() as store:
        done = import_archive(store, file, listen=listener())
    installed = {entry.name for entry in entry_points(group="limner.engines")}
    missing = [engine for engine in done.engines if engine not in installed]
    if as_json:
        echo_json(done.to_json() | {"missing_engines": missing})
        return
    click.echo(
        f"From {done.studio}: {done.portraits} new portraits, {done.present} were here, {done.slots} empty slots, "
        f"{len(done.sets)} sets."
    )
    for conflict in done.conflicts:
        click.echo(f"differs: {conflict}")
    for engine in missing:
        click.echo(f"not installed: the engine {engine}; its portraits can be looked at, not painted again")


@studio.command()
@click.argument("name")
@as_json
def rename(name: str, as_json: bool) -> None:
    """Give the studio a NAME.

    \b
    Example:
      limner studio rename "Atelier in the yard"
    """
    with open_memory() as store:
        store.rename(name)
        if as_json:
            echo_json({"id": store.identity.id, "name": store.identity.name})


@studio.command()
@as_json
def measure(as_json: bool) -> None:
    """Measure portraits that were not measured yet, so that they are found by their look.

    \b
    Example:
      limner studio measure
    """
    from limner.cli.progress import stoppable
    from limner.studio.curation.measuring import measure_missing, measurer
    from limner.studio.studio import Studio

    with open_memory() as store, Studio() as studio, stoppable() as (bar, cancel):
        done = measure_missing(store, measurer(studio.meter), listen=bar, cancel=cancel)
    if as_json:
        echo_json({"measured": done})
    else:
        click.echo(f"{done} portraits measured.", err=True)
