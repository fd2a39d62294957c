"""`limner evaluate`: how well does it paint?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from limner.evaluation.suite import Suite

_PARTS = ("words", "dials", "look", "variety", "memory", "distinct")


@click.command(
    epilog="""\b
Examples:
  limner evaluate words
  limner evaluate words --prompts my-prompts.toml --seeds 8
  limner evaluate dials --keep turned            # also keeps the pictures, for an oracle
  limner evaluate look variety memory --data training
"""
)
@click.argument("parts", nargs=-1, type=click.Choice(_PARTS))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Training folder with the data set (for look, variety, memory; see limner train data).",
)
@click.option("--prompts", type=click.Path(path_type=Path, dir_okay=False), help="Prompts with rules, TOML.")
@click.option("--seeds", type=click.IntRange(1, 256), default=16, show_default=True, help="Seeds a brief.")
@click.option("--sitters", type=click.IntRange(2, 256), default=32, show_default=True, help="Sitters a dial.")
@click.option("--portraits", type=click.IntRange(50, 50_000), help="How many portraits to paint (look, memory).")
@click.option("--dial", "names", multiple=True, help="Turn only this dial. Repeatable.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep the pictures of the dials here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per part and line.")
def evaluate(
    parts: tuple[str, ...],
    data: Path | None,
    prompts: Path | None,
    seeds: int,
    sitters: int,
    portraits: int | None,
    names: tuple[str, ...],
    keep: Path | None,
    as_json: bool,
) -> None:
    """Measure PARTS of the quality: words, dials, look, variety, memory, distinct (words and dials if none is named).

    Words are judged by rules on the pictures, dials by Spearman's correlation with what is measured,
    look by spectra and kernel distances, memory by distances to the training portraits.
    """
    from limner.cli.progress import stoppable
    from limner.core.dials import dial_table
    from limner.evaluation.suite import Suite

    for name in names:
        _ = dial_table()[name]
    chosen = parts or ("words", "dials")
    with stoppable() as (bar, cancel):
        suite = Suite(data=data, listen=bar, cancel=cancel)
        options: dict[str, dict[str, Any]] = {
            "words": {"prompts": prompts, "seeds": seeds},
            "dials": {"sitters": sitters, "names": names, "keep": keep},
            "look": {"portraits": portraits or 1000},
            "memory": {"portraits": portraits or 5000},
        }
        for part in chosen:
            result = _one(suite, part, options.get(part, {}))
            bar.close()
            if as_json:
                click.echo(json.dumps({"part": part} | result, ensure_ascii=False))
            else:
                click.echo(click.style(part, bold=True))
                for line in _lines(result):
                    click.echo(f"  {line}")


def _one(suite: Suite, part: str, options: dict[str, Any]) -> dict[str, Any]:
    method = getattr(suite, part)
    result: dict[str, Any] = method(**options)
    return result


def _lines(result: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for key, value in result.items():
        if isinstance(value, dict):
            table = cast("dict[str, Any]", value)
            lines.append(f"{key}:")
            lines += [f"  {name:<56} {_figure(figure)}" for name, figure in table.items()]
        else:
            lines.append(f"{key:<58} {_figure(value)}")
    return lines


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list):
        return "  ".join(_figure(v) for v in cast("list[Any]", value))
    return str(value)
