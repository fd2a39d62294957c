"""The lexicon: what words do, read from the data files in `lexicon/`.

Every file names its kind ("colour", "part", "look", "person", "mood", "light" ...) and lists terms.  A
term has a head word, synonyms, a gloss, and what it does: a colour in Lab, a part that takes a colour,
dial settings, a palette, plain words for the text encoder, a style, a medium.

Reading a thousand terms of TOML takes half a second, so `python -m limner.language.lexicon` checks the
files and writes them as `compiled.json` beside them, which is what a studio loads (a test holds the two
together).  Files that a person drops into the folder `lexicon` of the home directory are read as TOML.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

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
    """What kind of word it is: "colour", "part", "look", "person", "mood" and so on."""
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
    words: str = ""
    """Plain words that say the same to the text encoder."""
    palette: tuple[str, ...] = ()
    """Colours that belong to it as #rrggbb, most important first."""
    style: str = ""
    """Style that it asks for."""
    medium: str = ""
    """Medium that it asks for."""
    scale: str = ""
    """Gradation that it stands on ("sadness")."""
    degree: float = 0.0
    """Its place there, 0..1."""
    gloss: str = ""
    """What it means, in one line."""
    source: str = ""
    """Where a term of art comes from."""

    @property
    def acts(self) -> bool:
        """True if the term does anything beside being a colour word or a part."""
        return bool(self.dials or self.palette or self.words or self.style or self.medium)

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
        self._by_word: dict[str, Term] = {}
        self._by_phrase: dict[tuple[str, ...], list[Term]] = {}
        self._by_stem: dict[tuple[str, ...], tuple[str, ...]] = {}
        for term in self.terms:
            self._by_word.setdefault(term.word, term)
            for phrase in term.phrases:
                self._by_phrase.setdefault(phrase, []).append(term)
        for phrase in self._by_phrase:
            self._by_stem.setdefault(tuple(map(stem, phrase)), phrase)
        self.longest: int = max((len(p) for p in self._by_phrase), default=0)
        """Tokens of the longest phrase."""
        self._single = sorted({t for p in self._by_phrase for t in p if len(t) >= _SHORTEST})

    def at(self, phrase: tuple[str, ...]) -> tuple[Term, ...]:
        """Terms that exactly this phrase stands for."""
        return tuple(self._by_phrase.get(phrase, ()))

    def at_stem(self, phrase: tuple[str, ...]) -> tuple[Term, ...]:
        """Terms of a phrase that differs only in plurals and adverbs ("sadly", "orcs")."""
        known = self._by_stem.get(tuple(map(stem, phrase)))
        return self.at(known) if known else ()

    def near(self, word: str) -> tuple[str, ...]:
        """At most two words of the lexicon that a misspelt one may mean, best first."""
        if len(word) < _SHORTEST:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        limit = 1 if len(word) < 8 else 2
        found = process.extract(
            word, self._single, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=2
        )  # fmt: skip
        return tuple(str(name) for name, _, _ in found)

    def knows(self, word: str) -> bool:
        """True if a term has this head word."""
        return word in self._by_word

    def of_kind(self, kind: str) -> tuple[Term, ...]:
        """All terms of one kind, in file order."""
        return tuple(t for t in self.terms if t.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds, in file order."""
        return tuple(dict.fromkeys(t.kind for t in self.terms))

    def scale(self, name: str) -> tuple[Term, ...]:
        """The terms of a gradation, least first."""
        return tuple(sorted((t for t in self.terms if t.scale == name), key=lambda t: t.degree))

    def part(self, name: str) -> Term:
        """The part whose dials are called `name` ("hair", "skin", "eyes", "background")."""
        for term in self.terms:
            if term.part == name:
                return term
        raise KeyError(name)

    def find(self, word: str) -> Term:
        """The term with this head word."""
        return self._by_word[word]


_SHORTEST = 5  # shorter words are never taken for misspelt ones


def stem(word: str) -> str:
    """A word without the ending of plurals and adverbs ("orcs", "ladies", "sadly", "angrily")."""
    if len(word) > 4 and word.endswith("ily"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("ly"):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


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


_KEYS = {
    "word", "said", "synonyms", "implied_by", "lab", "colour", "lightness", "chroma", "dials", "opposite",
    "words", "palette", "style", "medium", "scale", "degree", "gloss", "source",
}  # fmt: skip
_HEX = re.compile("#[0-9a-f]{6}")


def _term(entry: dict[str, Any], kind: str, name: str) -> Term:
    word = entry.get("word")
    if not isinstance(word, str) or not tokenise(word):
        raise LimnerError(f"A term of {name} has no word: {entry}.")

    def wrong(what: str) -> LimnerError:
        return LimnerError(f"Term {word!r} of {name}: {what}.")

    if unknown := set(entry) - _KEYS:
        raise wrong(f"unknown keys {', '.join(sorted(unknown))}")
    for key in ("synonyms", "implied_by", "palette"):
        if not isinstance(entry.get(key, []), list) or not all(isinstance(s, str) for s in entry.get(key, [])):
            raise wrong(f"{key} is not a list of texts")
    for key in ("opposite", "words", "style", "medium", "scale", "gloss", "source", "colour"):
        if not isinstance(entry.get(key, ""), str):
            raise wrong(f"{key} is not a text")
    if bad := [c for c in entry.get("palette", []) if not _HEX.fullmatch(c)]:
        raise wrong(f"palette colour {bad[0]!r} is not of the form #rrggbb in small letters")
    degree = entry.get("degree", 0.0)
    if not isinstance(degree, int | float) or not 0 <= degree <= 1:
        raise wrong(f"degree {degree!r} is not a number from 0 to 1")
    try:
        lab = [float(v) for v in entry["lab"]] if "lab" in entry else None
        lightness = [float(v) for v in entry.get("lightness", [1.0, 0.0])]
        wears = (lightness[0], lightness[1], float(entry.get("chroma", 1.0)))
        colour = Colour(lab[0], lab[1], lab[2]) if lab else None
        settings = {str(k): float(v) for k, v in entry.get("dials", {}).items()}
    except (TypeError, ValueError, IndexError, AttributeError) as exc:
        raise wrong(f"a number is missing or is none ({exc})") from exc
    table = dial_table()
    return Term(
        word=word,
        kind=kind,
        said=bool(entry.get("said", True)),
        synonyms=tuple(entry.get("synonyms", [])),
        implied_by=tuple(entry.get("implied_by", [])),
        colour=colour,
        part=entry.get("colour"),
        wears=wears,
        dials={k: table.check(k, v) for k, v in settings.items()},
        opposite=entry.get("opposite"),
        words=entry.get("words", ""),
        palette=tuple(entry.get("palette", [])),
        style=entry.get("style", ""),
        medium=entry.get("medium", ""),
        scale=entry.get("scale", ""),
        degree=float(degree),
        gloss=entry.get("gloss", ""),
        source=entry.get("source", ""),
    )


# what ships --------------------------------------------------------------------------------------

_COMPILED = "compiled.json"


def source_terms() -> list[Term]:
    """The terms of the TOML files that ship, checked."""
    terms: list[Term] = []
    folder = resources.files("limner.language").joinpath("lexicon")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            terms += read_terms(file.read_text("utf-8"), file.name)
    return terms


def compiled(terms: Iterable[Term]) -> str:
    """Terms as one JSON text: defaults left out, one term a line."""
    plain = asdict(Term(word="", kind=""))
    rows: list[str] = []
    for term in terms:
        row = {k: v for k, v in asdict(term).items() if v != plain[k]}
        rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def read_compiled(text: str) -> list[Term]:
    """The inverse of `compiled`."""
    terms: list[Term] = []
    for row in json.loads(text):
        if "colour" in row:
            row["colour"] = Colour(**row["colour"])
        for key in ("synonyms", "implied_by", "wears", "palette"):
            if key in row:
                row[key] = tuple(row[key])
        terms.append(Term(**row))
    return terms


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with Limner."""
    text = resources.files("limner.language").joinpath("lexicon", _COMPILED).read_text("utf-8")
    return Lexicon(read_compiled(text))


def own_terms(folder: Path) -> list[Term]:
    """Terms that a person added: every `*.toml` of a folder, in the order of the names.

    Raises:
        LimnerError: a file is not valid; the message says which and why.
    """
    terms: list[Term] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            terms += read_terms(path.read_text("utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as exc:
            raise LimnerError(f"The lexicon file {path} cannot be read: {exc}.") from exc
    return terms


if __name__ == "__main__":
    place = Path(__file__).parent / "lexicon" / _COMPILED
    place.write_text(compiled(source_terms()), "utf-8")
    print(f"{len(source_terms())} terms -> {place}")
