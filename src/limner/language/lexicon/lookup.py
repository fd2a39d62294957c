"""The lexicon: what words do.

The words stand in data files, one kind each (`data/*.toml`, see `files`).  Reading them takes a second, so
`python -m limner.language.lexicon` checks them and writes them as `data/compiled.json`, which is what a
studio loads (see `index`; a test holds the two together).  Files that a person
drops into the folder `lexicon` of the home directory are read as TOML, and what they say of a phrase
takes the place of what it meant before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from limner.language.lexicon.index import SHORTEST, Index, index_of, read_compiled, read_term, stem
from limner.language.lexicon.term import Term
from limner.language.tokens import tokenise

COMPILED = "compiled.json"


class Lexicon:
    """All terms, found by phrase.

    Args:
        terms: the terms; those that a person added (`Term.own`) take over their phrases.
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        every = list(terms)
        shipped = [t for t in every if not t.own]
        self._index = index_of(shipped)
        self._rows: list[Term | str] = [*shipped]
        self._replaced: set[int] = set()
        self._add([t for t in every if t.own])

    @classmethod
    def of_compiled(cls, text: str) -> Lexicon:
        """The lexicon of a compiled file's text."""
        made = cls()
        made._index, rows = read_compiled(text)
        made._rows.extend(rows)
        return made

    def joined(self, own: Iterable[Term]) -> Lexicon:
        """This lexicon and terms that a person added; much quicker than making one anew."""
        made = Lexicon()
        old = self._index
        made._index = Index(
            kinds=[*old.kinds],
            phrases=dict(old.phrases),
            stems=dict(old.stems),
            likes=dict(old.likes),
            scales=dict(old.scales),
            parts=dict(old.parts),
            single=old.single,
            longest=old.longest,
        )
        made._rows = [*self._rows]
        made._replaced = set(self._replaced)
        made._add(list(own))
        return made

    def _add(self, own: list[Term]) -> None:
        if not own:
            return
        index, more, start = self._index, index_of(own), len(self._rows)
        replaced = {k for term in own for k in self._numbers_of(term.word)}
        self._replaced |= replaced
        for phrase in [*index.phrases] if replaced else []:
            if left := [k for k in index.at(phrase) if k not in replaced]:
                index.phrases[phrase] = left
            else:
                del index.phrases[phrase]
        index.phrases |= {phrase: [start + k for k in more.at(phrase)] for phrase in more.phrases}
        index.stems |= more.stems
        index.likes |= {thing: start + k for thing, k in more.likes.items()}
        for name, numbers in more.scales.items():
            every = [*index.scales.get(name, []), *(start + k for k in numbers)]
            place = {k: (own[k - start] if k >= start else self._term(k)).degree for k in every}
            index.scales[name] = sorted(every, key=place.__getitem__)
        index.parts = {name: start + k for name, k in more.parts.items()} | index.parts
        index.kinds += more.kinds
        index.single = [*index.single, *(t for t in more.single if t not in set(index.single))]
        index.longest = max(index.longest, more.longest)
        self._rows += own

    def _numbers_of(self, word: str) -> list[int]:
        """Numbers of the terms whose head word this is."""
        return [k for k in self._index.at(" ".join(tokenise(word))) if self._term(k).word == word]

    def _term(self, k: int) -> Term:
        row = self._rows[k]
        if isinstance(row, str):
            row = self._rows[k] = read_term(row)
        return row

    # by phrase --------------------------------------------------------------------------------

    def at(self, phrase: tuple[str, ...]) -> tuple[Term, ...]:
        """Terms that exactly this phrase stands for."""
        return tuple(map(self._term, self._index.at(" ".join(phrase))))

    def at_stem(self, phrase: tuple[str, ...]) -> tuple[Term, ...]:
        """Terms of a phrase that differs only in plurals and adverbs ("sadly", "orcs")."""
        stemmed = " ".join(map(stem, phrase))
        return tuple(map(self._term, self._index.at(self._index.stems.get(stemmed, stemmed))))

    def within(self, tokens: tuple[str, ...]) -> dict[tuple[int, int], tuple[Term, ...]]:
        """Every stretch of `tokens` that terms stand for, exactly or but for plurals and adverbs, by (start, stop)."""
        phrases, stems = self._index.phrases, self._index.stems
        stemmed = [stem(t) for t in tokens]
        found: dict[tuple[int, int], tuple[Term, ...]] = {}
        for start in range(len(tokens)):
            exact = plain = ""
            for stop in range(start + 1, min(len(tokens), start + self._index.longest) + 1):
                gap = " " if exact else ""
                exact += gap + tokens[stop - 1]
                plain += gap + stemmed[stop - 1]
                numbers = phrases.get(exact)
                if numbers is None:
                    numbers = phrases.get(stems.get(plain, plain))
                if isinstance(numbers, int):
                    found[start, stop] = (self._term(numbers),)
                elif numbers is not None:
                    found[start, stop] = tuple(map(self._term, numbers))
        return found

    def likened(self, phrase: tuple[str, ...]) -> Term | None:
        """The colour of a thing that something is said to be like ("hair like fire")."""
        found = self._index.likes.get(" ".join(phrase))
        return None if found is None else self._term(found)

    @property
    def longest(self) -> int:
        """Tokens of the longest phrase."""
        return self._index.longest

    @property
    def single(self) -> list[str]:
        """Words of at least four letters that occur in phrases, the likeliest first."""
        return self._index.single

    def near(self, word: str) -> tuple[str, ...]:
        """At most two words of the lexicon that a misspelt one may mean, best first."""
        if len(word) < SHORTEST:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        limit = 1 if len(word) < 8 else 2
        found = process.extract(word, self.single, scorer=OSA.distance, score_cutoff=limit, limit=2)
        return tuple(str(name) for name, _, _ in found)

    # by head word, kind, scale, part ----------------------------------------------------------

    def _head(self, word: str) -> Term | None:
        numbers = self._numbers_of(word)
        return self._term(numbers[0]) if numbers else None

    def knows(self, word: str) -> bool:
        """True if a term has this head word."""
        return self._head(word) is not None

    def find(self, word: str) -> Term:
        """The term with this head word."""
        term = self._head(word)
        if term is None:
            raise KeyError(word)
        return term

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, in file order."""
        return tuple(self._term(k) for k in range(len(self._rows)) if k not in self._replaced)

    def of_kind(self, kind: str) -> tuple[Term, ...]:
        """All terms of one kind, in file order."""
        found: list[Term] = []
        start = 0
        for name, count in self._index.kinds:
            if name == kind:
                found += (self._term(k) for k in range(start, start + count) if k not in self._replaced)
            start += count
        return tuple(found)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds, in file order."""
        return tuple(dict.fromkeys(kind for kind, _ in self._index.kinds))

    def scale(self, name: str) -> tuple[Term, ...]:
        """The terms of a gradation, least first."""
        return tuple(map(self._term, self._index.scales.get(name, ())))

    @property
    def scales(self) -> tuple[str, ...]:
        """The names of all gradations."""
        return tuple(self._index.scales)

    def part(self, name: str) -> Term:
        """The part whose dials are called `name` ("hair", "skin", "eyes", "background")."""
        return self._term(self._index.parts[name])


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with Limner."""
    text = resources.files("limner.language.lexicon").joinpath("data", COMPILED).read_text("utf-8")
    return Lexicon.of_compiled(text)
