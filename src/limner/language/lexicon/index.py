"""The compiled lexicon: an index of all phrases, and behind it one term a line, read when it is asked for.

`data/compiled.json` is a JSON array with the index first.  A studio parses the index alone (some ten
milliseconds) and then those of the thousands of terms that a brief names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from limner.core.palette import Colour
from limner.language.lexicon.term import Term
from limner.language.tokens import tokenise

SHORTEST = 4
"""Shorter words are never taken for misspelt ones."""

_CORE = ("part", "person", "look", "colour")  # kinds whose words a misspelt one most likely means
_COUNTED = ("being", "feature", "hairstyle", "people", "person", "profession")  # "freckle" is "freckles"
_TUPLES = ("synonyms", "implied_by", "wears", "palette", "like", "leans")


@dataclass(slots=True)
class Index:
    """Where everything is, by the number of the term."""

    kinds: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Runs of terms of one kind: the kind and how many."""
    phrases: dict[str, int | list[int]] = field(default_factory=dict[str, int | list[int]])
    """The term, or the terms, of every phrase (tokens joined by single spaces)."""
    stems: dict[str, str] = field(default_factory=dict[str, str])
    """Phrases by their singular form, where that is no phrase itself."""
    likes: dict[str, int] = field(default_factory=dict[str, int])
    """Colours by the things that they are likened to."""
    scales: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Terms of every gradation, least first."""
    parts: dict[str, int] = field(default_factory=dict[str, int])
    """The part that holds each family of colour dials."""
    single: list[str] = field(default_factory=list[str])
    """Words of at least `SHORTEST` letters that occur in phrases, the likeliest first."""
    longest: int = 0
    """Tokens of the longest phrase."""

    def at(self, phrase: str) -> list[int]:
        """Terms of a phrase."""
        found = self.phrases.get(phrase, [])
        return [found] if isinstance(found, int) else found


def index_of(terms: Sequence[Term]) -> Index:
    """The index of a list of terms."""
    index = Index()
    phrases: dict[str, list[int]] = {}
    single: dict[str, int] = {}
    for k, term in enumerate(terms):
        if index.kinds and index.kinds[-1][0] == term.kind:
            index.kinds[-1] = (term.kind, index.kinds[-1][1] + 1)
        else:
            index.kinds.append((term.kind, 1))
        for tokens in term.phrases:
            phrases.setdefault(" ".join(tokens), []).append(k)
            index.longest = max(index.longest, len(tokens))
            rank = _CORE.index(term.kind) if term.kind in _CORE else len(_CORE)
            for token in tokens:
                single[token] = min(rank, single.get(token, rank))
        for thing in term.like:
            index.likes.setdefault(" ".join(tokenise(thing)), k)
        if term.scale:
            index.scales.setdefault(term.scale, []).append(k)
        if term.part is not None:
            index.parts.setdefault(term.part, k)
    index.phrases = {phrase: found[0] if len(found) == 1 else found for phrase, found in phrases.items()}
    for phrase, numbers in phrases.items():
        if not any(terms[k].kind in _COUNTED for k in numbers):
            continue  # "glass" is not "glasses"
        stemmed = " ".join(map(singular, phrase.split(" ")))
        if stemmed not in index.phrases:
            index.stems.setdefault(stemmed, phrase)
    for places in index.scales.values():
        places.sort(key=lambda k: terms[k].degree)
    index.single = [t for _, t in sorted((rank, t) for t, rank in single.items() if len(t) >= SHORTEST)]
    return index


def stem(word: str) -> str:
    """A word without the ending of plurals and adverbs ("orcs", "ladies", "sadly", "angrily")."""
    if word in _NO_ADVERBS:
        return word
    if len(word) > 4 and word.endswith("ily"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("ly"):
        return word[:-2]
    return singular(word)


def singular(word: str) -> str:
    """A word without the ending of plurals ("orcs", "ladies", "foxes")."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_NO_ADVERBS = frozenset({
    "early", "likely", "lately", "hardly", "barely", "nearly", "mostly", "shortly", "newly", "really", "daily",
    "family", "july", "italy", "reply", "supply", "belly", "jelly", "holly", "lily", "bully", "rally", "assembly",
    "news",
})  # fmt: skip


# the file ----------------------------------------------------------------------------------------


def compiled(terms: Sequence[Term]) -> str:
    """Index and terms as one JSON array: one a line, the terms' defaults left out."""
    plain = asdict(Term(word="", kind=""))
    rows = [_json(asdict(index_of(terms)))]
    rows += [_json({k: v for k, v in asdict(term).items() if v != plain[k]}) for term in terms]
    return "[" + ",\n".join(rows) + "]\n"


def read_compiled(text: str) -> tuple[Index, list[str]]:
    """The index, and the terms as they stand in the file: `read_term` makes one of each."""
    rows = text.split("\n")
    index = json.loads(rows[0].removeprefix("[").removesuffix(","))
    index["kinds"] = [(kind, count) for kind, count in index["kinds"]]
    return Index(**index), rows[1:-1]


def read_term(row: str) -> Term:
    """One term of the compiled file."""
    data: dict[str, Any] = json.loads(row[:-1])  # without the comma, or the bracket after the last
    if "colour" in data:
        data["colour"] = Colour(**data["colour"])
    for key in _TUPLES:
        if key in data:
            data[key] = tuple(data[key])
    return Term(**data)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))  # all ASCII: decoded at once
