"""What a reading tells of its sitter: age, sex, trade, time and mood, as facts that texts can build on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from limner.core.reading import Reading, Understood
from limner.language.lexicon import Lexicon, Term
from limner.language.reading.ages import years_of
from limner.language.writing.lore import lore
from limner.language.writing.phrasing import phrase

_CREATURE = 0.4  # setting from which a sitter is no human being
_SEX = 0.15  # setting from which a sitter is taken for a woman or a man
_MACHINES = frozenset({
    "cyborg", "android", "robot", "machine man", "clone", "hologram", "martian", "grey alien", "blue alien",
    "humanoid alien", "alien woman", "alien man", "venusian", "selenite", "aquatic alien", "mutant human",
    "post human", "alien", "reptilian", "alien pilot",
})  # fmt: skip
_FELT = ("mood", "quality", "paradox")
_FELT_LOOKS = frozenset({
    "smiling", "laughing", "slight smile", "sad", "frowning", "serious", "angry", "surprised", "afraid", "melancholic",
    "serene", "sinister", "glamorous", "dreamy", "tired", "confident",
})  # fmt: skip
_DARK_LIGHTS = frozenset({"twilight", "night"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitter:
    """Facts about a sitter; what is empty was not said."""

    years: int | None = None
    """Age in years."""
    sex: str = ""
    """"woman", "man" or ""."""
    being: Term | None = None
    """What kind of creature, if it is no human being."""
    trade: Term | None = None
    trade_words: str = ""
    """The trade as it is said, without article."""
    era: Term | None = None
    people: Term | None = None
    movement: Term | None = None
    light: Term | None = None
    hour: Term | None = None
    """An hour, a season or a weather."""
    palette: Term | None = None
    garment: Term | None = None
    symbol: Term | None = None
    moods: tuple[Term, ...] = ()
    """Moods, qualities and looks that tell a feeling, in order."""
    colours: Mapping[str, str] = field(default_factory=dict[str, str])
    """Colour words by part ("hair", "eyes" ...)."""
    world: str = ""
    """The one world that all this points to."""

    @property
    def age(self) -> str:
        """ "child", "teen", "young", "grown", "old", or "" if nothing was said."""
        if self.years is None:
            return ""
        bands = ((13, "child"), (19, "teen"), (33, "young"), (59, "grown"))
        return next((name for limit, name in bands if self.years < limit), "old")

    @property
    def pronoun(self) -> str:
        """ "she", "he" or "they"."""
        return {"woman": "she", "man": "he"}.get(self.sex, "they")


def sitter_of(reading: Reading, lexicon: Lexicon, measured: Mapping[str, float] | None = None) -> Sitter:
    """The facts of a reading.

    Args:
        reading: what was asked for.
        lexicon: the words it was read with.
        measured: settings that the finished picture shows; they tell age and sex where nothing was asked.
    """
    said = [(item, term) for item in reading.understood for term in _terms(item, lexicon)]
    dials = {**{n: v for n, v in (measured or {}).items() if n in ("age", "femininity")}, **reading.dials}
    trade, trade_words = _trade(said, lexicon)
    being = next((t for _, t in said if _is_being(t)), None)
    facts = Sitter(
        years=_years(reading, dials),
        sex=_sex(dials),
        being=being,
        trade=trade,
        trade_words=trade_words,
        era=_first(said, "era"),
        people=_first(said, "people"),
        movement=_first(said, "movement"),
        light=_first(said, "light"),
        hour=_first(said, "hour") or _first(said, "weather") or _named(said, _DARK_LIGHTS),
        palette=_first(said, "palette"),
        garment=_first(said, "garment"),
        symbol=_first(said, "symbol"),
        moods=tuple({t.word: t for _, t in said if t.kind in _FELT or t.word in _FELT_LOOKS}.values()),
        colours=_colours(reading),
    )
    return _placed(facts)


def _terms(item: Understood, lexicon: Lexicon) -> list[Term]:
    """The terms of a stretch; none for what was negated."""
    if not item.term or item.term.startswith("not "):
        return []
    return [lexicon.find(word) for word in item.term.split(", ") if lexicon.knows(word)]


def _first(said: list[tuple[Understood, Term]], kind: str) -> Term | None:
    return next((t for _, t in said if t.kind == kind), None)


def _named(said: list[tuple[Understood, Term]], words: frozenset[str]) -> Term | None:
    return next((t for _, t in said if t.word in words), None)


def _trade(said: list[tuple[Understood, Term]], lexicon: Lexicon) -> tuple[Term | None, str]:
    """The trade and how it was said ("fisherman", "queen")."""
    for item, term in said:
        words = item.words.removeprefix("a ").removeprefix("an ").removeprefix("the ")
        if term.kind == "profession":
            plain = [" ".join(p) for p in term.phrases]
            return term, words if words in plain and not words.endswith("s") else phrase(term)
        called = lore().called.get(words)
        if called is not None and term.kind == "person" and lexicon.knows(called):
            return lexicon.find(called), words
    return None, ""


def _is_being(term: Term) -> bool:
    return (term.kind in ("being", "person") and term.dials.get("creature", 0.0) > _CREATURE) or (
        term.kind == "being" or term.word in ("elf", "vampire", "ghost", "mermaid", "angel", "giant", "dwarf")
    )


def _years(reading: Reading, dials: Mapping[str, float]) -> int | None:
    for item in reading.understood:
        number = item.term.removesuffix(" years old")
        if item.kind == "age" and number != item.term and number.isdigit():
            return int(number)
    if abs(dials.get("age", 0.0)) < _SEX:
        return None
    return years_of(dials["age"])


def _sex(dials: Mapping[str, float]) -> str:
    value = dials.get("femininity", 0.0)
    if not math.isfinite(value) or abs(value) < _SEX:
        return ""
    return "woman" if value > 0 else "man"


def _colours(reading: Reading) -> dict[str, str]:
    """ "red hair" as {"hair": "red"}."""
    found: dict[str, str] = {}
    for item in reading.understood:
        colour, _, part = item.term.rpartition(" ")
        if item.kind == "colour" and part in ("hair", "eyes", "skin", "background") and not colour.startswith("not "):
            found.setdefault(part, colour)
    return found


def _placed(facts: Sitter) -> Sitter:
    """The facts with their world, if they point to one."""
    return replace(facts, world=_world(facts))


def _world(facts: Sitter) -> str:
    known = lore()
    if facts.era is not None and (world := known.world_of_era(facts.era.word)) is not None:
        return world.name
    if facts.being is not None:
        return "future" if facts.being.word in _MACHINES else "fantasy"
    if facts.trade is not None:
        worlds = known.worlds_by_trade.get(facts.trade.word, frozenset())
        if len(worlds) == 1:
            return next(iter(worlds))
    if facts.movement is not None:
        worlds = [w.name for w in known.worlds.values() if facts.movement.word in w.movements]
        allowed = known.worlds_by_trade.get(facts.trade.word, frozenset(worlds)) if facts.trade else frozenset(worlds)
        if len(worlds) == 1 and worlds[0] in allowed:
            return worlds[0]
    if facts.garment is not None:
        worlds = [w.name for w in known.worlds.values() if facts.garment.word in w.garments]
        if len(worlds) == 1:
            return worlds[0]
    return ""
