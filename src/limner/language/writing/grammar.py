"""A grammar of sentences: slots, each with many frames, filled with what is known.

A file of frames is TOML: `slot = ["frame", ...]`.  Within a frame

* `{name}` is a value or, if there is none of this name, another slot; `{Name}` begins with a capital;
* `{a name}` has the article that fits;
* `{this|that}` is a choice; `{was/were}` agrees with the pronoun (the second form for "they");
* `[child -future]` at the beginning names tags that must, or must not, hold.

A frame that needs a value which is empty is not used.  Of the frames that fit, one that was used least in
this set of texts is drawn.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from limner.core.errors import LimnerError
from limner.language.writing.chance import Chance

_TAGS = re.compile(r"\[([a-z ,-]+)\]\s*")
_HOLE = re.compile(r"\{([^{}]*)\}")
_ARTICLE = re.compile(r"([Aa]n?) (\w+)")
_DEPTH = 8
_BRACES = str.maketrans("{}", "()")  # a value never opens a hole of its own


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say something."""

    text: str
    tags: frozenset[str] = frozenset()
    """Tags that must hold."""
    never: frozenset[str] = frozenset()
    """Tags that must not hold."""
    needs: frozenset[str] = frozenset()
    """Values and slots that it mentions."""

    def fits(self, tags: Collection[str]) -> bool:
        """True if the tags allow it."""
        return self.tags.issubset(tags) and self.never.isdisjoint(tags)


@dataclass(slots=True)
class Used:
    """What a set of texts has used so far."""

    frames: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How often a frame was used, by slot and text."""


class Grammar:
    """Frames by slot.

    Args:
        slots: texts of the frames by the slot's name.

    Raises:
        LimnerError: a slot without frames.
    """

    def __init__(self, slots: Mapping[str, list[str]]) -> None:
        self._slots = {name: tuple(map(_frame, texts)) for name, texts in slots.items()}
        if empty := [name for name, frames in self._slots.items() if not frames]:
            raise LimnerError(f"The grammar has no frames for {', '.join(empty)}.")

    @property
    def slots(self) -> Mapping[str, tuple[Frame, ...]]:
        """All frames by slot."""
        return self._slots

    def fitting(self, slot: str, values: Mapping[str, str], tags: Collection[str]) -> tuple[Frame, ...]:
        """The frames of a slot that can be said."""
        return tuple(f for f in self._slots[slot] if f.fits(tags) and self._known(f, values, tags, 0))

    def say(
        self,
        slot: str,
        values: Mapping[str, str],
        chance: Chance,
        *,
        tags: Collection[str] = (),
        used: Used | None = None,
    ) -> str:
        """One text of a slot.

        Raises:
            LimnerError: no frame of the slot fits these values and tags.
        """
        safe = {name: value.translate(_BRACES) for name, value in values.items()}
        return _tidy(self._say(slot, safe, chance, tags, used or Used()))

    def _say(self, slot: str, values: Mapping[str, str], chance: Chance, tags: Collection[str], used: Used) -> str:
        frames = self.fitting(slot, values, tags)
        if not frames:
            raise LimnerError(f"No frame of {slot!r} fits the tags {', '.join(sorted(tags))}.")
        least = min(used.frames[slot, f.text] for f in frames)
        frame = chance.pick([f for f in frames if used.frames[slot, f.text] == least])
        used.frames[slot, frame.text] += 1
        text = frame.text
        while (hole := _HOLE.search(text)) is not None:
            text = text[: hole.start()] + self._fill(hole.group(1), values, chance, tags, used) + text[hole.end() :]
        return text

    def _fill(self, hole: str, values: Mapping[str, str], chance: Chance, tags: Collection[str], used: Used) -> str:
        if "|" in hole:
            return chance.pick(hole.split("|"))
        if "/" in hole:
            one, many = hole.split("/", 1)
            return many if "they" in tags else one
        article = _ARTICLE.fullmatch(hole)
        name = article.group(2) if article else hole
        key = name[0].lower() + name[1:]
        said = values[key] if values.get(key) else self._say(key, values, chance, tags, used)
        capital = name[0].isupper()
        if article:
            said, capital = with_article(said), article.group(1)[0].isupper()
        return said[0].upper() + said[1:] if capital and said else said

    def _known(self, frame: Frame, values: Mapping[str, str], tags: Collection[str], depth: int) -> bool:
        if depth > _DEPTH:
            return False
        for name in frame.needs:
            if values.get(name):
                continue
            inner = self._slots.get(name, ())
            if not any(f.fits(tags) and self._known(f, values, tags, depth + 1) for f in inner):
                return False
        return True


def read_grammar(name: str) -> Grammar:
    """A grammar that ships (`grammars/NAME.toml`).

    Raises:
        LimnerError: the file is not such a TOML file.
    """
    return _read(name)


@cache
def _read(name: str) -> Grammar:
    text = resources.files("limner.language.writing").joinpath("grammars", f"{name}.toml").read_text("utf-8")
    try:
        data = tomllib.loads(text)
        return Grammar({slot: [str(f) for f in frames] for slot, frames in data.items()})
    except (tomllib.TOMLDecodeError, TypeError) as exc:
        raise LimnerError(f"The grammar {name}.toml is not valid: {exc}.") from exc


def with_article(words: str) -> str:
    """ "a poet", "an elf", "an hour", "a union": words with their indefinite article."""
    if not words:
        return ""
    first = words.split(maxsplit=1)[0].lower()
    vowel = first[0] in "aeiouáéíóúâêîôûäëïöü" and not re.match(r"(uni|use|usu|eu|one|once|ukr)", first)
    silent = re.match(r"(hour|heir|honest|honour)", first) is not None
    spelt = re.fullmatch(r"(8\d*|11|18)(-.*)?", first) is not None
    return f"{'an' if vowel or silent or spelt else 'a'} {words}"


def sentence(words: str) -> str:
    """Words as a sentence: a capital in front, a full stop behind."""
    words = words.strip()
    if not words:
        return ""
    words = words[0].upper() + words[1:]
    return words if words.endswith((".", "!", "?", '."', ".'", "\u201d")) else f"{words}."


def _frame(text: str) -> Frame:
    match = _TAGS.match(text)
    marks = match.group(1).replace(",", " ").split() if match else []
    bare = text[match.end() :] if match else text
    return Frame(
        text=bare,
        tags=frozenset(m for m in marks if not m.startswith("-")),
        never=frozenset(m[1:] for m in marks if m.startswith("-")),
        needs=frozenset(_needs(bare)),
    )


def _needs(text: str) -> Iterator[str]:
    for hole in _HOLE.findall(text):
        if "|" in hole or "/" in hole:
            continue
        match = _ARTICLE.fullmatch(hole)
        name = match.group(2) if match else hole
        yield name[0].lower() + name[1:]


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:?!])", r"\1", text)
    return re.sub(r",(?=[.;:?!])|,(?=,)", "", text)
