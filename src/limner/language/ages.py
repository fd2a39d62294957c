"""Ages in figures and words: "a 60-year-old", "of seventy", "in her late twenties"."""

from __future__ import annotations

import numpy as np

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
_YEARS = frozenset({"year", "years", "yr", "yrs", "yo", "y"})

# years, and the setting of the dial "age" at which portraits with such captions lie (medians over the
# training portraits for "child", "teenager", "young", "middle aged", "old"; between them by eye)
_AT = [2, 6, 10, 14, 17, 20, 25, 30, 35, 40, 50, 60, 70, 80, 100]
_SETTING = [-0.99, -0.97, -0.95, -0.9, -0.85, -0.7, -0.5, -0.2, 0.1, 0.35, 0.58, 0.75, 0.87, 0.94, 0.98]

OLDEST = 120
"""Higher figures are no ages."""


def setting_of(years: float) -> float:
    """Setting of the dial "age" for a number of years."""
    return round(float(np.interp(years, _AT, _SETTING)), 3)


def number_at(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """A whole number that begins at token `k`: its value and the token after it."""
    word = tokens[k] if k < len(tokens) else ""
    if word.isascii() and word.isdigit() and len(word) < 4:
        return int(word), k + 1
    if word not in _FIGURES:
        return None
    more = tokens[k + 1] if k + 1 < len(tokens) else ""
    if word in _TENS[:-1] and more in _UNITS:
        return _FIGURES[word] + _FIGURES[more], k + 2
    return _FIGURES[word], k + 1


def age_at(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """An age that begins at token `k`: years and the token after it.

    Read are "60 year(s) old", "60yo", "aged 60", "of sixty", "in her (early) sixties", "age 60".
    """
    word = tokens[k]
    if word in ("aged", "age") or (word == "of" and k > 0):
        found = _age_after(tokens, k)
    elif word == "in":
        found = _decade_after(tokens, k)
    elif word.endswith("yo") and word[:-2].isdigit():
        found = int(word[:-2]), k + 1
    else:
        found = _years_at(tokens, k)
    return found if found and 1 <= found[0] <= OLDEST else None


def _years_at(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """ "60 year(s) (old)"."""
    found = number_at(tokens, k)
    if found is None or tokens[found[1] : found[1] + 1] == () or tokens[found[1]] not in _YEARS:
        return None
    years, stop = found[0], found[1] + 1
    return years, stop + (tokens[stop : stop + 1] == ("old",))


def _age_after(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """ "aged 60", "age of 60", "a woman of sixty"."""
    at = k + 2 if tokens[k : k + 2] == ("age", "of") else k + 1
    found = number_at(tokens, at)
    if found is None:
        return None
    years, stop = found
    after = tokens[stop] if stop < len(tokens) else ""
    if tokens[k] == "of" and after not in ("", *_YEARS, "with", "and", "in"):
        return None  # "one of two sisters"
    return years, stop + (after in _YEARS)


def _decade_after(tokens: tuple[str, ...], k: int) -> tuple[int, int] | None:
    """ "in her (early) sixties"; not "in the sixties", which is an era."""
    at = k + 1
    if at >= len(tokens) or tokens[at] not in _OWNERS:
        return None
    at, more = at + 1, 0
    if at < len(tokens) and tokens[at] in _WITHIN:
        more, at = _WITHIN[tokens[at]], at + 1
    if at < len(tokens) and tokens[at] in _DECADES:
        return _DECADES[tokens[at]] + more, at + 1
    return None
