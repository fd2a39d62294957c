"""The values and tags that grammars build on: what a sitter is called, does and feels."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from limner.language.lexicon import Lexicon, Term
from limner.language.writing.chance import Chance
from limner.language.writing.lore import Family, World, lore
from limner.language.writing.names import Culture, Name, culture_of, cultures, draw_name, draw_place
from limner.language.writing.phrasing import phrase
from limner.language.writing.sitter import Sitter

_PRONOUNS = {
    "she": {"they": "she", "them": "her", "their": "her", "theirs": "hers", "themself": "herself"},
    "he": {"they": "he", "them": "him", "their": "his", "theirs": "his", "themself": "himself"},
    "they": {"they": "they", "them": "them", "their": "their", "theirs": "theirs", "themself": "themselves"},
}
_TONES = {
    "dark": ("sadness", "despair", "loneliness", "guilt", "shame", "pain", "longing", "nostalgia", "fear", "anxiety",
             "tiredness", "confusion", "boredom"),
    "bright": ("joy", "hope", "amusement", "mischief", "love", "excitement", "triumph", "relief", "flirtation",
               "curiosity", "surprise", "passion", "tenderness", "ecstasy"),
    "hard": ("anger", "hatred", "contempt", "pride", "defiance", "resolve", "suspicion", "tension", "disgust", "envy"),
    "still": ("serenity", "reverie", "reserve", "attention", "reverence", "drowsiness", "trance", "shyness"),
}  # fmt: skip
_NOUNS = {"overexposed": "overexposure", "underexposed": "underexposure", "skylit blue": "the blue of the sky",
          "silhouette": "the silhouette", "nightfall hour": "nightfall"}  # fmt: skip
_WORLDS = ("modern", "steam", "now", "early", "powder")
_LIKELY = (0.32, 0.24, 0.24, 0.1, 0.1)
_UNCANNY = ("magic", "vision", "war", "court")
_ENGINEERED = ("science", "air", "labour", "house", "law")
_YOUTHFUL = frozenset({"school", "youth", "sport"})
_NUMBERS = (
    "nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What was drawn for a sitter beside what was asked for."""

    world: World
    culture: Culture
    name: Name
    place: str
    other: str
    """Another place."""
    trade: str
    """The trade as it is said, without article; empty for children and for beings without one."""
    family: Family
    """Whose ways it has."""
    tone: str
    """The tone of the life of a sitter whose mood was not asked for."""


def draw_life(sitter: Sitter, lexicon: Lexicon, chance: Chance) -> Life:
    """A name, a place and a trade that agree with the facts.

    Args:
        sitter: what was asked for.
        lexicon: where trades come from.
        chance: what draws.
    """
    known = lore()
    world = known.worlds[sitter.world or _draw_world(sitter, chance)]
    culture = _culture(sitter, world, chance)
    place = draw_place(culture, chance)
    other = place
    while other == place:
        other = draw_place(culture, chance)
    trade, family = _calling(sitter, world, lexicon, chance)
    name = draw_name(culture, sitter.sex, chance)
    return Life(
        world=world,
        culture=culture,
        name=name,
        place=place,
        other=other,
        trade=trade,
        family=family,
        tone=chance.pick(tuple(_TONES)),
    )


def values_of(sitter: Sitter, life: Life, chance: Chance) -> dict[str, str]:
    """What a grammar may say, by name."""
    kept = chance.shuffled(life.family.kept)
    did = chance.shuffled(life.family.did)
    values = {
        "name": life.name.full,
        "given": life.name.given,
        "given2": chance.pick((*life.culture.women, *life.culture.men)),
        "place": life.place,
        "other": life.other,
        "trade": life.trade,
        "did": did[0],
        "could": chance.pick(life.family.could),
        "kept": kept[0],
        "kept2": kept[1],
        "years": in_words(sitter.years) if sitter.years else "",
        "hour": phrase(sitter.hour) if sitter.hour and sitter.hour.kind in ("hour", "weather") else "",
        "light": phrase(sitter.light) if sitter.light else "",
        "garment": sitter.garment.word if sitter.garment else "",
        "hair": f"{sitter.colours['hair']} hair" if "hair" in sitter.colours else "",
    }
    return values | _PRONOUNS[sitter.pronoun]


def tags_of(sitter: Sitter, life: Life | None = None) -> frozenset[str]:
    """What holds of a sitter: age, pronoun, tone of the mood, world."""
    age = sitter.age or "grown"
    tags = {age, sitter.pronoun}
    if age not in ("child", "teen"):
        tags.add("adult")
    if tone := tone_of(sitter.moods):
        tags.add(tone)
    if life is not None:
        tags |= life.world.tags | {tone or life.tone}
        tags |= {"trade"} if life.trade else set()
    elif sitter.world:
        tags |= lore().worlds[sitter.world].tags
    return frozenset(tags)


