"""`limner muse`: briefs for the undecided."""

from __future__ import annotations

import json

import click


@click.command(
    epilog="""\b
Examples:
  limner muse
  limner muse -n 5 --with "an old beekeeper" --without "sad, beard"
  limner muse --kind mood,light,palette --seed 12
  limner muse --paradox --json
"""
)
@click.option("-n", "count", type=int, default=10, show_default=True, help="How many briefs.")
@click.option("--seed", type=int, help="Seed of the first brief; the others count up. Random if left out.")
@click.option("--with", "keep", default="", metavar="WORDS", help="Words that every brief keeps.")
@click.option("--without", default="", metavar="WORDS", help="Words that no brief has, nor what they mean.")
@click.option(
    "--kind", "kinds", default="", metavar="KINDS", help="Kinds of terms to draw from, for example mood,light."
)
@click.option("--paradox", is_flag=True, help="Draw moods that contradict each other.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per brief and line.")
def muse(count: int, seed: int | None, keep: str, without: str, kinds: str, paradox: bool, as_json: bool) -> None:
    """Draw briefs from the lexicon that make sense: one a line, ready for `limner paint`.

    A trade comes with its time and clothes, and nothing pulls against anything else. The same seed and
    options draw the same brief.
    """
    from limner.language.advice import Muse
    from limner.studio.studio import Studio

    if seed is None:
        import numpy as np

        seed = int(np.random.default_rng().integers(0, 2**31))
    chosen = [k for k in kinds.replace(",", " ").split() if k]
    with Studio() as studio:
        drawer = Muse(studio.lexicon, studio.reader, keep=keep, without=without, kinds=chosen, paradox=paradox)
        for drawn in drawer.briefs(count, seed=seed):
            click.echo(json.dumps(drawn.to_json(), ensure_ascii=False) if as_json else drawn.words)
