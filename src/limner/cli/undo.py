"""`limner undo` and `limner redo`."""

from __future__ import annotations

import click

from limner.cli.memory import as_json, echo_json, open_memory


@click.command(
    epilog="""\b
Examples:
  limner undo
  limner undo 3                            # the last three acts
  limner undo --list
  limner undo --act 118                    # one act out of order, unless another built on it
"""
)
@click.argument("count", type=click.IntRange(1, 1000), default=1)
@click.option("--act", type=int, help="Number of a certain act.")
@click.option("--list", "show", is_flag=True, help="List the latest acts.")
@click.option("--redo", "again", is_flag=True, help="Make again what was undone, like limner redo.")
@as_json
def undo(count: int, act: int | None, show: bool, again: bool, as_json: bool) -> None:
    """Take back the last COUNT acts: ratings, tags, notes, sets, culls, keeping, throwing away."""
    from limner.studio.store.acts import history, redo
    from limner.studio.store.acts import undo as take_back

    if show:
        with open_memory() as store, store.read() as c:
            for one in history(c):
                if as_json:
                    echo_json(one.to_json())
                else:
                    state = "" if one.state == "done" else f"  ({one.state})"
                    click.echo(f"{one.number:>6}  {one.at[:16].replace('T', ' ')}  {one.summary}{state}")
        return
    with open_memory() as store:
        for _ in range(1 if act is not None else count):
            with store.write() as w:
                done = redo(w) if again else take_back(w, act)
            _report(done, as_json=as_json)


@click.command(
    epilog="""\b
Examples:
  limner redo
  limner redo 3
"""
)
@click.argument("count", type=click.IntRange(1, 1000), default=1)
@as_json
def redo(count: int, as_json: bool) -> None:
    """Make the last COUNT undone acts again."""
    from limner.studio.store.acts import redo as make_again

    with open_memory() as store:
        for _ in range(count):
            with store.write() as w:
                done = make_again(w)
            _report(done, as_json=as_json)


def _report(act: object, *, as_json: bool) -> None:
    from limner.studio.store.acts import Act

    assert isinstance(act, Act)
    if as_json:
        echo_json(act.to_json())
        return
    gone = f" ({act.passed_over} were gone for good)" if act.passed_over else ""
    click.echo(f"{'Undone' if act.state == 'undone' else 'Done again'}: {act.summary}{gone}.", err=True)
