"""The mentor: a vague idea becomes three to five directions, each with a ready brief and reasons.

A direction is a precedent of art history applied to the idea: its light, its palette, its movement, a mood
that answers the idea's, and a sitter.  Directions of one answer differ in light, palette and movement; the
first takes the idea to the letter, the others turn it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from limner.core.errors import InputError
from limner.core.palette import Colour
from limner.language.advice.precedents import Precedent, Theme, precedents, themes
from limner.language.advice.relevance import Idea, Relevance, affinity
from limner.language.advice.subjects import named_subject
from limner.language.encoder import TextEncoder
from limner.language.lexicon import Lexicon, Term
from limner.language.reading import Reader
from limner.language.reading.explanation import in_words
from limner.language.writing.chance import Chance
from limner.language.writing.decorum import clash
from limner.language.writing.grammar import Used, read_grammar, sentence
from limner.language.writing.phrasing import phrase
from limner.language.writing.sitter import sitter_of
from limner.language.writing.titles import draw_title
from limner.language.writing.voice import bare, draw_life

LEAST, MOST = 3, 5
"""How many directions can be asked for."""

_LITERAL, _OTHERWISE = "to the letter", "another way"
_ANGLES = ("from elsewhere", "against the grain", "quieter", "bolder")
_GAP = 0.4  # difference of brightness from which a light goes against another
_QUIET, _BOLD = 22.0, 35.0  # mean chroma of palettes that whisper, and of those that shout
_APART = 13.0  # least distance of two palettes (Delta E of their two first colours)
_LUCK = 0.4  # spread of chance against relevance
_PEOPLE = ("a woman", "a man", "an old woman", "an old man", "a young woman", "a young man")
_RELEVANT = 0.42  # share of the best score that a precedent must reach
_ENOUGH = 6  # candidates among which an angle chooses
_CLASH = 0.25  # settings beyond which two terms pull in opposite directions


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One proposal."""

    angle: str
    """How it takes the idea: "to the letter", "against the grain" ..."""
    title: str
    brief: str
    """Words for `limner paint`."""
    mood: str
    light: str
    palette_name: str
    palette: tuple[str, ...]
    """Colours as #rrggbb, most important first."""
    movement: str
    device: str
    """The precedent: what it is called, where and when, and what it does."""
    school: str
    century: str
    does: str
    why_mood: str
    why_light: str
    why_palette: str
    advice: tuple[str, ...] = ()
    """What the purpose of the picture asks for."""

    @property
    def precedent(self) -> str:
        """The precedent as a reference."""
        return f"{self.school}, {self.century}: {self.device}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "angle": self.angle,
            "title": self.title,
            "brief": self.brief,
            "palette": list(self.palette),
            "why": {
                "mood": {"term": self.mood, "text": self.why_mood},
                "light": {"term": self.light, "text": self.why_light},
                "palette": {"term": self.palette_name, "text": self.why_palette},
                "precedent": {
                    "school": self.school,
                    "century": self.century,
                    "movement": self.movement,
                    "device": self.device,
                    "text": self.does,
                },
                "advice": list(self.advice),
            },
        }


