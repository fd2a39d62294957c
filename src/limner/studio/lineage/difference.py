"""What is different between two recipes, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limner.core.dials import dial_table

_STEP = 0.005  # smaller turns of a dial are rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that changed."""

    field: str
    """Where: "words", "dials.smile", "seed", "medium" ..."""
    before: Any
    after: Any
    words: str
    """The change as a phrase."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"field": self.field, "before": self.before, "after": self.after, "words": self.words}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed between two recipes, the weightiest first.

    Args:
        before: a recipe as JSON (`Recipe.to_json`), of any version.
        after: another one.
    """
    old: dict[str, Any] = before.get("reading") or {}
    new: dict[str, Any] = after.get("reading") or {}
    old_dials: dict[str, float] = old.get("dials") or {}
    new_dials: dict[str, float] = new.get("dials") or {}
    old_palette: list[str] = old.get("palette") or []
    new_palette: list[str] = new.get("palette") or []
    found = [
        *_texts(old, new),
        *_dials(old_dials, new_dials),
        *_palette(old_palette, new_palette),
        *_numbers(before, after),
        *_others(before, after, old, new),
    ]
    if not found and before.get("limner") != after.get("limner"):
        versions = before.get("limner"), after.get("limner")
        found = [_said("limner", *versions, f"painted by Limner {versions[1]} instead of {versions[0]}")]
    return found


def in_words(found: Sequence[Difference], *, most: int = 4) -> str:
    """A line that says what changed; "nothing" if nothing did."""
    if not found:
        return "nothing"
    rest = len(found) - most
    listed = "; ".join(d.words for d in found[:most])
    return listed if rest <= 0 else f"{listed}; and {rest} more"


def _texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for field, said in (("words", ""), ("avoid", "avoids ")):
        was, now = str(old.get(field, "")), str(new.get(field, ""))
        if was != now:
            yield _said(field, was, now, said + _rewording(was, now))


def _rewording(was: str, now: str) -> str:
    """Which words came and which went."""
    a, b = was.split(), now.split()
    went: list[str] = []
    came: list[str] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            went += [" ".join(a[i:j])] if i < j else []
            came += [" ".join(b[k:m])] if k < m else []
    parts = [f'+ "{" ... ".join(came)}"'] if came else []
    parts += [f'\u2212 "{" ... ".join(went)}"'] if went else []
    return " ".join(parts) or "spaced otherwise"


def _dials(old: Mapping[str, float], new: Mapping[str, float]) -> list[Difference]:
    table = dial_table()
    found: list[tuple[float, Difference]] = []
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        turn = (now or 0.0) - (was or 0.0)
        if was == now or (was is not None and now is not None and abs(turn) < _STEP):
            continue
        if now is None:
            words = f"{name} no longer set"
        else:
            ends = (table[name].low, table[name].high) if name in table else ("less", "more")
            way = ends[1] if turn > 0 or (turn == 0 and now > 0) else ends[0]
            words = f"{name} {'unset' if was is None else f'{was:+.2f}'} \u2192 {now:+.2f} ({way})"
        found.append((-abs(turn), _said(f"dials.{name}", was, now, words)))
    return [difference for _, difference in sorted(found, key=lambda item: item[0])]


def _palette(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    if list(old) == list(new):
        return
    came, went = [c for c in new if c not in old], [c for c in old if c not in new]
    parts = [f"+ {' '.join(came)}"] if came else []
    parts += [f"\u2212 {' '.join(went)}"] if went else []
    yield _said("palette", list(old), list(new), f"palette {' '.join(parts) or 'in another order'}")


def _numbers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    phrases = {
        "guidance": ("follows the brief more loosely", "follows the brief more closely"),
        "variety": ("nearer to the typical", "farther from the typical"),
        "size": ("smaller", "larger"),
    }
    if before.get("seed") != after.get("seed"):
        was, now = before.get("seed"), after.get("seed")
        yield _said("seed", was, now, f"another seed ({was} \u2192 {now})")
    for field, (less, more) in phrases.items():
        was, now = before.get(field), after.get(field)
        if isinstance(was, int | float) and isinstance(now, int | float) and was != now:
            yield _said(field, was, now, f"{more if now > was else less} ({field} {was:g} \u2192 {now:g})")


def _others(
    before: Mapping[str, Any], after: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    """Engine, medium, style, and whatever later versions add."""
    for field in ("style", "medium"):
        if old.get(field, "") != new.get(field, "") and not (before.get(field) or after.get(field)):
            yield _said(field, old.get(field), new.get(field), _changed(field, old.get(field), new.get(field)))
    done = {"reading", "seed", "guidance", "variety", "size", "limner", "schema"}
    for field in sorted({*before, *after} - done):
        yield from _deep(field, before.get(field), after.get(field))
    known = {"words", "avoid", "dials", "palette", "understood", "style", "medium", "notes", "text", "avoid_text"}
    for field in sorted({*old, *new} - known):
        yield from _deep(field, old.get(field), new.get(field))
    same_words = old.get("words") == new.get("words") and old.get("avoid") == new.get("avoid")
    if same_words and any(old.get(f) != new.get(f) for f in ("text", "avoid_text")):
        yield _said("text", None, None, "the same words, read by another text encoder")


def _deep(field: str, was: Any, now: Any) -> Iterator[Difference]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        old: dict[str, Any] = {**was}
        new: dict[str, Any] = {**now}
        for name in sorted({*old, *new}):
            yield from _deep(f"{field}.{name}", old.get(name), new.get(name))
        return
    yield _said(field, was, now, _changed(field, was, now))


def _changed(field: str, was: Any, now: Any) -> str:
    def short(value: Any) -> str:
        text = "none" if value in (None, "", [], {}) else value if isinstance(value, str) else repr(value)
        return text if len(text) <= 40 else f"{text[:12]}\u2026"

    return f"{field} {short(was)} \u2192 {short(now)}"


def _said(field: str, before: Any, after: Any, words: str) -> Difference:
    return Difference(field=field, before=before, after=after, words=words)
