"""`limner completion`: the shell finishes commands, ids, sets and tags."""

from __future__ import annotations

import click


@click.command(
    epilog="""\b
Examples:
  limner completion bash >> ~/.bashrc
  limner completion zsh >> ~/.zshrc
  limner completion fish > ~/.config/fish/completions/limner.fish
"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a SHELL complete limner's commands, and ids, sets and tags of the studio."""
    from click.shell_completion import get_completion_class

    from limner.cli.main import limner

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(limner, {}, "limner", "_LIMNER_COMPLETE").source())