class Mentor:
    """Proposes directions.

    Args:
        lexicon: the words of ideas and briefs.
        encoder: turns texts into vectors, for words that the lexicon does not know.
        reader: reads ideas, refuses some, and checks the briefs.
    """

    def __init__(self, lexicon: Lexicon, encoder: TextEncoder, reader: Reader) -> None:
        self._lexicon = lexicon
        self._reader = reader
        self._relevance = Relevance(lexicon, encoder)

    def directions(self, words: str, *, count: int = 4, seed: int = 0) -> list[Direction]:
        """Directions for an idea, best first.

        Args:
            words: the idea, as vague as it is.
            count: 3..5.
            seed: 0..2**53-1; the same idea and seed give the same directions.

        Raises:
            InputError: a count that is not allowed.
            BriefError: an idea without words, or too long.
            RefusedError: the policy does not paint such an idea.
        """
        if not LEAST <= count <= MOST:
            raise InputError(f"{count} directions cannot be proposed.", f"Ask for {LEAST} to {MOST}.")
        idea = self._relevance.idea(words, self._reader.read(words or " ").understood)
        chance = Chance(seed, f"mentor/{' '.join(words.casefold().split())}")
        scores = self._relevance.scores(idea)
        scores += np.array([_LUCK * _luck(chance) for _ in scores], np.float32)
        chosen = self._choose(scores, count, idea)
        subjects = self._subjects(idea, count, chance)
        answer = _Answer(
            idea=idea, lexicon=self._lexicon, reader=self._reader, relevance=self._relevance, chance=chance
        )
        return [answer.direction(p, a, s) for (p, a), s in zip(chosen, subjects, strict=True)]

    def heard(self, words: str) -> str:
        """What an idea was taken to be about, in one sentence; empty if it names nothing.

        Raises:
            BriefError, RefusedError: as `directions`.
        """
        idea = self._relevance.idea(words, self._reader.read(words or " ").understood)
        about = " and ".join(idea.themes)
        felt = ", ".join(dict.fromkeys(w for w, _, _ in idea.felt))
        if idea.guessed and not felt:
            return f"No word of this is known; by likeness it is about {about}."
        parts = [f"about {about}"] if about and not idea.guessed else []
        parts += [f"the feeling is {felt}"] if felt else []
        parts += [f"for a {p.name}" for p in idea.purposes]
        return f"Taken to be {'; '.join(parts)}."

    # choosing ---------------------------------------------------------------------------------

    def _choose(
        self, scores: np.ndarray[Any, np.dtype[np.float32]], count: int, idea: Idea
    ) -> list[tuple[Precedent, str]]:
        """Precedents that differ from each other, each with its angle."""
        every = precedents()
        bar = _RELEVANT * float(scores.max())
        first = _literal(every[int(np.argmax(scores))], idea)
        chosen = [(first, _LITERAL)]
        while len(chosen) < count:
            open_ones = [k for k, p in enumerate(every) if self._differs(p, [c for c, _ in chosen])]
            apt = [k for k in open_ones if scores[k] >= bar]
            open_ones = apt if len(apt) >= _ENOUGH else sorted(open_ones, key=lambda k: -float(scores[k]))[:_ENOUGH]
            taken = {angle for _, angle in chosen}
            turns = {
                (k, angle): float(scores[k]) + gain
                for k in open_ones
                for angle in _ANGLES
                if angle not in taken and (gain := self._turn(every[k], chosen, angle)) is not None
            }
            if turns:
                k, angle = max(turns, key=turns.__getitem__)
            else:
                k, angle = max(open_ones, key=lambda k: float(scores[k])), _OTHERWISE
            chosen.append((every[k], angle))
        return chosen

    def _differs(self, precedent: Precedent, chosen: Sequence[Precedent]) -> bool:
        return all(
            precedent.light != other.light
            and precedent.palette != other.palette
            and precedent.movement != other.movement
            and self._apart(precedent, other) >= _APART
            for other in chosen
        )

    def _apart(self, one: Precedent, other: Precedent) -> float:
        """Mean distance of the first two colours of their palettes."""
        a, b = (self._lexicon.find(p.palette).palette[:2] for p in (one, other))
        pairs = list(zip(a, b, strict=False))
        return sum(Colour.of_hex(x).distance(Colour.of_hex(y)) for x, y in pairs) / max(1, len(pairs))

    def _turn(self, precedent: Precedent, chosen: Sequence[tuple[Precedent, str]], angle: str) -> float | None:
        """What an angle adds to a precedent's score; None where the precedent is not that angle."""
        if angle == "from elsewhere":
            return 0.6 if precedent.region not in {p.region for p, _ in chosen} else None
        light, first = (self._lexicon.find(p.light).dials for p in (precedent, chosen[0][0]))
        if angle == "against the grain":
            gap = abs(light.get("brightness", 0.0) - first.get("brightness", 0.0))
            return 0.6 * gap if gap >= _GAP else None
        colours = [Colour.of_hex(c).chroma for c in self._lexicon.find(precedent.palette).palette]
        chroma = sum(colours) / max(1, len(colours))
        if angle == "quieter":
            calm = chroma < _QUIET and light.get("contrast", 0.0) < 0.3 and light.get("brightness", 0.0) > -0.4
            return 0.5 if calm else None
        return 0.4 if precedent.century.startswith(("20", "21")) and chroma > _BOLD else None

    # sitters ----------------------------------------------------------------------------------

    def _subjects(self, idea: Idea, count: int, chance: Chance) -> list[str]:
        """A sitter for each direction; one that the idea names is kept."""
        own = named_subject(idea.understood, self._lexicon, set(idea.called.values()))
        known = {t.name: t for t in themes()}
        names = sorted(idea.themes, key=lambda n: -idea.themes[n])
        groups = [chance.shuffled(known[name].subjects) for name in names]
        if own:
            return [own] * count
        mixed = _woven(groups)
        mixed += chance.shuffled([p for p in _PEOPLE if p not in mixed])
        return mixed[:count]


