"""Lexicon files: TOML, one kind of term each, read and checked.

Every file names its kind ("colour", "part", "look", "person", "mood", "light" ...) and lists terms.  A
term has a head word, synonyms, a gloss, and what it does: a colour in Lab, a part that takes a colour,
dial settings, a palette, plain words for the text encoder, a style, a medium, a composition.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from limner.core.dials import dial_table
from limner.core.errors import LimnerError
from limner.core.palette import Colour
from limner.language.lexicon.term import Term
from limner.language.tokens import tokenise

_LISTS = ("synonyms", "implied_by", "palette", "like", "leans")
_TEXTS = ("opposite", "words", "style", "medium", "composition", "scale", "gloss", "source", "colour")
_KEYS = {"word", "said", "lab", "lightness", "chroma", "strength", "dials", "degree", *_LISTS, *_TEXTS}
_HEX = re.compile("#[0-9a-f]{6}")


def read_terms(text: str, name: str) -> list[Term]:
    """Parse and check one lexicon file.

    Raises:
        LimnerError: not TOML, an unknown key, an unknown dial or a setting out of range.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise LimnerError(f"The lexicon file {name} is not valid TOML: {exc}.") from exc
    kind = data.get("kind")
    if not isinstance(kind, str):
        raise LimnerError(f"The lexicon file {name} does not name its kind.", 'Begin it with: kind = "look"')
    return [_term(entry, kind, name) for entry in data.get("term", [])]


def source_terms() -> list[Term]:
    """The terms of the files that ship, checked."""
    terms: list[Term] = []
    folder = resources.files("limner.language.lexicon").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            terms += read_terms(file.read_text("utf-8"), file.name)
    return terms


def own_terms(folder: Path) -> list[Term]:
    """Terms that a person added: every `*.toml` of a folder, in the order of the names.

    Raises:
        LimnerError: a file is not valid; the message says which and why.
    """
    terms: list[Term] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            terms += read_terms(path.read_text("utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as exc:
            raise LimnerError(f"The lexicon file {path} cannot be read: {exc}.") from exc
    return [replace(term, own=True) for term in terms]


def _term(entry: dict[str, Any], kind: str, name: str) -> Term:
    word = entry.get("word")
    if not isinstance(word, str) or not tokenise(word):
        raise LimnerError(f"A term of {name} has no word: {entry}.")

    def wrong(what: str) -> LimnerError:
        return LimnerError(f"Term {word!r} of {name}: {what}.")

    _check_shape(entry, wrong)
    try:
        lab = [float(v) for v in entry["lab"]] if "lab" in entry else None
        lightness = [float(v) for v in entry.get("lightness", [1.0, 0.0])]
        wears = (lightness[0], lightness[1], float(entry.get("chroma", 1.0)))
        strength = float(entry.get("strength", 1.0))
        colour = Colour(lab[0], lab[1], lab[2]) if lab else None
        settings = {str(k): float(v) for k, v in entry.get("dials", {}).items()}
    except (TypeError, ValueError, IndexError, AttributeError) as exc:
        raise wrong(f"a number is missing or is none ({exc})") from exc
    if strangers := set(entry.get("leans", [])) - set(settings):
        raise wrong(f"leans towards {', '.join(sorted(strangers))}, which it does not set")
    table = dial_table()
    return Term(
        word=word,
        kind=kind,
        said=bool(entry.get("said", True)),
        synonyms=tuple(entry.get("synonyms", [])),
        implied_by=tuple(entry.get("implied_by", [])),
        colour=colour,
        like=tuple(entry.get("like", [])),
        part=entry.get("colour"),
        wears=wears,
        strength=strength,
        dials={k: table.check(k, v) for k, v in settings.items()},
        leans=tuple(entry.get("leans", [])),
        opposite=entry.get("opposite"),
        words=entry.get("words", ""),
        palette=tuple(entry.get("palette", [])),
        style=entry.get("style", ""),
        medium=entry.get("medium", ""),
        composition=entry.get("composition", ""),
        scale=entry.get("scale", ""),
        degree=float(entry.get("degree", 0.0)),
        gloss=entry.get("gloss", ""),
        source=entry.get("source", ""),
    )


def _check_shape(entry: dict[str, Any], wrong: Callable[[str], LimnerError]) -> None:
    """Raise what `wrong` makes of the first key that is unknown or of the wrong type."""
    if unknown := set(entry) - _KEYS:
        raise wrong(f"unknown keys {', '.join(sorted(unknown))}")
    for key in _LISTS:
        if not isinstance(entry.get(key, []), list) or not all(isinstance(s, str) for s in entry.get(key, [])):
            raise wrong(f"{key} is not a list of texts")
    for key in _TEXTS:
        if not isinstance(entry.get(key, ""), str):
            raise wrong(f"{key} is not a text")
    if bad := [c for c in entry.get("palette", []) if not _HEX.fullmatch(c)]:
        raise wrong(f"palette colour {bad[0]!r} is not of the form #rrggbb in small letters")
    degree = entry.get("degree", 0.0)
    if not isinstance(degree, int | float) or not 0 <= degree <= 1:
        raise wrong(f"degree {degree!r} is not a number from 0 to 1")
