"""The policy: briefs that Limner does not paint, and how disguised ones are recognised.

Four kinds are refused: real persons, protected characters, sexual and hateful briefs.  What they are
stands in data files (`policy/*.toml`), each with its reason, what to write instead, and where the list
comes from.  A brief is looked at in several plain forms at once: without the notation of weights, with
look-alike letters of other scripts, digits for letters ("leet"), accents and invisible characters
folded (Unicode TR 39 describes the technique), with spelt-out letters joined and doubled letters
single.  Longer phrases may also be written together, in reversed order, or with a letter wrong.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from limner.core.errors import RefusedError
from limner.language.policy_lists import Rule, read_rules

_LEET = {
    "4": "a", "@": "a", "8": "b", "3": "e", "6": "g", "9": "g", "1": "i", "!": "i", "|": "l", "0": "o", "5": "s",
    "$": "s", "7": "t", "+": "t", "2": "z", "€": "e", "£": "l", "¡": "i",
}  # fmt: skip
_WEIGHT = re.compile(r":\s*\d*\.?\d+\s*(?=[)\]}>]|$)")
_LEETED = re.compile(r"(?<![#\d])(?=[^\s]*[a-z])[a-z0-9@!|$+€£¡]{3,}")
_WORD = re.compile(r"[^\W_]+")
_SINGLE = re.compile(r"(?<![^\W_])(?:[^\W_][^\w]+|[^\W_]_+){2,}[^\W_](?![^\W_])")

_JOINED = 8  # letters from which a phrase is also found across or without spaces
_MISSPELT = 9  # letters from which one wrong letter is forgiven


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a brief is not painted."""

    category: str
    """"real", "character", "sexual" or "hateful"."""
    phrase: str
    """The phrase of the list that was met."""
    rule: Rule

    def error(self) -> RefusedError:
        """The error that says so; it does not repeat the phrase where that would be unkind."""
        met = f" ({self.phrase!r})" if self.category in ("real", "character") else ""
        return RefusedError(f"This brief is refused{met}: {self.rule.reason}", self.rule.instead)


