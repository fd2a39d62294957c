"""A clause while it is being read: which words are still free, and what was found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from limner.language.lexicon import Lexicon, Term
from limner.language.reading.clauses import Clause


@dataclass(slots=True)
class Found:
    """A stretch of a clause that means something, or that was set aside."""

    start: int
    stop: int
    term: str = ""
    """Head word, or colour and part; empty for what was set aside."""
    kind: str = ""
    dials: dict[str, float] = field(default_factory=dict[str, float])
    terms: tuple[Term, ...] = ()
    colours: tuple[str, ...] = ()
    """Colours of the palette, as #rrggbb."""
    weight: float = 1.0
    note: str = ""
    leans: frozenset[str] = frozenset()
    """Dials that give way to what is said outright."""
    exact: bool = False
    """True for a colour given as hex: no factor is applied to it."""
    stated: bool = False
    """True for a figure or a colour: it settles its dials whatever plain words say."""
    denied: bool = False
    """True for what a negation ruled out."""
    words: str = ""
    """The stretch as written, where it is not simply the words from start to stop."""


@dataclass(slots=True)
class Mentions:
    """What the clauses before a clause have spoken of."""

    part: str = ""
    """The part named last in the clause before ("hair"), if it got no colour there."""
    topic: str = ""
    """The part that "it" stands for."""
    sitter: bool = False
    """True once a person was named: the next one with "with" or "and" is company."""


class Draft:
    """One clause in the making.

    Args:
        clause: its words.
        lexicon: where they are looked up.
    """

    def __init__(self, clause: Clause, lexicon: Lexicon) -> None:
        self.clause = clause
        self.tokens = clause.tokens
        self.lexicon = lexicon
        self.taken = [False] * len(clause.tokens)
        """Words that something has used up."""
        self.shared: set[int] = set()
        """Nouns that took a colour and may still belong to a longer phrase ("long black hair")."""
        self.found: list[Found] = []
        self.spans = lexicon.within(clause.tokens)
        """Terms of every stretch that means something."""

    def __len__(self) -> int:
        return len(self.tokens)

    def token(self, k: int) -> str:
        """Word `k`, or "" outside the clause."""
        return self.tokens[k] if 0 <= k < len(self.tokens) else ""

    def at(self, start: int, stop: int) -> tuple[Term, ...]:
        """Terms of a stretch."""
        return self.spans.get((start, stop), ())

    def free(self, start: int, stop: int) -> bool:
        """True if no word of a stretch is used up, shared nouns aside, and not all are shared."""
        stretch = self.taken[max(0, start) : stop]
        if not any(stretch):
            return bool(stretch)
        whole = range(max(0, start), min(len(self.tokens), stop))
        return not all(stretch) and all(not self.taken[k] or k in self.shared for k in whole)

    def take(self, start: int, stop: int) -> None:
        """Use words up."""
        for k in range(start, stop):
            self.taken[k] = True

    def add(self, found: Found) -> None:
        """Keep something found and use its words up."""
        self.found.append(found)
        self.take(found.start, found.stop)

    def kinds(self, start: int, stop: int) -> set[str]:
        """Kinds of the terms of a stretch."""
        return {term.kind for term in self.at(start, stop)}

    def part(self, k: int) -> str | None:
        """The family of colour dials of the part that word `k` names."""
        for term in self.at(k, k + 1):
            if term.part is not None:
                return term.part
        return None
