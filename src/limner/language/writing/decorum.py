"""Decorum: what may be drawn for whom.

Children are drawn as children; nothing ugly is said of a people, a faith or a time; clothes and things belong to
their sex and century; and no two terms of a brief pull a dial in opposite directions.
"""

from __future__ import annotations

from collections.abc import Mapping

from limner.language.lexicon import Term
from limner.language.reading.ages import setting_of
from limner.language.writing.lore import World, lore
from limner.language.writing.names import culture_of

CLASH = 0.2
"""Settings beyond which two terms contradict each other."""

_HARSH = frozenset({
    "egotism", "cowardice", "ruthlessness", "cruelty", "brutality", "malice", "menace", "deceit", "hypocrisy",
    "treachery", "cunning", "corruption", "greed", "miserliness", "gluttony", "sloth", "vulgarity", "villainy",
    "shamelessness", "mercenary spirit", "foolishness", "folly", "madness", "fanaticism", "ugliness", "grotesqueness",
    "tyranny", "profanity", "sickliness", "decrepitude", "weakness", "clumsiness", "meekness", "poverty", "plainness",
    "deathliness", "dominance", "cold-heartedness", "vanity", "affectation", "chaos", "divinity", "martyrdom",
    "saintliness", "holiness", "modernity", "freshness", "immortality", "maternal warmth", "fatherliness",
})  # fmt: skip
_VILLAINOUS = frozenset({"crime", "stage", "magic"})
_HARSH_SCALES = frozenset({"hatred", "contempt", "disgust", "anger", "envy"})
_ODD_MOODS = frozenset({"nauseated", "possessed", "emotive", "numb", "manic", "oppressed", "gloating"})


def clash(one: Mapping[str, float], other: Mapping[str, float], beyond: float = CLASH) -> bool:
    """True if two sets of settings pull a dial in opposite directions."""
    return any(
        abs(value) > beyond and abs(other.get(name, 0.0)) > beyond and value * other[name] < 0
        for name, value in one.items()
        if name in other
    )


def bearable(term: Term, *, minor: bool, belongs: bool) -> bool:
    """May a sitter be drawn with such a mood?

    Args:
        term: the mood.
        minor: the sitter is a child or half grown.
        belongs: the sitter stands for a people, a faith or a time.
    """
    if term.word in _ODD_MOODS:
        return False
    if minor:
        return term.scale in lore().drawn.scales_child
    return term.scale not in _HARSH_SCALES or not belongs


def kindly(term: Term, *, minor: bool, belongs: bool, family: str) -> bool:
    """May a sitter of such a family of trades be drawn with such a quality?"""
    if minor:
        return term.word in lore().drawn.qualities_child
    return term.word not in _HARSH or (not belongs and family in _VILLAINOUS)


def may_wear(word: str, sex: str) -> bool:
    """Does a garment suit a sitter of this sex ("woman", "man", or "" if it is open)?"""
    drawn = lore().drawn
    if word in drawn.garments_woman:
        return sex == "woman"
    return word not in drawn.garments_man or sex == "man"


def of_its_time(word: str, world: World) -> bool:
    """Did a world have such a palette or thing?"""
    return word not in lore().drawn.modern or bool(world.tags & {"modern", "now", "future"})


def lives_in(term: Term, world: World) -> bool:
    """Is a people at home in a world?"""
    culture = culture_of([term.word])
    return culture is not None and culture.name in world.cultures and " " not in term.word


def years_for(setting: float, *, youthful: bool) -> list[int]:
    """The ages, 20 to 89, whose setting goes with one that a trade asks for."""
    last = 29 if youthful else 89
    every = {years: setting_of(years) for years in range(20, last + 1)}
    return [y for y, at in every.items() if at * setting >= 0 or abs(setting) < CLASH or abs(at) < CLASH]
