"""Ages in figures and words: "a 60-year-old", "of seventy", "in her late twenties", "nearly ninety"."""

from __future__ import annotations

import numpy as np

from limner.language.reading.draft import Draft, Found

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_FIGURES = (
    {word: 1 + k for k, word in enumerate(_UNITS)}
    | {word: 10 + k for k, word in enumerate(_TEENS)}
    | {word: 20 + 10 * k for k, word in enumerate(_TENS)}
)
_DECADES = {
    "teens": 15, "twenties": 25, "thirties": 35, "forties": 45, "fifties": 55, "sixties": 65, "seventies": 75,
    "eighties": 85, "nineties": 95, "20s": 25, "30s": 35, "40s": 45, "50s": 55, "60s": 65, "70s": 75, "80s": 85,
    "90s": 95,
}  # fmt: skip
_WITHIN = {"early": -3, "mid": 0, "middle": 0, "late": 3}
_OWNERS = frozenset({"his", "her", "their", "its", "my", "your"})
_YEARS = frozenset({"year", "years", "yr", "yrs", "yo", "y", "summers", "winters"})
_MONTHS = frozenset({"month", "months", "week", "weeks", "day", "days"})
_ABOUT = frozenset({
    "about", "around", "nearly", "almost", "over", "under", "past", "some", "roughly", "maybe", "perhaps", "turning",
    "turned", "just", "approximately", "barely", "at", "aged", "circa", "ca", "is", "looks", "pushing", "exactly",
})  # fmt: skip
_PERSONAL = frozenset({"woman", "man", "person", "male", "female", "someone", "lady", "gentleman", "he", "she"})
_YOUNG = frozenset({
    "girl", "boy", "child", "kid", "toddler", "infant", "lad", "lass", "son", "daughter", "pupil", "schoolgirl",
    "schoolboy", "brother", "sister", "prince", "princess", "youngster", "urchin", "age", "kids", "elf", "apprentice",
    "person",
})  # fmt: skip
_AFTER = frozenset({"", "with", "and", "in", "or", "who", "at", "but", "he", "she", "on", "under", "whose", "wearing"})

# years, and the setting of the dial "age" at which portraits with such captions lie (medians over the
# training portraits for "child", "teenager", "young", "middle aged", "old"; between them by eye)
_AT = [0, 2, 6, 10, 14, 17, 20, 25, 30, 35, 40, 50, 60, 70, 80, 100]
_SETTING = [-1.0, -0.99, -0.97, -0.95, -0.9, -0.85, -0.7, -0.5, -0.2, 0.1, 0.35, 0.58, 0.75, 0.87, 0.94, 0.98]

OLDEST = 120
"""Higher figures are no ages that a face shows."""

_LONE_AGE = 13  # a clause of nothing but such a number is an age


def setting_of(years: float) -> float:
    """Setting of the dial "age" for a number of years."""
    return round(float(np.interp(years, _AT, _SETTING)), 3)


def years_of(setting: float) -> int:
    """The number of years that a setting of the dial "age" looks like; the inverse of `setting_of`."""
    return round(float(np.interp(setting, _SETTING, _AT)))


def read_ages(draft: Draft) -> None:
    """Find the ages of a clause; ages that no face shows are set aside."""
    tokens = draft.tokens
    if not any(t in _FIGURES or t in _DECADES or t[0].isdigit() for t in tokens):
        return
    for k in range(len(tokens)):
        if draft.taken[k] or (found := age_at(tokens, k)) is None:
            continue
        years, stop = found
        if years > OLDEST:
            note = f"no face shows {years} years; say how old it looks"
            draft.add(Found(k, stop, note=note))
        else:
            settings = {"age": setting_of(years)}
            draft.add(Found(k, stop, _named(years), "age", settings, stated=True))


def _named(years: float) -> str:
    return f"{years:g} years old" if years >= 1 else "under a year old"


