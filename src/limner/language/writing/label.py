"""Wall labels: title, year, medium, what was asked and how it was made, and an imagined biography.

A `Writer` writes for a whole set: no two of its labels begin alike, no title comes twice, and frames that
were used before wait until the others have had their turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from limner.core.reading import Reading
from limner.language.lexicon import Lexicon
from limner.language.writing.biography import biography, opening_of
from limner.language.writing.chance import Chance
from limner.language.writing.grammar import Used, read_grammar, sentence, with_article
from limner.language.writing.phrasing import phrase
from limner.language.writing.sitter import Sitter, sitter_of
from limner.language.writing.titles import draw_title
from limner.language.writing.voice import Life, draw_life

How = Literal["varied", "bred", "aged", "edited"]
"""How a portrait came from its parents."""

_TRIES = 400
_LONGEST_QUOTE = 160  # letters of a brief that a label quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Where a portrait comes from."""

    how: How
    parents: tuple[str, ...]
    """What its parents are called: titles or ids."""
    edit: str = ""
    """The words of the change, if there were any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A portrait to be labelled."""

    name: str
    """What tells it from others, for example the recipe's id; the label depends on it."""
    reading: Reading
    seed: int
    engine: str
    """Engine id ("eigen.portraits")."""
    size: int
    """Side in px."""
    year: int
    medium: str = ""
    """What painted it at full size ("oil"); empty for the engine's own picture."""
    """When it was made."""
    lineage: Lineage | None = None
    measured: Mapping[str, float] = field(default_factory=dict[str, float])
    """Dial settings that the picture shows; they tell age and sex where the reading leaves them open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What hangs beside a portrait."""

    title: str
    year: int
    medium: str
    text: str
    """What was asked and how it was made."""
    biography: str = ""
    """An imagined life, marked as fiction; empty if there is none."""
    writer: str = "grammar"
    """"grammar" or "scribe"."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "title": self.title,
            "year": self.year,
            "medium": self.medium,
            "text": self.text,
            "biography": self.biography,
            "writer": self.writer,
        }

    def lines(self) -> list[str]:
        """The label as it is printed, one paragraph an entry."""
        return [f"{self.title}, {self.year}", self.medium, self.text, *([self.biography] if self.biography else [])]


class Writer:
    """Writes the labels of one set.

    Args:
        lexicon: the words that the readings were read with.
        seed: 0..2**53-1; another seed writes other labels.
    """

    def __init__(self, lexicon: Lexicon, seed: int = 0) -> None:
        self._lexicon = lexicon
        self._seed = seed
        self._used = Used()
        self._titles: set[str] = set()
        self._openings: set[str] = set()
        self._lives: set[str] = set()

    def write(self, work: Work, *, with_biography: bool = True) -> Label:
        """The label of one portrait."""
        chance = Chance(self._seed, f"label/{work.name}")
        sitter = sitter_of(work.reading, self._lexicon, work.measured)
        life = draw_life(sitter, self._lexicon, chance)
        label = Label(
            title=draw_title(sitter, life, chance, used=self._used, taken=self._titles),
            year=work.year,
            medium=_medium(work),
            text=self._text(work, sitter, chance),
            biography=self._biography(work, sitter, life) if with_biography else "",
        )
        self.remember(label)
        return label

    def remember(self, label: Label) -> None:
        """Keep others of the set from beginning like this label."""
        self._titles.add(label.title.casefold())
        self._openings.add(opening_of(label.text))
        self._lives.add(opening_of(label.biography))

    def _biography(self, work: Work, sitter: Sitter, life: Life) -> str:
        seed = Chance(self._seed, f"life/{work.name}").below(2**53)
        return biography(sitter, self._lexicon, seed, used=self._used, openings=self._lives, life=life)

    def _text(self, work: Work, sitter: Sitter, chance: Chance) -> str:
        grammar = read_grammar("label")
        values, tags = _label_values(work, sitter), _label_tags(work)
        text = ""
        for attempt in range(_TRIES):
            asked = grammar.say("asked", values, chance, tags=tags, used=self._used)
            made = grammar.say("made", values, chance, tags=tags, used=self._used)
            parts = [asked, made] if attempt < _TRIES // 2 else [made, asked]
            if work.lineage is not None:
                parts.insert(1, grammar.say(work.lineage.how, values, chance, tags=tags, used=self._used))
            text = " ".join(map(sentence, parts))
            if opening_of(text) not in self._openings:
                break
        return text


def _label_values(work: Work, sitter: Sitter) -> dict[str, str]:
    reading = work.reading
    moods = [phrase(t) for t in sitter.moods if " " not in phrase(t)][:2]
    parents = list(work.lineage.parents) if work.lineage else []
    return {
        "brief": _quoted(reading.words),
        "subject": _subject(sitter),
        "mood": " and ".join(moods),
        "firstmood": moods[0] if moods else "",
        "lit": phrase(sitter.light) if sitter.light else "",
        "manner": phrase(sitter.movement) if sitter.movement else "",
        "seed": str(work.seed),
        "engine": f"the model {work.engine}",
        "size": f"{work.size} by {work.size} pixels",
        "parent": parents[0] if parents else "",
        "parents": " and ".join(parents),
        "edit": _quoted(work.lineage.edit) if work.lineage else "",
    }


def _label_tags(work: Work) -> frozenset[str]:
    tags = {"worded" if work.reading.words.strip() else "wordless"}
    if work.lineage is not None and not work.lineage.edit:
        tags.add("noedit")
    return frozenset(tags)


def _subject(sitter: Sitter) -> str:
    """Who was asked for, with article: "a poet", "an old woman"."""
    noun = sitter.trade_words or (sitter.being.word if sitter.being else "") or sitter.sex
    if not noun:
        return ""
    if sitter.age == "child" and noun in ("woman", "man"):
        return "a girl" if noun == "woman" else "a boy"
    adjective = {"old": "old", "young": "young", "teen": "very young"}.get(sitter.age, "")
    return with_article(f"{adjective} {noun}".strip())


def _medium(work: Work) -> str:
    hand = f"{work.medium}, " if work.medium else ""
    told = f"Imagined portrait, {hand}{work.engine}, {work.size} \u00d7 {work.size} px"
    manner: list[str] = []
    if work.reading.medium and not work.medium:
        manner.append(f"after {work.reading.medium}")
    if work.reading.style:
        manner.append(f"in the style {work.reading.style!r}")
    return ", ".join([told, *manner])


def _quoted(words: str) -> str:
    """A brief as a label quotes it: one line, not too long, no marks at the end."""
    line = re.sub(r"\s+", " ", words).strip().rstrip(".,;:!").replace("\u201c", "'").replace("\u201d", "'")
    if len(line) <= _LONGEST_QUOTE:
        return line
    return line[:_LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(".,;:") + " ..."
