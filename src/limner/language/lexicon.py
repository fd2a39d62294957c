"""The lexicon: what words do to dials, read from the data files in `lexicon/`.

Every file names its kind ("colour", "part", "look", "person") and lists terms.  A term has a head
word, synonyms, and what it does: a colour in Lab, a part that takes a colour, or dial settings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from limner.core.dials import dial_table
from limner.core.errors import LimnerError
from limner.core.palette import Colour
from limner.language.tokens import tokenise


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry of the lexicon."""

    word: str
    """The head word or phrase, as shown to people."""
    kind: str
    """Which file it comes from: "colour", "part", "look" or "person"."""
    said: bool = True
    """May captions for training use the word of any portrait whose dials fit?"""
    synonyms: tuple[str, ...] = ()
    """Words of the same meaning."""
    implied_by: tuple[str, ...] = ()
    """Words that ask for the same dials but mean more (a queen is a woman, not every woman a queen)."""
    colour: Colour | None = None
    """For colours: where the word lies in Lab."""
    part: str | None = None
    """For parts: the dial family that holds its colour."""
    wears: tuple[float, float, float] = (1.0, 0.0, 1.0)
    """For parts: what becomes of a colour word's Lab value on it: factor and offset of the lightness,
    factor of the chroma."""
    dials: dict[str, float] = field(default_factory=dict[str, float])
    """Settings that the word asks for."""
    opposite: str | None = None
    """Head word of the opposite term."""

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """Head word, synonyms and implying words as token tuples."""
        return tuple(tuple(tokenise(p)) for p in (self.word, *self.synonyms, *self.implied_by))

    def worn(self, colour: Colour) -> Colour:
        """A colour word's value on this part."""
        scale, offset, chroma = self.wears
        return Colour(colour.lightness * scale + offset, colour.a * chroma, colour.b * chroma)


class Lexicon:
    """All terms, found by phrase."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: tuple[Term, ...] = tuple(terms)
        self._by_phrase: dict[tuple[str, ...], list[Term]] = {}
        for term in self.terms:
            for phrase in term.phrases:
                self._by_phrase.setdefault(phrase, []).append(term)
        self.longest: int = max((len(p) for p in self._by_phrase), default=0)
        """Tokens of the longest phrase."""

    def at(self, phrase: tuple[str, ...]) -> tuple[Term, ...]:
        """Terms that exactly this phrase stands for."""
        return tuple(self._by_phrase.get(phrase, ()))

    def of_kind(self, kind: str) -> tuple[Term, ...]:
        """All terms of one kind, in file order."""
        return tuple(t for t in self.terms if t.kind == kind)

    def part(self, name: str) -> Term:
        """The part whose dials are called `name` ("hair", "skin", "eyes", "background")."""
        for term in self.terms:
            if term.part == name:
                return term
        raise KeyError(name)

    def find(self, word: str) -> Term:
        """The term with this head word."""
        for term in self.terms:
            if term.word == word:
                return term
        raise KeyError(word)


def read_terms(text: str, name: str) -> list[Term]:
    """Parse and check one lexicon file.

    Raises:
        LimnerError: not TOML, an unknown key, an unknown dial or a setting out of range.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise LimnerError(f"The lexicon file {name} is not valid TOML: {exc}.") from exc
    kind = data.get("kind")
    if not isinstance(kind, str):
        raise LimnerError(f"The lexicon file {name} does not name its kind.", 'Begin it with: kind = "look"')
    return [_term(entry, kind, name) for entry in data.get("term", [])]


_KEYS = {"word", "said", "synonyms", "implied_by", "lab", "colour", "lightness", "chroma", "dials", "opposite"}


def _term(entry: dict[str, object], kind: str, name: str) -> Term:
    word = entry.get("word")
    if not isinstance(word, str) or not tokenise(word):
        raise LimnerError(f"A term of {name} has no word: {entry}.")
    if unknown := set(entry) - _KEYS:
        raise LimnerError(f"Term {word!r} of {name} has unknown keys: {', '.join(sorted(unknown))}.")
    dials = entry.get("dials", {})
    synonyms = entry.get("synonyms", [])
    implied_by = entry.get("implied_by", [])
    lab = entry.get("lab")
    part = entry.get("colour")
    lightness = entry.get("lightness", [1.0, 0.0])
    chroma = entry.get("chroma", 1.0)
    opposite = entry.get("opposite")
    assert isinstance(dials, dict)
    assert isinstance(synonyms, list)
    assert isinstance(implied_by, list)
    table = dial_table()
    return Term(
        word=word,
        kind=kind,
        synonyms=tuple(str(s) for s in synonyms),  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        implied_by=tuple(str(s) for s in implied_by),  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        said=bool(entry.get("said", True)),
        colour=Colour(*(float(v) for v in lab)) if isinstance(lab, list) else None,  # pyright: ignore
        part=str(part) if part is not None else None,
        wears=(float(lightness[0]), float(lightness[1]), float(chroma)),  # pyright: ignore
        dials={str(k): table.check(str(k), float(v)) for k, v in dials.items()},  # pyright: ignore
        opposite=str(opposite) if opposite is not None else None,
    )


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with Limner."""
    terms: list[Term] = []
    folder = resources.files("limner.language").joinpath("lexicon")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            terms += read_terms(file.read_text("utf-8"), file.name)
    return Lexicon(terms)
