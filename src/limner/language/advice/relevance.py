"""Relevance: how well a precedent answers an idea.

Words that the lexicon knows count by what they mean (a mood by its place on its gradation or by its dials),
words of the themes by the themes, and everything else by the text encoder's similarity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
import numpy.typing as npt

from limner.core.reading import Understood
from limner.language.advice.precedents import Precedent, Theme, precedents, themes
from limner.language.encoder import TextEncoder
from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.index import stem
from limner.language.tokens import tokenise

Floats = npt.NDArray[np.float32]

_FELT = frozenset({"mood", "quality", "paradox", "look"})
_BARE_LOOKS = frozenset({
    "frontal", "facing left", "facing right", "warm light", "cold light", "dark", "bright", "night", "twilight",
})  # fmt: skip
_SETTING = ("light", "palette", "movement", "era", "people", "hour", "weather")
_DIAL_MOODS = frozenset({
    "smile", "mouth_open", "brow_raise", "eye_open", "gaze_x", "gaze_y", "pitch", "brightness", "warmth", "saturation",
    "contrast",
})  # fmt: skip
_LOOKS = {
    "sad": ("sadness",), "melancholic": ("sadness", "longing", "nostalgia"), "smiling": ("joy",),
    "slight smile": ("amusement",), "laughing": ("amusement", "joy"), "angry": ("anger",), "surprised": ("surprise",),
    "afraid": ("fear",), "tired": ("tiredness",), "serene": ("serenity",), "dreamy": ("reverie",),
    "confident": ("pride", "resolve"), "serious": ("reserve", "resolve"), "frowning": ("anger", "confusion"),
    "neutral expression": ("reserve",),
}  # fmt: skip
_LOOK_QUALITIES = {
    "sinister": ("menace", "uncanniness", "malice"), "glamorous": ("elegance", "charisma", "sophistication"),
}  # fmt: skip
_NEAR = 0.35  # likeness from which a theme that no word calls is taken to be meant
_KIN = 0.3  # affinity from which a mood may stand for another
_ALIKE = 0.7  # agreement of dials from which two moods are alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """An idea taken apart."""

    words: str
    understood: tuple[Understood, ...]
    felt: tuple[tuple[str, Term, float], ...]
    """Words, term and weight of what names a feeling or a quality."""
    settings: tuple[Term, ...]
    """Lights, palettes, movements, eras, peoples and hours that it names."""
    themes: Mapping[str, float]
    """What it is about, by the themes' names, with weights."""
    called: Mapping[str, str]
    """The words of the idea that call a theme, by the theme's name."""
    guessed: bool
    """True if the themes were found by likeness only."""
    strange: bool
    """True if it has words that neither lexicon nor themes know."""
    purposes: tuple[Theme, ...] = ()
    tokens: frozenset[str] = field(default_factory=frozenset[str])
    """Its words without plurals."""