def number_at(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """A whole number that begins at token `k`: its value and the token after it."""
    word = tokens[k] if k < len(tokens) else ""
    if word.isascii() and word.isdigit() and len(word) < 5:
        return int(word), k + 1
    if word == "a" and tokens[k + 1 : k + 2] == ("hundred",):
        return 100, k + 2
    if word not in _FIGURES:
        return None
    value, stop = _FIGURES[word], k + 1
    more = tokens[stop] if stop < len(tokens) else ""
    if word in _TENS[:-1] and more in _UNITS:
        value, stop = value + _FIGURES[more], stop + 1
        more = tokens[stop] if stop < len(tokens) else ""
    if more in ("hundred", "thousand") and word != "hundred":
        value, stop = value * (100 if more == "hundred" else 1000), stop + 1
    return value, stop


def age_at(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """An age that begins at token `k`: years and the token after it.

    Read are "60 year(s) old", "60yo", "aged 60", "of sixty", "in her (early) sixties", "at the age of 60",
    "nearly ninety", "between sixty and seventy", "looks nineteen", and a clause of nothing but a number.
    """
    word = tokens[k]
    for read in (_years_at, _alone, _between, _age_after, _decade_after, _looks):
        if (found := read(tokens, k)) is not None and found[0] >= 0:
            return found
    if word.endswith("yo") and word[:-2].isdigit():
        return int(word[:-2]), k + 1
    return None


def _years_at(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """ "60 year(s) (old)", "sixty odd years", "six months old"; not "60 years ago"."""
    found = number_at(tokens, k)
    if found is None:
        return None
    years, stop = found
    if tokens[stop : stop + 1] in (("odd",), ("something",)):
        stop += 1
        if tokens[stop - 1] == "something":
            return years + 4, stop
    unit = tokens[stop] if stop < len(tokens) else ""
    old = tokens[stop + 1] if stop + 1 < len(tokens) else ""
    if unit in _MONTHS:
        return (years / 12 if unit.startswith("month") else 0, stop + 2) if old == "old" else None
    if unit not in _YEARS or old in ("ago", "of", "in", "later", "before", "since", "after", "war"):
        return None
    return years, stop + 1 + (old in ("old", "olds"))


def _alone(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """A clause like "45", "early thirties", "nearly ninety", "in his 30s", "male 40"."""
    if any(t not in _ABOUT and t not in _WITHIN and t not in _PERSONAL for t in tokens[:k]):
        return None
    start, more = k, 0
    if tokens[k] in _WITHIN and k + 1 < len(tokens):
        more, start = _WITHIN[tokens[k]], k + 1
    if tokens[start] in _DECADES and start + 1 == len(tokens):
        return _DECADES[tokens[start]] + more, start + 1
    found = number_at(tokens, k)
    if found is None or found[0] > OLDEST:
        return None
    ends = found[1] == len(tokens) or (tokens[found[1] : found[1] + 1] in (("or",), ("and",)) and k > 0)
    return found if ends and found[0] >= (_LONE_AGE if k == 0 else 1) else None


def _between(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """ "between sixty and seventy", "30 to 40 years old"."""
    first = number_at(tokens, k + 1 if tokens[k] in ("between", "aged") else k)
    if first is None or first[1] >= len(tokens) or tokens[first[1]] not in ("and", "to", "or"):
        return None
    other = number_at(tokens, first[1] + 1)
    if other is None or not first[0] <= other[0] <= OLDEST:
        return None
    stop = other[1]
    years = stop < len(tokens) and tokens[stop] in _YEARS
    if tokens[k] not in ("between", "aged") and not years:
        return None
    if years:
        stop += 1 + (tokens[stop + 1 : stop + 2] == ("old",))
    return (first[0] + other[0]) / 2, stop


def _age_after(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """ "aged 60", "age of 60", "at the age of 60", "a woman of sixty", "a woman around fifty"."""
    word = tokens[k]
    if word in ("aged", "age"):
        at = k + 1 + (tokens[k + 1 : k + 2] == ("of",))
    elif (word == "of" and k > 0) or (
        word in ("around", "about", "nearly", "over", "almost", "pushing", "past") and k > 0
    ):
        at = k + 1
    else:
        return None
    while at < len(tokens) and tokens[at] in _ABOUT:
        at += 1
    found = number_at(tokens, at)
    if found is None:
        return None
    years, stop = found
    after = tokens[stop] if stop < len(tokens) else ""
    if word == "of" and (years > OLDEST or (years < _LONE_AGE and tokens[k - 1] not in _YOUNG)):
        return None  # "a soldier of 1916", "mother of three"
    if word not in ("aged", "age") and (after not in _AFTER | _YEARS or (word != "of" and years < _LONE_AGE)):
        return None  # "one of two sisters", "around two corners"
    stop += after in _YEARS
    return years, stop + (tokens[stop : stop + 1] == ("old",))


def _decade_after(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """ "in her (early) sixties"; not "in the sixties", which is an era."""
    at = k + 1
    if tokens[k] != "in" or at >= len(tokens) or tokens[at] not in _OWNERS:
        return None
    at, more = at + 1, 0
    if at < len(tokens) and tokens[at] in _WITHIN:
        more, at = _WITHIN[tokens[at]], at + 1
    if at < len(tokens) and tokens[at] in _DECADES:
        return _DECADES[tokens[at]] + more, at + 1
    return None


def _looks(tokens: tuple[str, ...], k: int) -> tuple[float, int] | None:
    """ "looks nineteen", "is seventy", "turned 40"."""
    if tokens[k] not in ("looks", "look", "is", "turned", "turning", "was"):
        return None
    at = k + 1
    while at < len(tokens) and tokens[at] in _ABOUT:
        at += 1
    found = number_at(tokens, at)
    if found is None or (found[1] < len(tokens) and tokens[found[1]] not in _AFTER):
        return None
    return found