def tone_of(moods: Collection[Term]) -> str:
    """ "dark", "bright", "still", "hard", or "" where there is no mood: the tone of the first one."""
    for term in moods:
        for tone, scales in _TONES.items():
            if term.scale in scales:
                return tone
        return _by_dials(term.dials)
    return ""


def _by_dials(dials: Mapping[str, float]) -> str:
    smile, dark = dials.get("smile", 0.0), -dials.get("brightness", 0.0)
    if smile > 0.15:
        return "bright"
    if dials.get("brow_raise", 0.0) < -0.2 or dials.get("contrast", 0.0) > 0.3:
        return "hard"
    return "dark" if smile < -0.2 or dark > 0.2 or dials.get("gaze_y", 0.0) > 0.3 else "still"


def in_words(number: int) -> str:
    """A number below a hundred in words: "fifty-two"."""
    if number < len(_NUMBERS):
        return _NUMBERS[number]
    tens, ones = divmod(number, 10)
    if tens >= len(_TENS):
        return "a hundred"
    return _TENS[tens] + (f"-{_NUMBERS[ones]}" if ones else "")


def title_case(words: str) -> str:
    """Words as in a title: small ones stay small."""
    small = {"a", "an", "the", "of", "in", "on", "at", "and", "or", "by", "with", "to", "for", "from"}
    parts = words.split(" ")
    return " ".join(p if k and p in small else p[:1].upper() + p[1:] for k, p in enumerate(parts))


def bare(term: Term) -> str:
    """An hour or a light as a noun: "candlelight", "small hours", "golden hour"."""
    if term.word in _NOUNS:
        return _NOUNS[term.word]
    word = re.sub(r"^(by|at|in) ", "", term.word)
    return re.sub(r"^(golden hour|blue hour|autumn) light$", r"\1", word)


def _draw_world(sitter: Sitter, chance: Chance) -> str:
    allowed = lore().worlds_by_trade.get(sitter.trade.word, frozenset()) if sitter.trade else frozenset[str]()
    names = [w for w in _WORLDS if w in allowed] or sorted(allowed - {"fantasy", "future"}) or sorted(allowed)
    if names and sitter.trade:
        return chance.pick(names)
    return chance.weighted(_WORLDS, _LIKELY)


def _culture(sitter: Sitter, world: World, chance: Chance) -> Culture:
    told = (sitter.people, sitter.being, sitter.era, sitter.trade, sitter.garment, sitter.movement)
    said = [t.word for t in told if t is not None]
    chosen = culture_of(said)
    noble = sitter.trade is not None and lore().family_by_trade.get(sitter.trade.word) == "court"
    return chosen or cultures()[chance.pick([c for c in world.cultures if not (noble and c == "american")])]


def _calling(sitter: Sitter, world: World, lexicon: Lexicon, chance: Chance) -> tuple[str, Family]:
    """The trade as it is said, and the family whose ways the sitter has."""
    known = lore()
    if sitter.trade is not None:
        family = known.family(sitter.trade.word) or known.families["town"]
        return sitter.trade_words, family
    if sitter.age in ("child", "teen"):
        return "", known.families["school"]
    if sitter.being is not None:
        return "", known.families[chance.pick(_ENGINEERED if world.name == "future" else _UNCANNY)]
    term = chance.pick(_open_trades(sitter, world, lexicon))
    family = known.family(term.word)
    assert family is not None
    return phrase(term), family


def _open_trades(sitter: Sitter, world: World, lexicon: Lexicon) -> list[Term]:
    """Trades of that world which anyone of this age and sex may follow."""
    known = lore()
    found: list[Term] = []
    for name, worlds in known.worlds_by_trade.items():
        family = known.family_by_trade[name]
        if world.name not in worlds or not lexicon.knows(name) or name in known.asked_only:
            continue
        if family in ("court", "wonder") or (sitter.age == "old" and family in _YOUTHFUL):
            continue
        term = lexicon.find(name)
        sex, age = term.dials.get("femininity", 0.0), term.dials.get("age", 0.0)
        fits_sex = sex == 0 or (sitter.sex == ("woman" if sex > 0 else "man"))
        if fits_sex and age > -0.5 and not (sitter.age == "young" and age > 0.45):
            found.append(term)
    return found or [lexicon.find("stranger")]
