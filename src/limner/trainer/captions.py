"""Captions for training: from what was measured, in the words of the lexicon.

The collection's own captions are short and often silent about what the picture shows.  From a
portrait's dials this module writes further ones ("a bearded man with red hair, green background, lit
from the left"), so that every word of the lexicon is seen with pictures that show it.  The same
grammar, run backwards (settings invented first), teaches the text encoder which colour belongs to
which part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.dials import COLOURED, dial_table
from limner.core.palette import Colour
from limner.language.lexicon import Lexicon, Term, lexicon
from limner.language.tokens import tokenise

Settings = dict[str, float]

_TOLERANCE = 0.3
_OPENINGS = ("portrait of {}", "a portrait of {}", "{}", "{}", "{}", "painting of {}", "picture of {}")
_COLOUR_FORMS = {
    "hair": ("{} hair", "{} haired", "with {} hair", "hair {}", "{} locks"),
    "skin": ("{} skin", "{} skinned", "with {} skin", "skin {}"),
    "eyes": ("{} eyes", "{} eyed", "with {} eyes", "eyes {}"),
    "background": (
        "{} background", "on a {} background", "against a {} wall", "{} backdrop", "before a {} background",
    ),
}  # fmt: skip
_LEAD = {"woman": ("a woman", "woman", "a lady", "female"), "man": ("a man", "man", "male", "a guy")}
_NEUTRAL = ("a person", "someone", "a portrait", "a face", "portrait")


@dataclass(frozen=True, slots=True)
class _Fact:
    """One thing that can be said of a portrait, and the settings that it states."""

    text: str
    states: tuple[tuple[str, float], ...]


class Captioner:
    """Writes captions from settings."""

    def __init__(self, words: Lexicon | None = None) -> None:
        self._lexicon = words or lexicon()
        self._table = dial_table()
        self._colours = self._lexicon.of_kind("colour")
        self._lab = {part: self._worn(part) for part in COLOURED}
        self._looks = [t for t in self._lexicon.terms if t.dials and t.kind in ("look", "person")]

    def describe(self, settings: Settings, rng: np.random.Generator, own: str | None, count: int) -> list[str]:
        """Captions that are true of a portrait.

        Args:
            settings: what was measured, -1..1 by dial name.
            rng: source of the choices.
            own: the portrait's own caption; where given, every second caption works it in.
            count: how many captions.
        """
        facts = self._facts(settings, rng)
        captions: list[str] = []
        for k in range(count):
            wanted = int(rng.integers(1, 5))
            stated: set[str] = set()
            texts: list[str] = []
            for j in rng.permutation(len(facts)):
                names = {name for name, _ in facts[j].states}
                if len(texts) < wanted and not names & stated:
                    stated |= names
                    texts.append(facts[j].text)
            lead = own if own and k % 2 == 0 else self._lead(settings, rng)
            captions.append(_join(lead, texts, rng) if texts else lead)
        return captions

    def invent(self, rng: np.random.Generator) -> tuple[str, Settings]:
        """A made-up description and the settings that it states (for the text encoder)."""
        states: Settings = {}
        texts: list[str] = []
        for part in rng.permutation(COLOURED)[: int(rng.integers(0, 4))]:
            term = self._colours[int(rng.integers(len(self._colours)))]
            assert term.colour is not None
            states |= self._table.colour(str(part), self._lexicon.part(str(part)).worn(term.colour))
            texts.append(_form(str(part), _pick(term, rng), rng))
        for k in rng.permutation(len(self._looks))[: int(rng.integers(0, 4))]:
            look = self._looks[int(k)]
            if any(name in states for name in look.dials):
                continue
            states |= look.dials
            texts.append(_pick(look, rng, implied=True))
        lead = _NEUTRAL[int(rng.integers(len(_NEUTRAL)))]
        if "femininity" not in states and rng.random() < 0.6:
            head = "woman" if rng.random() < 0.5 else "man"
            lead = _LEAD[head][int(rng.integers(len(_LEAD[head])))]
            states["femininity"] = self._lexicon.find(head).dials["femininity"]
        if not texts:
            return lead, states
        rng.shuffle(texts)
        return _join(lead, texts, rng), states

    def names_colour(self, caption: str) -> bool:
        """True if a caption names a colour or tone (and so would lie about a recoloured version)."""
        tokens = tokenise(caption)
        for size in range(1, self._lexicon.longest + 1):
            for k in range(len(tokens) - size + 1):
                for term in self._lexicon.at(tuple(tokens[k : k + size])):
                    tone = any(n.startswith((*COLOURED, "saturation", "warmth", "bright")) for n in term.dials)
                    if term.kind == "colour" or tone:
                        return True
        return False

    def _lead(self, settings: Settings, rng: np.random.Generator) -> str:
        reads = settings.get("femininity", 0.0)
        told = abs(reads) > 0.25 and rng.random() < 0.75
        forms = _LEAD["woman" if reads > 0 else "man"] if told else _NEUTRAL
        return forms[int(rng.integers(len(forms)))]

    def _facts(self, settings: Settings, rng: np.random.Generator) -> list[_Fact]:
        facts: list[_Fact] = []
        for part in COLOURED:
            raw = [self._table[n].raw(settings[n]) for n in (part, f"{part}_red", f"{part}_yellow")]
            states = ((part, settings[part]),)
            near = self._near(Colour(*raw), part)
            facts += [_Fact(_form(part, _pick(term, rng), rng), states) for term in near]
        for term in self._looks:
            if term.said and all(_holds(settings[n], v) for n, v in term.dials.items()):
                facts.append(_Fact(_pick(term, rng), tuple(term.dials.items())))
        return facts

    def _worn(self, part: str) -> npt.NDArray[np.float64]:
        """Lab values of all colour words on a part, [c, 3]."""
        worn = [self._lexicon.part(part).worn(t.colour) for t in self._colours if t.colour]
        return np.array([[c.lightness, c.a, c.b] for c in worn])

    def _near(self, colour: Colour, part: str) -> list[Term]:
        """The colour words that fit: near enough in Lab, hue weighing more than lightness."""
        away = (self._lab[part] - np.array([colour.lightness, colour.a, colour.b])) * np.array([0.6, 1, 1])
        far = np.sqrt((away**2).sum(1))
        order = np.argsort(far)[:2]
        limit = min(_NEAR[part], float(far[order[0]]) + 4)
        return [self._colours[int(k)] for k in order if far[k] < limit]


_NEAR = {"hair": 12.0, "skin": 9.0, "eyes": 9.0, "background": 14.0}  # Lab distance within which a word fits


def _holds(value: float, wanted: float) -> bool:
    if abs(wanted) < 0.25:
        return abs(value - wanted) < 0.25
    if wanted > 0:
        return value >= wanted - _TOLERANCE * min(1.0, wanted)
    return value <= wanted + _TOLERANCE * min(1.0, -wanted)


def _pick(term: Term, rng: np.random.Generator, *, implied: bool = False) -> str:
    """The head word often, else a synonym (or a word that implies the term)."""
    others = term.synonyms + (term.implied_by if implied else ())
    if not others or rng.random() < 0.35:
        return term.word
    return others[int(rng.integers(len(others)))]


def _form(part: str, colour: str, rng: np.random.Generator) -> str:
    forms = _COLOUR_FORMS[part]
    return forms[int(rng.integers(len(forms)))].format(colour)


def _join(lead: str, texts: list[str], rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.35:
        body = lead + " with " + " and ".join(t.removeprefix("with ") for t in texts)
    elif kind < 0.5:
        body = ", ".join([*texts, lead])
    elif kind < 0.65:
        body = texts[0] + " " + " ".join([lead.removeprefix("a "), *texts[1:]])
    else:
        body = ", ".join([lead, *texts])
    opening = _OPENINGS[int(rng.integers(len(_OPENINGS)))]
    return opening.format(body)