class Relevance:
    """Scores precedents.

    Args:
        lexicon: the words of ideas.
        encoder: turns texts into vectors.
    """

    def __init__(self, lexicon: Lexicon, encoder: TextEncoder) -> None:
        self._lexicon = lexicon
        self._encoder = encoder
        self._space: tuple[Floats, Floats] | None = None  # the mean vector, and all others around it
        self._abouts = [Counter(_stems(p.about)) for p in precedents()]
        documents = Counter(word for about in self._abouts for word in about)
        self._rare = {word: log(len(self._abouts) / n) for word, n in documents.items()}

    # ideas ------------------------------------------------------------------------------------

    def idea(self, words: str, understood: Sequence[Understood]) -> Idea:
        """Take an idea apart."""
        tokens = _stems(words)
        called = {t.name: phrase for t in themes() if (phrase := _call(t, tokens))}
        weights = {t.name: 1.0 for t in themes() if t.name in called and not t.advice}
        guessed = not weights
        if guessed:
            weights = self._near_themes(words)
        felt: list[tuple[str, Term, float]] = []
        settings: list[Term] = []
        for item in understood:
            if not item.term or item.term.startswith("not "):
                continue
            for word in item.term.split(", "):
                if not self._lexicon.knows(word):
                    continue
                term = self._lexicon.find(word)
                if term.kind in _FELT and term.word not in _BARE_LOOKS:
                    felt.append((item.words, term, item.weight))
                elif term.kind in _SETTING:
                    settings.append(term)
        return Idea(
            words=words,
            understood=tuple(understood),
            felt=tuple(felt),
            settings=tuple(settings),
            themes=weights,
            called=called,
            guessed=guessed,
            strange=guessed or any(not i.term and not self._met(i.words, called.values()) for i in understood),
            purposes=tuple(t for t in themes() if t.name in called and t.advice),
            tokens=frozenset(tokens),
        )

    @staticmethod
    def _met(words: str, called: Iterable[str]) -> bool:
        return set(_stems(words)) <= {word for phrase in called for word in phrase.split()}

    def near(self, term: Term, count: int = 8) -> list[Term]:
        """The moods and qualities that are nearest to one, best first, itself included."""
        every = [t for kind in ("mood", "quality") for t in self._lexicon.of_kind(kind) if t.gloss]
        value = {t.word: affinity(term, t) for t in every}
        return [t for t in sorted(every, key=lambda t: -value[t.word])[:count] if value[t.word] > _KIN]

    def _near_themes(self, words: str) -> dict[str, float]:
        likeness = self._likeness(words)[len(precedents()) :]
        subjects = [k for k, t in enumerate(themes()) if not t.advice]
        best = sorted(subjects, key=lambda k: -float(likeness[k]))[:3]
        found = {themes()[k].name: float(likeness[k]) for k in best if likeness[k] >= _NEAR}
        return found or {themes()[best[0]].name: max(0.2, float(likeness[best[0]]))}

    # precedents -------------------------------------------------------------------------------

    def scores(self, idea: Idea) -> Floats:
        """How well each precedent answers the idea, float32 [precedents]; about 0 to 4."""
        known = {t.name: t for t in themes()}
        likeness = self._likeness(idea.words)[: len(precedents())] if idea.strange else np.zeros(len(precedents()))
        spread = float(likeness.std()) or 1.0
        scores = np.zeros(len(precedents()), np.float32)
        for k, precedent in enumerate(precedents()):
            served = [self._lexicon.find(m) for m in precedent.moods if self._lexicon.knows(m)]
            felt = sum(weight * max((affinity(term, m) for m in served), default=0.0) for _, term, weight in idea.felt)
            about = sum(
                weight * sum(1 for m in known[name].moods if m in precedent.moods) / 2
                for name, weight in idea.themes.items()
            )
            met = sum(self._rare[w] for w in idea.tokens if w in self._abouts[k])
            meant = sum(
                weight * sum(self._rare.get(w, 0.0) for w in set(_stems(name)) if w in self._abouts[k])
                for name, weight in idea.themes.items()
            )
            light = self._lexicon.find(precedent.light)
            named = sum(_named(precedent, term, light) for term in idea.settings)
            alike = float(likeness[k] - likeness.mean()) / spread
            scores[k] = 1.2 * felt + about + 0.45 * met + 0.3 * meant + named + (0.5 if idea.guessed else 0.15) * alike
        return scores

    def _likeness(self, words: str) -> Floats:
        """Cosine of the idea's vector with those of the precedents, then of the themes."""
        if self._space is None:
            texts = [p.about for p in precedents()] + [", ".join((t.name, *t.words)) for t in themes()]
            raw = _unit(self._encoder.encode_all(texts))
            centre = np.asarray(raw.mean(0), np.float32)
            self._space = centre, _unit(raw - centre)
        centre, vectors = self._space
        vector = _unit(self._encoder.encode(words)[None])[0] - centre
        return np.asarray(vectors @ _unit(vector[None])[0], np.float32)


def affinity(one: Term, other: Term) -> float:
    """How near two moods or qualities are, 0..1."""
    if one.word == other.word:
        return 1.0
    if other.scale in _LOOKS.get(one.word, ()):
        return 0.8 - 0.5 * abs(other.degree - 0.45)
    if other.word in _LOOK_QUALITIES.get(one.word, ()):
        return 0.8
    if one.opposite == other.word or other.opposite == one.word:
        return -0.3
    if one.scale and one.scale == other.scale:
        return 0.85 * (1 - 0.5 * abs(one.degree - other.degree))
    agreement = _agreement(one.dials, other.dials)
    return 0.6 * (agreement - _ALIKE) / (1 - _ALIKE) if agreement > _ALIKE else min(0.0, 0.3 * agreement)


def _agreement(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of two sets of settings."""
    names = (set(one) | set(other)) & _DIAL_MOODS
    a = np.array([one.get(n, 0.0) for n in names])
    b = np.array([other.get(n, 0.0) for n in names])
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length > 1e-6 else 0.0


def _named(precedent: Precedent, term: Term, light: Term) -> float:
    """What a setting that the idea names adds to a precedent with this light."""
    if term.word in (precedent.light, precedent.palette, precedent.movement):
        return 3.5
    if term.kind == "light":
        names = set(term.dials) | set(light.dials)
        a, b = (np.array([t.dials.get(n, 0.0) for n in names]) for t in (term, light))
        length = float(np.linalg.norm(a) * np.linalg.norm(b))
        return 1.5 * max(0.0, float(a @ b) / length) if length > 1e-6 else 0.0
    return 1.5 if term.style and term.style == precedent.movement else 0.0


def _call(theme: Theme, tokens: Sequence[str]) -> str:
    """The longest phrase of a theme that stands in these tokens, or nothing."""
    best: tuple[str, ...] = ()
    for words in theme.words:
        phrase = tuple(_stems(words))
        size = len(phrase)
        met = any(tuple(tokens[k : k + size]) == phrase for k in range(len(tokens) - size + 1))
        if met and size > len(best):
            best = phrase
    return " ".join(best)


def _stems(words: str) -> list[str]:
    return [stem(t) for t in tokenise(words)]


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9), np.float32)
