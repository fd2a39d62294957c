"""The command line: parses, calls the studio, prints.

stdout is for results; progress, warnings and errors go to stderr.  Exit codes: 0 done, 1 another
error of Limner, 2 input that cannot be carried out, 3 refused by the policy, 4 weights missing or
damaged, 5 files that cannot be written, 6 an extra that is not installed, 7 training, 130 stopped.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from limner._version import __version__
from limner.core.errors import LimnerError

_COMMANDS = {
    "paint": "limner.cli.paint:paint",
    "read": "limner.cli.read:read",
    "terms": "limner.cli.terms:terms",
    "mentor": "limner.cli.mentor:mentor",
    "muse": "limner.cli.muse:muse",
    "dials": "limner.cli.dials:dials",
    "sheet": "limner.cli.sheet:sheet",
    "recipe": "limner.cli.recipe:recipe",
    "label": "limner.cli.label:label",
    "repaint": "limner.cli.repaint:repaint",
    "render": "limner.cli.render:render",
    "care": "limner.cli.care:care",
    "layers": "limner.cli.layers:layers",
    "cutout": "limner.cli.cutout:cutout",
    "media": "limner.cli.media:media",
    "styles": "limner.cli.media:styles",
    "compositions": "limner.cli.compositions:compositions",
    "studio": "limner.cli.studio:studio",
    "sets": "limner.cli.sets:sets",
    "search": "limner.cli.search:search",
    "open": "limner.cli.open:open_",
    "rate": "limner.cli.rate:rate",
    "star": "limner.cli.rate:star",
    "note": "limner.cli.rate:note",
    "tag": "limner.cli.tag:tag",
    "cull": "limner.cli.cull:cull",
    "trash": "limner.cli.trash:trash",
    "undo": "limner.cli.undo:undo",
    "redo": "limner.cli.undo:redo",
    "sitters": "limner.cli.sitters:sitters",
    "lineage": "limner.cli.lineage:lineage",
    "jobs": "limner.cli.jobs:jobs",
    "grid": "limner.cli.grid:grid",
    "completion": "limner.cli.completion:completion",
    "train": "limner.cli.train:train",
    "evaluate": "limner.cli.evaluate:evaluate",
    "doctor": "limner.cli.doctor:doctor",
}


class _Commands(click.Group):
    """Commands are imported when named, so that one slow import never delays another command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="limner")
def limner() -> None:
    """Limner paints portraits of people who do not exist.

    \b
    Examples:
      limner paint "a melancholic poet at twilight" -n 8
      limner paint "smiling woman, red hair" --dial age=0.5 --seed 7
      limner paint "a cardinal, baroque" --size 2048
      limner dials
      limner COMMAND --help
    """


def main() -> None:
    """Entry point of the command `limner`."""
    try:
        code = limner.main(standalone_mode=False)
    except LimnerError as exc:
        click.echo(f"limner: {exc}", err=True)
        code = exc.exit_code
    except click.exceptions.Abort:
        click.echo("limner: Stopped on request.", err=True)
        code = 130
    except KeyboardInterrupt:
        click.echo("limner: Stopped on request.", err=True)
        code = 130
    except click.ClickException as exc:
        exc.show()
        code = 2
    except BrokenPipeError:
        # the reader of stdout left; leave quietly, and keep the interpreter from flushing into the void
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
