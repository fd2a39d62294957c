"""Negation and emphasis: what stands before a word and turns or scales what it asks for."""

from __future__ import annotations

from limner.language.lexicon.small_words import EMPHASIS, FILLERS, NEGATIONS, NO_DENIALS, SOFT_PHRASES
from limner.language.reading.draft import Draft, Found

_REACH = 6  # words over which a negation reaches
_SOFT_ENDS = frozenset(phrase[-1] for phrase in SOFT_PHRASES)
_FULL = 0.98  # the largest setting that emphasis leads to


def negation_before(draft: Draft, start: int) -> int | None:
    """Where "no", "without a", "not very", "or" of "no hat or scarf" before a stretch begins; None if nowhere."""
    tokens = draft.tokens
    for k in range(start - 1, max(-1, start - 1 - _REACH), -1):
        token = tokens[k]
        if token in NEGATIONS:
            return None if any(tokens[k : k + len(p)] == p for p in NO_DENIALS) else k
        if token == "or":
            return k if any(t in NEGATIONS for t in tokens[max(0, k - _REACH) : k]) else None
        if token not in FILLERS:
            return None
    return None


def deny(found: Found, start: int) -> None:
    """Turn what was found into a step away from it, the denial that begins at word `start` taken along."""
    found.start, found.term, found.denied = start, f"not {found.term}", True
    found.dials = {name: round(-0.5 * value, 3) for name, value in found.dials.items()}


def stress(found: Found, draft: Draft) -> None:
    """Scale what was found by the emphasis before it and by its weight."""
    first, tokens = found.start, draft.tokens
    for size in (3, 2) if first > 1 and tokens[first - 1] in _SOFT_ENDS else ():
        factor = SOFT_PHRASES.get(tokens[max(0, first - size) : first])
        if factor is not None:
            found.start, found.weight = first - size, found.weight * factor
            break
    else:
        while found.start > 0 and tokens[found.start - 1] in EMPHASIS and not draft.taken[found.start - 1]:
            found.start -= 1
            found.weight *= EMPHASIS[tokens[found.start]]
    draft.take(found.start, first)
    if found.weight != 1:
        found.dials = {n: round(max(-_FULL, min(_FULL, v * found.weight)), 3) for n, v in found.dials.items()}
