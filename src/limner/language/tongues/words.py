"""Words of other languages: what a word is in English, and by what a language is known.

The lists are written in `data/` and compiled (see `files`); this loads what was compiled, one
language at a time.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

CODES = ("de", "fr", "es", "it", "pt", "nl", "tr", "ru", "ar", "hi", "ja", "zh")
"""Languages that can be read, as ISO 639 codes."""

LATIN = ("de", "fr", "es", "it", "pt", "nl", "tr")
"""Those that share English letters."""

KINDS = (
    "glue", "is", "not", "notafter", "degree", "degreeafter", "owner", "shade", "colour", "shape", "look",
    "part", "person", "being", "thing", "age", "number",
)  # fmt: skip
"""Kinds of words: the tables of a file."""

OF_WOMEN = "+"
"""Ends the English of an article that stands before women only."""

_PLAIN = {"\u0131": "i", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "\u2019": "'"}
_FURTHER = {
    "ar": {"\u0649": "\u064a", "\u0629": "\u0647", "\u0640": ""},  # alef maksura, teh marbuta, tatweel
    "hi": {"\u0901": "\u0902", "\u093c": "", "\u200c": "", "\u200d": ""},  # chandrabindu, nukta, joiners
}


class Word(NamedTuple):
    """What a word of another language is in English."""

    kind: str
    """One of `KINDS`."""
    english: str
    """Empty for glue that English does without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language: how it is written and what its words mean."""

    code: str
    """ISO 639 code."""
    name: str
    """English name."""
    after: bool
    """Do adjectives stand after their noun?"""
    last: bool
    """Do whole descriptions stand before the noun ("red hair of woman")?"""
    spaced: bool
    """Are there spaces between words?"""
    endings: re.Pattern[str]
    """Endings that a stem takes."""
    links: tuple[str, ...]
    """Letters that join two words to a compound; empty if the language makes none."""
    proclitics: tuple[str, ...]
    """Words that are written together with the next one."""
    feminine: re.Pattern[str]
    """Endings that a stem takes when it is said of a woman."""
    letters: Mapping[str, str]
    """Letters to read as others (traditional characters as simplified ones)."""
    forms: Mapping[str, Word]
    """Phrases in plain letters, their words parted by a space; a star ends a stem."""
    _trie: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)

    def __post_init__(self) -> None:
        for form, word in self.forms.items():
            node = self._trie
            for atom in form.split(" ") if self.spaced else (form,):
                node = node.setdefault(atom, {})
            node[""] = word

    def plain(self, text: str) -> str:
        """A word as the files' forms are kept: small letters, no accents, no variants."""
        return plain(text, self.code, self.letters)

    def readings(self, text: str) -> tuple[str, ...]:
        """Plain forms that a word may be looked up by, the best last."""
        bare = self.plain(text)
        if self.code in LATIN:
            exact = accented(text)
            return (bare,) if exact == bare else (bare, exact)
        if self.code == "ar" and bare.startswith("ال") and len(bare) > 4:
            return bare[2:], bare
        return (bare,)

    def at(self, tokens: list[tuple[str, ...]], k: int) -> tuple[Word, int] | None:
        """The longest phrase that begins at token `k` (given by its readings), and the token after it."""
        best: tuple[Word, int] | None = None
        stack = [(self._trie, k, "")]
        while stack:
            node, j, ending = stack.pop()
            if "" in node and (best is None or j > best[1]):
                word: Word = node[""]
                best = (of_woman(word) if ending and self.feminine.fullmatch(ending) else word), j
            if j < len(tokens):
                stack += [(node[atom], j + 1, end) for atom, end in self._atoms(tokens[j], node)]
        return best

    def _atoms(self, token: tuple[str, ...], node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Atoms of a node that a token fits, and the token's ending; the best last."""
        for word in token:
            for size in range(2, len(word) + 1):
                if word[:size] + "*" in node and self.endings.fullmatch(word[size:]):
                    yield word[:size] + "*", word[size:]
            if word in node:
                yield word, ""

    def one(self, token: str) -> Word | None:
        """What a plain token means alone."""
        found = self.at([self.readings(token)], 0)
        return found[0] if found else None

    def begins(self, token: str) -> bool:
        """True if a phrase begins with a plain token."""
        return any(True for _ in self._atoms(self.readings(token), self._trie))

    def split(self, token: str) -> list[Word]:
        """A compound's words ("rothaarig": red, haired), or none."""
        for cut in range(len(token) - 3, 2, -1) if self.links else ():
            tail = self.one(token[cut:])
            if tail is None or tail.kind not in _TAILS:
                continue
            for link in self.links:
                head = token[:cut].removesuffix(link) if link else token[:cut]
                if len(head) < 2 or len(head) + len(link) != cut:
                    continue
                first = self.one(head)
                if first is not None and first.kind in _HEADS:
                    return [first, tail]
                if further := self.split(head):
                    return [*further, tail]
        return []


_FEMALE = {
    "man": "woman", "boy": "girl", "old man": "old woman", "young man": "young woman", "king": "queen",
    "prince": "princess", "emperor": "empress", "duke": "duchess", "count": "countess", "nobleman": "noblewoman",
    "actor": "actress", "fisherman": "fisherwoman", "shepherd": "shepherdess", "wizard": "sorceress",
    "hero": "heroine", "god": "goddess", "monk": "nun", "priest": "priestess", "poet": "poetess",
    "waiter": "waitress", "child": "girl",
}  # fmt: skip
_WOMEN = frozenset({
    *_FEMALE.values(), "grandmother", "mother", "sister", "daughter", "widow", "bride", "maid", "seamstress", "witch",
    "mermaid", "nymph", "fairy", "geisha", "miko", "woman", "girl",
})  # fmt: skip


def of_woman(word: Word) -> Word:
    """What a word for a person means in the form for women; articles are marked (`OF_WOMEN`)."""
    if word.kind == "glue":
        return Word(word.kind, word.english + OF_WOMEN)
    if word.kind not in ("person", "being") or word.english in _WOMEN or word.english.startswith("female "):
        return word
    return Word(word.kind, _FEMALE.get(word.english, f"female {word.english}"))


_TAILS = frozenset({"part", "colour", "shape", "person", "being", "look"})
_HEADS = frozenset({"colour", "shade", "shape", "look", "degree", "part"})


def plain(text: str, code: str, letters: Mapping[str, str] | None = None) -> str:
    """A word in the letters in which a language's forms are kept."""
    if code in ("ja", "zh"):
        text = "".join(c if len(n := unicodedata.normalize("NFKC", c)) != 1 else n for c in text).casefold()
        return "".join((letters or {}).get(c, c) for c in text)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    if code == "hi":
        return "".join(_FURTHER["hi"].get(c, c) for c in text)
    table = _PLAIN | _FURTHER.get(code, {})
    return "".join(table.get(c, c) for c in text if unicodedata.category(c) != "Mn")


def accented(text: str) -> str:
    """A word in small letters with its accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold()).replace("\u2019", "'")


# what ships ----------------------------------------------------------------------------------------


def folder() -> Any:
    """Where the files lie."""
    return resources.files("limner.language.tongues").joinpath("data")


def _compiled(name: str) -> Any:
    return json.loads(folder().joinpath("compiled", f"{name}.json").read_text("utf-8"))


@cache
def tongue(code: str) -> Tongue:
    """One of the languages that ship with Limner."""
    data = _compiled(code)
    return Tongue(
        code=code,
        name=data["name"],
        after=data["after"],
        last=data["last"],
        spaced=data["spaced"],
        endings=re.compile(data["endings"]),
        links=tuple(data["links"]),
        proclitics=tuple(data["proclitics"]),
        feminine=re.compile(data["feminine"] or "(?!)"),
        letters=data["letters"],
        forms={form: Word(*word) for form, word in data["forms"].items()},
    )


class Tells:
    """Words by which the languages that share English letters are known.

    Args:
        data: what `tells` made.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.english: frozenset[str] = frozenset(data["english"].split())
        """Words that tell nothing."""
        self._words: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        for code in LATIN:
            for kind, table in (("words", self._words), ("stems", self._stems)):
                for word in data[code][kind].split():
                    table[word] = table.get(word, "") + code
        self._endings = {code: re.compile(data[code]["endings"]) for code in LATIN}
        self._tails = {code: tails for code in LATIN if (tails := tuple(data[code]["tails"].split()))}
        self._known: dict[str, frozenset[str]] = {}

    def languages(self, token: str) -> frozenset[str]:
        """Codes of the languages that a plain token is a word of."""
        found = self._known.get(token)
        if found is None:
            codes = set(_pairs(self._words.get(token, "")))
            for size in range(2, len(token) + 1):
                for code in _pairs(self._stems.get(token[:size], "")):
                    if code not in codes and self._endings[code].fullmatch(token[size:]):
                        codes.add(code)
            codes.update(code for code in self._tails if code not in codes and self._is_compound(token, code))
            if len(self._known) > _KEPT:
                self._known.clear()
            found = self._known[token] = frozenset(codes)
        return found

    def _is_compound(self, token: str, code: str) -> bool:
        """True for "rothaarig": a word of the language and one that ends its compounds."""
        for tail in self._tails[code]:
            cut = token.find(tail, 2)
            if cut > 0 and self._endings[code].fullmatch(token[cut + len(tail) :]):
                return any(code in _pairs(table.get(token[:cut], "")) for table in (self._words, self._stems))
        return False


_KEPT = 20_000


def _pairs(codes: str) -> Iterator[str]:
    return (codes[k : k + 2] for k in range(0, len(codes), 2))


@cache
def shipped_tells() -> Tells:
    """By what each language that shares English letters is known."""
    return Tells(_compiled("tells"))
