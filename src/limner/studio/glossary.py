"""The glossary's pictures: one sitter in every term of a kind, on one page."""

from __future__ import annotations

from limner.core.progress import Cancel, Listener, silent
from limner.language.writing.glossary import sample_brief
from limner.studio.studio import Studio

_SEED = 7
_COLUMNS = 10
_CELL = 112  # px
_QUALITY = 78


def sample_page(
    studio: Studio, kind: str, *, limit: int | None = None, listen: Listener = silent, cancel: Cancel | None = None
) -> bytes:
    """A JPEG file with a portrait of every term of a kind, its name below, in the order of the page.

    Args:
        studio: what paints.
        kind: a kind of the lexicon.
        limit: only the first so many terms.
        listen: told the progress.
        cancel: asked at every step.
    """
    terms = sorted(studio.lexicon.of_kind(kind), key=lambda t: t.word)[:limit]
    recipes = [studio.plan(sample_brief(term), n=1, seed=_SEED)[0] for term in terms]
    portraits = list(studio.paint_recipes(recipes, listen=listen, cancel=cancel))
    return studio.sheet(
        portraits,
        title="",
        labels=[t.word for t in terms],
        columns=min(_COLUMNS, len(terms)),
        cell=_CELL,
        format="jpeg",
        quality=_QUALITY,
    )