@dataclass(slots=True)
class _Answer:
    """What directions of one answer share while they are written."""

    idea: Idea
    lexicon: Lexicon
    reader: Reader
    relevance: Relevance
    chance: Chance
    used: Used = field(default_factory=Used)
    titles: set[str] = field(default_factory=set[str])
    moods: set[str] = field(default_factory=set[str])

    def direction(self, precedent: Precedent, angle: str, subject: str) -> Direction:
        """One direction, written out."""
        light, palette = self.lexicon.find(precedent.light), self.lexicon.find(precedent.palette)
        said, moods = self._moods(precedent)
        hour = self._hour(light)
        brief = self._brief(precedent, subject, moods, hour)
        sitter = sitter_of(self.reader.read(brief), self.lexicon)
        life = draw_life(sitter, self.lexicon, self.chance)
        title = draw_title(sitter, life, self.chance, used=self.used, taken=self.titles)
        self.titles.add(title.casefold())
        why = self._reasons(said, moods, light, palette)
        return Direction(
            angle=angle,
            title=title,
            brief=brief,
            mood=", ".join(m.word for m in moods),
            light=light.word,
            palette_name=palette.word,
            palette=palette.palette,
            movement=precedent.movement,
            device=precedent.device,
            school=precedent.school,
            century=precedent.century,
            does=precedent.does,
            why_mood=why["mood"],
            why_light=why["light"],
            why_palette=why["palette"],
            advice=tuple(p.advice for p in self.idea.purposes),
        )

    def _moods(self, precedent: Precedent) -> tuple[str, list[Term]]:
        """The words that a mood answers, and one or two moods that suit both idea and precedent."""
        served = [self.lexicon.find(m) for m in precedent.moods]
        chosen: list[Term] = []
        said: list[str] = []
        for words, term, _ in self._turn_of_felt():
            near = [t for t in self.relevance.near(term) if t not in chosen]
            near += [t for t in served if affinity(term, t) > 0.3 and t not in near and t not in chosen]
            value = {
                t.word: affinity(term, t) + 0.6 * (t in served) - 0.4 * (t.word in self.moods) + 0.2 * luck
                for t in near
                if (luck := self.chance.number())
            }
            chosen.append(max(near, key=lambda t: value[t.word], default=term))
            said.append(words)
        if not chosen:
            themed = {m: self.lexicon.find(m) for n in self.idea.themes for m in _theme(n).moods}
            pool = {t.word: t for t in served} | themed
            value = {
                word: 1.2 * (word in themed)
                + 0.8 * max(affinity(term, s) for s in served)
                - 1.5 * (word in self.moods)
                + 0.3 * self.chance.number()
                for word, term in pool.items()
            }
            chosen = [pool[max(value, key=value.__getitem__)]]
        self.moods |= {t.word for t in chosen}
        return " and ".join(dict.fromkeys(said)), chosen

    def _turn_of_felt(self) -> list[tuple[str, Term, float]]:
        """Two of the feelings that the idea names; other directions take others."""
        felt = list({term.word: (words, term, weight) for words, term, weight in self.idea.felt}.values())
        if len(felt) <= 2:
            return felt
        at = len(self.titles) % len(felt)
        return sorted((felt[at], felt[(at + 1) % len(felt)]), key=felt.index)

    def _hour(self, light: Term) -> str:
        """An hour or a weather of the themes, or of the idea, that the light allows; perhaps none."""
        named = [t for t in self.idea.settings if t.kind in ("hour", "weather")]
        themed = [self.lexicon.find(h) for n in self.idea.themes for h in _theme(n).hours]
        for term in [*named, *self.chance.shuffled(themed)]:
            if not clash(term.dials, light.dials, _CLASH):
                return phrase(term)
        return ""

    def _brief(self, precedent: Precedent, subject: str, moods: list[Term], hour: str) -> str:
        find = self.lexicon.find
        pose = find(precedent.pose)
        values = {
            "subject": subject,
            "mood": " and ".join(phrase(m) for m in moods),
            "light": phrase(find(precedent.light)),
            "hour": hour,
            "palette": phrase(find(precedent.palette)),
            "manner": phrase(find(precedent.movement)),
            "pose": "" if any(clash(pose.dials, m.dials, _CLASH) for m in moods) else phrase(pose),
        }
        return read_grammar("mentor").say("brief", values, self.chance, used=self.used)

    def _reasons(self, said: str, moods: list[Term], light: Term, palette: Term) -> dict[str, str]:
        names = " and ".join(dict.fromkeys(_mood_name(m) for m in moods))
        values = {
            "said": said,
            "moodname": names,
            "moodgloss": " ".join(sentence(m.gloss or in_words(m.dials)) for m in moods),
            "lightname": bare(light),
            "lightgloss": sentence(light.gloss),
            "palettename": palette.word,
            "thepalette": f"the {palette.word}" if palette.word.endswith("palette") else palette.word,
            "palettegloss": sentence(palette.gloss),
        }
        tags = frozenset[str]() if said else frozenset({"unsaid"})
        grammar = read_grammar("mentor")
        return {
            slot: sentence(grammar.say(slot, values, self.chance, tags=tags, used=self.used))
            for slot in ("mood", "light", "palette")
        }


def _literal(precedent: Precedent, idea: Idea) -> Precedent:
    """The precedent with the light and the palette that the idea itself names."""
    named = {
        t.kind: t.word for t in reversed(idea.settings) if t.kind == "light" or (t.kind == "palette" and t.palette)
    }
    return replace(precedent, **named)


def _luck(chance: Chance) -> float:
    """A number that is mostly near 0 and now and then large (Gumbel)."""
    return float(-np.log(-np.log(chance.number())))


def _theme(name: str) -> Theme:
    return next(t for t in themes() if t.name == name)


def _mood_name(term: Term) -> str:
    said = phrase(term)
    return said.removeprefix("with ")


def _woven(groups: Sequence[Sequence[str]]) -> list[str]:
    """The first of each group, then the second of each, and so on; nothing twice."""
    longest = max(map(len, groups), default=0)
    return list(dict.fromkeys(group[k] for k in range(longest) for group in groups if k < len(group)))