class Policy:
    """Looks for refused phrases.

    Args:
        rules: the lists.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[tuple[str, ...], tuple[Rule, str]] = {}
        self._joined: dict[str, tuple[Rule, str]] = {}
        self._halves: dict[str, list[tuple[str, Rule, str]]] = {}
        self.rules = tuple(rules)
        for rule in self.rules:
            for phrase in rule.phrases:
                self._index(rule, phrase)
        self._longest = max((len(p) for p in self._exact), default=0)

    def _index(self, rule: Rule, phrase: str) -> None:
        words = tuple(_WORD.findall(_folded(phrase)))
        if not words:
            return
        orders = {words, words[::-1]} if rule.named and len(words) == 2 else {words}
        for order in orders:
            self._exact.setdefault(tuple(map(_single_letters, order)), (rule, phrase))
            joined = _single_letters("".join(order))
            if len(joined) >= _JOINED or (rule.named and len(joined) >= _JOINED - 1):
                self._joined.setdefault(joined, (rule, phrase))
            if len(joined) >= _MISSPELT:
                for half in (joined[: len(joined) // 2], joined[(len(joined) + 1) // 2 :]):
                    self._halves.setdefault(half, []).append((joined, rule, phrase))

    def look(self, words: str) -> Refusal | None:
        """The first refused phrase in a brief, or None."""
        for text in dict.fromkeys(_forms(words)):
            tokens = _WORD.findall(text)
            found = self._exactly(tokens, text) or self._together(tokens, text)
            if found is not None:
                return found
        return None

    def check(self, words: str) -> None:
        """Raise RefusedError if a brief is refused."""
        refusal = self.look(words)
        if refusal is not None:
            raise refusal.error()

    def _exactly(self, tokens: list[str], text: str) -> Refusal | None:
        plain = [_single_letters(t) for t in tokens]
        for k in range(len(plain)):
            for size in range(1, min(self._longest, len(plain) - k) + 1):
                hit = self._exact.get(tuple(plain[k : k + size])) or self._plural(plain[k : k + size])
                if hit is not None and not _harmless(hit[0], hit[1], text):
                    return Refusal(hit[0].category, hit[1], hit[0])
        return None

    def _plural(self, tokens: list[str]) -> tuple[Rule, str] | None:
        last = tokens[-1]
        if len(last) > 4 and last.endswith("s"):
            return self._exact.get((*tokens[:-1], last[:-1]))
        return None

    def _together(self, tokens: list[str], text: str) -> Refusal | None:
        """Phrases written together, in pieces, or with one letter wrong; they begin and end with a word."""
        for k in range(len(tokens)):
            joined = ""
            for j in range(k, min(len(tokens), k + 12)):
                joined += tokens[j]
                if len(joined) > 40:
                    break
                whole = _single_letters(joined)
                hit = self._joined.get(whole) or self._joined.get(whole.removesuffix("s")) or self._misspelt(whole)
                if hit is not None and not _harmless(hit[0], hit[1], text):
                    return Refusal(hit[0].category, hit[1], hit[0])
        return None

    def _misspelt(self, whole: str) -> tuple[Rule, str] | None:
        if len(whole) < _MISSPELT - 1:
            return None
        from rapidfuzz.distance import OSA

        n = len(whole)
        starts = {whole[:size] for size in range((_MISSPELT - 1) // 2, n // 2 + 2)}
        ends = {whole[-size:] for size in range((_MISSPELT - 1) // 2, n // 2 + 2)}
        for half in starts | ends:
            for joined, rule, phrase in self._halves.get(half, ()):
                if abs(len(joined) - n) <= 1 and OSA.distance(joined, whole, score_cutoff=1) <= 1:
                    return rule, phrase
        return None


def _harmless(rule: Rule, phrase: str, text: str) -> bool:
    """True if every place of the phrase lies within one of its harmless longer phrases."""
    unless = rule.unless.get(phrase, ())
    if not unless:
        return False
    plain = " ".join(_WORD.findall(text))
    without = plain
    for longer in unless:
        without = without.replace(" ".join(_WORD.findall(_folded(longer))), " ")
    return re.search(rf"\b{re.escape(phrase)}", without) is None


def _forms(words: str) -> Iterator[str]:
    """Plain forms of a brief, the most literal first."""
    folded = _folded(words)
    yield folded
    unweighted = _WEIGHT.sub(" ", folded)
    plain = re.sub(r"[()\[\]{}<>]", "", unweighted)
    yield plain
    yield _SINGLE.sub(lambda m: "".join(c for c in m.group() if c.isalnum()), plain)
    for one in ("i", "l"):
        unleeted = _unleeted(plain, one)
        yield unleeted
        yield _SINGLE.sub(lambda m: "".join(c for c in m.group() if c.isalnum()), unleeted)
        # marks inside a word: "n.u-d_e", "na*ked", "n/aked"
        yield re.sub(r"(?<=[^\W_])[^\w\s]+(?=[^\W_])|(?<=[^\W_])_+(?=[^\W_])", "", unleeted)


def _unleeted(text: str, one: str) -> str:
    def word(match: re.Match[str]) -> str:
        return "".join(one if c == "1" else _LEET.get(c, c) for c in match.group())

    return _LEETED.sub(word, text)


def _folded(text: str) -> str:
    """Small Latin letters where a letter looks like one; no accents, nothing invisible."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_lookalikes())
    text = unicodedata.normalize("NFKD", text)
    kept: list[str] = []
    for c in text:
        kind = unicodedata.category(c)
        if kind in ("Mn", "Cf", "Me", "Cc") and c not in "\n\t":
            continue
        kept.append(" " if kind == "So" else c)
    return "".join(kept).replace("'", "").replace("\u2019", "")


@cache
def _lookalikes() -> dict[int, str]:
    """Letters of other scripts and the Latin ones that they resemble."""
    text = resources.files("limner.language").joinpath("policy", "lookalikes.json").read_text("utf-8")
    table: dict[str, str] = json.loads(text)
    return {ord(letter): latin for latin, letters in table.items() for letter in letters}


def _single_letters(word: str) -> str:
    """Runs of one letter as one: "nuuude", "naakedd"."""
    return re.sub(r"([^\W\d_])\1+", r"\1", word)


@cache
def policy() -> Policy:
    """The policy that ships with Limner."""
    folder = resources.files("limner.language").joinpath("policy")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return Policy(read_rules(f.read_text("utf-8"), f.name) for f in files)
