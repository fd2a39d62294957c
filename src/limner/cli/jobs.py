"""`limner jobs`: the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from limner.cli.memory import JOB, SET, TAG, as_json, echo_json, open_memory
from limner.cli.requests import brief_options, plan

if TYPE_CHECKING:
    from limner.studio.jobs.events import JobEvent
    from limner.studio.jobs.queue import Job
    from limner.studio.store.database import Writing
    from limner.studio.store.store import Store
    from limner.studio.studio import Studio

_POLL = 0.5  # seconds


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner jobs
  limner jobs add "a melancholic poet at twilight" -n 200 --set candidates
  limner jobs run
  limner jobs pause 3f2a
  limner jobs retry 3f2a
""",
)
@as_json
@click.pass_context
def jobs(ctx: click.Context, as_json: bool) -> None:
    """Long acts in a queue that survives restarts; alone it lists them."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.jobs.queue import is_paused, list_jobs

    with open_memory() as store, store.read() as c:
        if is_paused(c):
            click.echo("The queue is paused: limner jobs resume --all", err=True)
        for job in list_jobs(c):
            if as_json:
                echo_json(job.to_json())
            else:
                click.echo(_line(job))


def _line(job: Job) -> str:
    error = f"  ({job.error})" if job.error else ""
    return f"{job.id[:8]}  {job.state:<9} {job.done:>5} of {job.total:<5}  {job.title}{error}"


@jobs.command()
@click.argument("words", required=False, default="")
@click.option("-n", "count", type=int, default=1, show_default=True, help="How many portraits.")
@brief_options
@click.option("--set", "name", type=SET, help="Set that the portraits go into, whatever is changed later.")
@click.option("--tag", "tags", multiple=True, type=TAG, metavar="TAG", help="Tag that they get. Repeatable.")
@click.option("--reason", default="", help="Why they are painted; stands in their lineage.")
@click.option("--front", is_flag=True, help="Before all others.")
@as_json
def add(
    words: str,
    count: int,
    name: str | None,
    tags: tuple[str, ...],
    reason: str,
    front: bool,
    as_json: bool,
    **brief: Any,
) -> None:
    """Put portraits into the queue; prints the id of the job.

    \b
    Example:
      limner jobs add "an old sailor" -n 64 --set sailors --tag study --reason "for the harbour wall"
    """
    from limner.studio.curation.sets import find_set
    from limner.studio.jobs.queue import Destination, Task, submit
    from limner.studio.studio import Studio

    with Studio() as studio:
        recipes = plan(studio, words, count, brief)
    with open_memory() as store, store.write() as w:
        goal = Destination(set=find_set(w.c, name) if name else "", tags=tags, reason=reason)
        tasks = [Task(recipe=recipe) for recipe in recipes]
        title = f"{words or '(no words)'} x {len(recipes)}"
        id = submit(w, tasks, title=title, destination=goal, request={"words": words}, front=front)
    if as_json:
        echo_json({"id": id})
    else:
        click.echo(id)


@jobs.command()
@click.option("--stay", is_flag=True, help="Wait for more when the queue is empty.")
@click.option("--device", default="cpu", show_default=True, help="Name of the device; one worker each.")
@click.option(
    "--format", type=click.Choice(["png", "jpeg", "webp"]), default="png", show_default=True, help="Kind of file."
)
@click.option("--no-measure", is_flag=True, help="Do not measure portraits at once (limner studio measure does later).")
@as_json
def run(stay: bool, device: str, format: str, no_measure: bool, as_json: bool) -> None:
    """Paint what is in the queue; Ctrl-C ends after the portraits at hand.

    With --json every event is printed when it is safe on disk.

    \b
    Examples:
      limner jobs run
      limner jobs run --stay --json
    """
    from limner.studio.studio import Studio

    with open_memory() as store, Studio() as studio:
        kept = work(store, studio, stay=stay, device=device, format=format, measure=not no_measure, as_json=as_json)
    click.echo(f"{kept} portraits kept.", err=True)


def work(
    store: Store,
    studio: Studio,
    *,
    stay: bool = False,
    device: str = "cpu",
    format: str = "png",
    measure: bool = True,
    as_json: bool = False,
    only: str = "",
) -> int:
    """Paint until the queue is empty, or until one job has ended; returns the number of portraits."""
    from limner.cli.progress import stoppable
    from limner.core.errors import Cancelled
    from limner.core.progress import Progress
    from limner.studio.jobs.painting import painter
    from limner.studio.jobs.queue import LIVE, read_job
    from limner.studio.jobs.worker import Worker

    kept = 0
    with stoppable() as (bar, cancel):

        def listen(event: JobEvent) -> None:
            if as_json:
                echo_json(event.to_json())
            elif event.kind == "failed":
                click.echo(f"{event.job[:8]}: {event.data['error']}", err=True)
            if "total" in event.data:
                done, total = event.data["done"], event.data["total"]
                bar(Progress(stage=event.job[:8], done=done, total=total, unit="portraits"))

        def watch(_: Progress) -> None:
            if cancel.requested:
                worker.stop()

        worker = Worker(
            store,
            painter(studio.paint_recipes, format=format, measure=measure),
            device=device,
            listen=listen,
            progress=watch,
        )
        with worker:
            while not cancel.requested:
                step = worker.step()
                kept += step or 0
                if only:
                    with store.read() as c:
                        if read_job(c, only).state not in LIVE:
                            break
                if step is None:
                    if not stay:
                        break
                    time.sleep(_POLL)
        if cancel.requested:
            raise Cancelled(f"Stopped on request; {kept} portraits were kept, the rest waits in the queue.")
    return kept


@jobs.command()
@click.argument("job", type=JOB)
@as_json
def show(job: str, as_json: bool) -> None:
    """Print a JOB and its portraits.

    \b
    Example:
      limner jobs show 3f2a
    """
    from limner.studio.jobs.queue import find_job, portraits_of_job, read_job

    with open_memory() as store, store.read() as c:
        found = read_job(c, find_job(c, job))
        units = portraits_of_job(c, found.id)
    if as_json:
        told = [{"place": p, "state": s, "portrait": id, "error": e} for p, s, id, e in units]
        echo_json(found.to_json() | {"portraits": told})
        return
    click.echo(_line(found))
    for place, state, portrait, error in units:
        click.echo(f"{place:>5}  {state:<8} {(portrait or '')[:12]}  {error}".rstrip())


@jobs.command()
@click.option("--after", type=int, default=0, help="Only events behind this number.")
@click.option("--follow", is_flag=True, help="Go on printing what happens.")
def events(after: int, follow: bool) -> None:
    """Print what happened to jobs, one JSON object a line.

    \b
    Example:
      limner jobs events --follow
    """
    from limner.cli.progress import stoppable
    from limner.studio.jobs.events import events_after

    with open_memory() as store, stoppable() as (_, cancel):
        while not cancel.requested:
            with store.read() as c:
                found = events_after(c, after)
            for event in found:
                echo_json(event.to_json())
                after = event.number
            if not follow and not found:
                return
            if not found:
                time.sleep(_POLL)


def _verb(name: str, text: str, example: str) -> None:
    """A command that does one thing to jobs."""

    @jobs.command(name=name, help=f"{text}\n\n\b\nExample:\n  {example}")
    @click.argument("job", nargs=-1, required=name not in ("pause", "resume"), type=JOB)
    @as_json
    def _(job: tuple[str, ...], as_json: bool, everything: bool = False) -> None:
        from limner.core.errors import InputError
        from limner.studio.jobs import queue

        acts: dict[str, Callable[[Writing, str], Job]] = {
            "pause": queue.pause,
            "resume": queue.resume,
            "cancel": queue.cancel,
            "retry": queue.retry,
            "front": partial(queue.move, front=True),
            "back": partial(queue.move, front=False),
        }
        if everything == bool(job):
            raise InputError(f"Say which jobs to {name}: ids, or --all for the whole queue.")
        with open_memory() as store, store.write() as w:
            if everything:
                queue.set_paused(w, name == "pause")
            changed = [acts[name](w, queue.find_job(w.c, prefix)) for prefix in job]
        for one in changed:
            if as_json:
                echo_json(one.to_json())
            else:
                click.echo(_line(one))

    if name in ("pause", "resume"):
        _.params.append(click.Option(["--all", "everything"], is_flag=True, help="The whole queue."))


_verb("pause", "Take up no more portraits of a JOB; those at hand are finished.", "limner jobs pause 3f2a")
_verb("resume", "Go on with a paused JOB.", "limner jobs resume --all")
_verb("cancel", "End a JOB; what is finished stays.", "limner jobs cancel 3f2a")
_verb("retry", "Try the failed and dropped portraits of a JOB again.", "limner jobs retry 3f2a")
_verb("front", "Put a JOB before all others.", "limner jobs front 3f2a")
_verb("back", "Put a JOB behind all others.", "limner jobs back 3f2a")


@jobs.command()
@as_json
def prune(as_json: bool) -> None:
    """Forget the jobs that have ended; their portraits stay.

    \b
    Example:
      limner jobs prune
    """
    from limner.studio.jobs.queue import prune as forget

    with open_memory() as store, store.write() as w:
        number = forget(w)
    if as_json:
        echo_json({"forgotten": number})
    else:
        click.echo(f"{number} jobs forgotten.", err=True)
