"""The reference page of all commands, made from their own help texts.

`python -m limner.cli.reference > docs/commands.md`; a test holds the page and the commands together.
"""

from __future__ import annotations

import click

from limner.cli.main import limner

_HEAD = """# Commands

Made from the commands' own help by `python -m limner.cli.reference > docs/commands.md`.

stdout is for results; progress, warnings and errors go to stderr. Exit codes:

| code | meaning |
|---|---|
| 0 | done |
| 1 | another error of Limner |
| 2 | input that cannot be carried out as written, or something that the engine cannot do |
| 3 | refused by the policy |
| 4 | weights missing or damaged |
| 5 | files that cannot be written |
| 6 | an extra that is not installed |
| 7 | a training run that cannot start or go on |
| 130 | stopped with Ctrl-C; what was finished is kept |
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD]
    context = _context(limner, None, "limner")
    _add(parts, limner, context)
    return "\n".join(parts)


def _add(parts: list[str], command: click.Command, context: click.Context) -> None:
    parts.append(f"\n## {context.command_path}\n\n```\n{command.get_help(context).rstrip()}\n```")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                _add(parts, child, _context(child, context, name))


def _context(command: click.Command, parent: click.Context | None, name: str) -> click.Context:
    return click.Context(
        command,
        parent,
        info_name=name,
        max_content_width=100,
        terminal_width=100,
        help_option_names=limner.context_settings["help_option_names"],
    )


if __name__ == "__main__":
    click.echo(page())
