"""What a drawn brief must not say: words that were ruled out, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from limner.core.reading import Reading
from limner.language.advice.relevance import affinity
from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.index import stem
from limner.language.reading import Reader
from limner.language.tokens import tokenise
from limner.language.writing.phrasing import phrase

_SMALL = frozenset({"a", "an", "the", "of", "in", "on", "at", "with", "and", "or", "by", "to", "no", "not"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spurned:
    """What must not appear."""

    tokens: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()

    @classmethod
    def of(cls, words: str, lexicon: Lexicon, reader: Reader) -> Spurned:
        if not words.strip():
            return cls()
        understood = reader.read(words).understood
        heads = [w for u in understood for w in u.term.removeprefix("not ").split(", ") if lexicon.knows(w)]
        tokens = {stem(t) for u in understood for t in tokenise(u.words)} - _SMALL
        return cls(tokens=frozenset(tokens), terms=tuple(lexicon.find(w) for w in dict.fromkeys(heads)))

    def rules_out(self, term: Term) -> bool:
        """True if a term is ruled out, is of the same feeling, or has one of the words."""
        if not self.tokens:
            return False
        if any(stem(token) in self.tokens for p in (phrase(term), term.word) for token in tokenise(p)):
            return True
        felt = ("mood", "quality", "look", "paradox")
        return any(
            term.word == other.word or (term.kind in felt and other.kind in felt and affinity(other, term) > 0.55)
            for other in self.terms
        )

    def met(self, words: str, reading: Reading, but: str = "") -> str:
        """The first word or term of these that a brief has, or nothing."""
        allowed = {stem(t) for t in tokenise(but)}
        for token in tokenise(words):
            if stem(token) in self.tokens - allowed:
                return token
        heads = {w for u in reading.understood if not u.term.startswith("not ") for w in u.term.split(", ")}
        return next((t.word for t in self.terms if t.word in heads), "")
