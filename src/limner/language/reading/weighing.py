"""Weighing: one setting a dial out of all that a brief says.

What is measured on a sitter (age, colours, beard, pose ...) is settled by the plainest word: a figure or
a colour before "old" or "pale", those before what a profession or a people merely suggests.  Moods and
tones mix: plain words weigh 1, suggestions 0.5, and every contradiction is remarked on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from limner.core.dials import COLOURED, dial_table
from limner.language.reading.draft import Found

_DIRECT = frozenset({"look", "person", "feature", "hairstyle", "part", "age", "colour"})
_MIXED = frozenset({
    "smile", "mouth_open", "brow_raise", "eye_open", "brightness", "contrast", "saturation", "warmth", "detail",
})  # fmt: skip
_COLOURS = frozenset(name for part in COLOURED for name in (part, f"{part}_red", f"{part}_yellow"))
_OF_PARTS = frozenset({"feature", "hairstyle"})
_ASIDE = frozenset({"age", "femininity", "skin", "skin_red", "skin_yellow"})
"""What a feature or a hairstyle only suggests ("freckles" a light skin, "grey beard" an age)."""
_SUGGESTED = 0.5  # weight of what a word only suggests beside what another says outright
_CLEAR = 0.2  # settings beyond this contradict each other
_EVEN = 0.1  # a mixture nearer to 0 is nobody's


def rank(found: Found, dial: str) -> int:
    """How outright a word sets a dial: 3 a figure or a colour, 2 a plain word, 1 a suggestion, 0 less than that."""
    if found.stated or (found.kind == "colour" and dial in _COLOURS):
        return 3
    source = next((term for term in reversed(found.terms) if dial in term.dials), None)
    kind = source.kind if source else found.kind
    direct = kind in _DIRECT or (source is not None and source.own)
    if dial in found.leans:
        return int(direct)
    return 1 if kind in _OF_PARTS and dial in _ASIDE else 1 + direct


def mixture(found: Iterable[Found]) -> dict[str, float]:
    """One setting a dial."""
    return weigh(found)[0]


def weigh(found: Iterable[Found]) -> tuple[dict[str, float], list[str]]:
    """One setting a dial, and one sentence for all dials that the same words pull in opposite directions."""
    settings: dict[str, float] = {}
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for dial, said in _by_dial(found).items():
        settings[dial] = value = said[0][1] if len(said) == 1 else _weighed(dial, said)
        up = [s for s in said if s[1] > _CLEAR]
        down = [s for s in said if s[1] < -_CLEAR]
        if up and down and not set(_names(up)) & set(_names(down)):
            verdict = _verdict(dial, said, value)
            groups.setdefault((_names(up), _names(down), verdict), []).append(dial.replace("_", " "))
    remarks = [
        f"{_listed(up)} and {_listed(down)} pull apart over {_listed(dials)}: {verdict}."
        for (up, down, verdict), dials in groups.items()
    ]
    return settings, remarks


_Say = tuple[int, float, Found]
"""What is said of a dial: rank, setting, by whom."""


def _by_dial(found: Iterable[Found]) -> dict[str, list[_Say]]:
    """Everything that is said of each dial."""
    by_dial: dict[str, list[_Say]] = {}
    denied = False
    for item in found:
        denied = denied or item.denied
        for dial, value in item.dials.items():
            by_dial.setdefault(dial, []).append((rank(item, dial), value, item))
    for dial, said in by_dial.items() if denied else ():
        if any(not item.denied for _, _, item in said):
            # "no red hair: blue hair": what is said outright wins over what is ruled out
            by_dial[dial] = [s for s in said if not s[2].denied]
    return by_dial


def _weighed(dial: str, said: Sequence[_Say]) -> float:
    top = max(r for r, _, _ in said)
    first = [(value, item.weight) for r, value, item in said if r == top]
    setting = _mean(first)
    if dial not in _MIXED or top < 2:
        return setting
    against = [
        (value, _SUGGESTED * item.weight) for r, value, item in said if r < top and value * setting < 0
    ]  # a suggestion that agrees adds nothing
    return _mean([*first, *against]) if against else setting


def _mean(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs)


def _verdict(dial: str, said: Sequence[_Say], value: float) -> str:
    """How words that pull apart were settled."""
    top = max(r for r, _, _ in said)
    first = [s for s in said if s[0] == top]
    if dial not in _MIXED and (all(s[1] > 0 for s in first) or all(s[1] < 0 for s in first)):
        return f"{_listed(_names(first))} decides"
    side = dial_table()[dial].high if value > 0 else dial_table()[dial].low
    return "they cancel out" if abs(value) < _EVEN else f"mixed, nearer to {side} ({value:+.2f})"


def _names(said: Iterable[_Say]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.term for _, _, item in said))


def _listed(names: Sequence[str]) -> str:
    words = [f'"{n}"' if " " in n else n for n in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
