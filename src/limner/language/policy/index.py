"""The compiled policy: all refused phrases, folded and ready to be looked up.

Reading the lists takes most of a second, so `python -m limner.language.policy` writes them as
`data/compiled.json`, which is what a studio loads (a test holds the two together).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from limner.language.lexicon.english import is_common
from limner.language.policy.folding import folded_words, raw_words, single_letters
from limner.language.policy.rules import CONTEMPT_LISTS, Contempt, Rule

NAMED = ("real", "character")
"""Categories of names, whose words may stand in either order."""
JOINED = 8
"""Letters from which a phrase is also found across or without spaces (one less for names)."""
MISSPELT = 9
"""Letters from which one wrong letter is forgiven."""
MISSPELT_NAME = 7
"""The same for a name of one word."""
SHORT_WORD = 3
"""Shorter words are taken as they stand."""
SHORT_SLIP = 5
"""Letters from which a single word that is no English is forgiven a swap or a vowel."""


@dataclass(slots=True)
class PolicyIndex:
    """Refused phrases by their number."""

    rules: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """Category, reason, what to write instead and source of every list."""
    phrases: list[str] = field(default_factory=list[str])
    """The phrases as the lists have them."""
    rule_of: list[int] = field(default_factory=list[int])
    """The list of every phrase."""
    unless: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Harmless phrases by the number of the phrase (as text)."""
    exact: dict[str, int] = field(default_factory=dict[str, int])
    """Phrases by their folded words; names in either order."""
    literal: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Words of a phrase that need their double letters, since without them they are plain English."""
    sounds: dict[str, str] = field(default_factory=dict[str, str])
    """Single sexual or hateful words by how they sound."""
    contempt: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Words that are refused together: `Contempt`, folded, and the number of the list."""
    longest: int = 1
    """Words of the longest phrase."""


@dataclass(slots=True)
class Disguises:
    """What recognises phrases that are not written plainly; read when a brief has words that nobody knows."""

    names: list[str] = field(default_factory=list[str])
    """Every word of a name."""
    words: list[str] = field(default_factory=list[str])
    """Every other word of a phrase."""
    joined: dict[str, int] = field(default_factory=dict[str, int])
    """Phrases by all their letters."""
    halves: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Letters of longer phrases by their first and second half."""


def index_of(rules: Sequence[Rule]) -> PolicyIndex:
    """The index of all lists."""
    index = PolicyIndex()
    for number, rule in enumerate(rules):
        index.rules.append(
            {"category": rule.category, "reason": rule.reason, "instead": rule.instead, "source": rule.source}
        )
        for phrase in rule.phrases:
            _add(index, rule, number, phrase)
        if rule.contempt is not None:
            folded = {key: [" ".join(folded_words(w)) for w in getattr(rule.contempt, key)] for key in CONTEMPT_LISTS}
            index.contempt.append({"rule": number, "reach": rule.contempt.reach, **folded})
    return index


def _add(index: PolicyIndex, rule: Rule, number: int, phrase: str) -> None:
    words = folded_words(phrase)
    if not words:
        return
    k = len(index.phrases)
    index.phrases.append(phrase)
    index.rule_of.append(number)
    if longer := rule.unless.get(phrase):
        index.unless[str(k)] = list(dict.fromkeys(" ".join(raw_words(p)) for p in longer))
    for order in [words, words[::-1]] if rule.named and len(words) == 2 else [words]:
        index.exact.setdefault(" ".join(order), k)
    doubled = [
        raw
        for raw, word in zip(raw_words(phrase), words, strict=True)
        if raw != word and (is_common(word) or len(word) < SHORT_WORD)
    ]
    if doubled:
        index.literal[str(k)] = doubled
    elif len(words) == 1 and not rule.named and len(words[0]) >= SHORT_SLIP:
        index.sounds.setdefault(sound(words[0]), words[0])
    index.longest = max(index.longest, len(words))


def halves_of(letters: str) -> tuple[str, str]:
    """The first and the second half of a word (the middle letter of an odd one is in neither)."""
    return letters[: len(letters) // 2], letters[(len(letters) + 1) // 2 :]


_SOUNDS = str.maketrans({"e": "a", "i": "a", "o": "a", "u": "a", "y": "a", "c": "k", "q": "k", "z": "s"})


def sound(word: str) -> str:
    """A word with all vowels alike, and c as k, z as s."""
    return word.translate(_SOUNDS)


def disguises_of(index: PolicyIndex) -> Disguises:
    """What recognises the phrases of an index in disguise."""
    made = Disguises()
    names: dict[str, bool] = {}
    for phrase, k in index.exact.items():
        named = index.rules[index.rule_of[k]]["category"] in NAMED
        for word in phrase.split(" "):
            names[word] = names.get(word, False) or named
        letters = single_letters(phrase.replace(" ", ""))
        if len(letters) >= JOINED - named and letters not in made.joined:
            made.joined[letters] = k
            least = MISSPELT_NAME if named and " " not in phrase else MISSPELT
            for half in halves_of(letters) if len(letters) >= least else ():
                made.halves.setdefault(half, []).append(letters)
    made.names = [word for word, named in names.items() if named]
    made.words = [word for word, named in names.items() if not named]
    return made


def compiled(rules: Sequence[Rule]) -> str:
    """The lists as a JSON array of two lines: the index, and what recognises its phrases in disguise."""
    index = index_of(rules)
    rows = (json.dumps(asdict(part), separators=(",", ":")) for part in (index, disguises_of(index)))
    return "[" + ",\n".join(rows) + "]\n"


def read_compiled(text: str) -> tuple[PolicyIndex, str]:
    """The index, and the second line as it stands: `read_disguises` reads it."""
    first, second = text.split("\n", 1)
    return PolicyIndex(**json.loads(first[1:-1])), second


def read_disguises(row: str) -> Disguises:
    """The second line of the compiled file."""
    return Disguises(**json.loads(row.rstrip()[:-1]))


def contempt_of(data: dict[str, Any]) -> Contempt:
    """The folded words that are refused together."""
    return Contempt(reach=int(data["reach"]), **{key: tuple(data[key]) for key in CONTEMPT_LISTS})
