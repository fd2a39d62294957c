"""The word lists of other languages as they are written: TOML, checked and compiled.

One file a language lies in `data/`.  Its tables are kinds of words ("colour", "part", "look",
"person", "glue" ...); in a table stand English words and, parted by commas, what the language says for
them.  A star ends a stem ("blau*"): it stands for the stem with any of the endings that the file names,
those of `feminine` making a woman of a person.  A plus begins a form that is said of women only
("+jueza" of a judge).  Numbers are listed to twenty and by tens; `join` makes the others
("{unit}und{ten}"), `aged` the words for years of age ("{number}jährig*").

Reading TOML takes a while, so `python -m limner.language.tongues` checks all files and writes
`data/compiled/<code>.json`, which is what a translation loads, and `data/compiled/tells.json`, by which a language
is told from English (a test holds files and compiled files together).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from limner.core.errors import LimnerError
from limner.language.tongues.words import CODES, KINDS, LATIN, Word, accented, folder, of_woman, plain

_TENS = ("20", "30", "40", "50", "60", "70", "80", "90")
_UNITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"))


def read_tongue(text: str, code: str) -> dict[str, Any]:
    """Parse and check one language's file; the result is what is compiled.

    Raises:
        LimnerError: not TOML, an unknown table, or a form that stands for two things.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise LimnerError(f"The word list of {code!r} is not valid TOML: {exc}.") from exc
    tables: dict[str, dict[str, str]] = {k: v for k, v in data.items() if isinstance(v, dict)}
    if unknown := set(tables) - set(KINDS):
        raise LimnerError(f"The word list of {code!r} has unknown tables: {', '.join(sorted(unknown))}.")
    letters = {c: group[0] for group in data.get("letters", "").split() for c in group[1:]}
    forms: dict[str, tuple[str, str]] = {}
    twice: list[str] = []
    for kind, english, form in _entries(tables):
        for variant in _variants(form, code):
            key = _spaced(accented(variant) if code in LATIN else plain(variant, code, letters))
            known = forms.setdefault(key, (kind, english))
            if known != (kind, english):
                twice.append(f"{form!r} means {known[1]!r} and {english!r}")
    if twice:
        raise LimnerError(f"The word list of {code!r} is not plain: {'; '.join(twice)}.", "Leave one of each out.")
    for key, word in list(forms.items()) if code in LATIN else ():
        forms.setdefault(plain(key, code), word)  # written without accents
    return {
        "name": data["name"],
        "after": data.get("adjectives", "before") == "after",
        "last": data.get("nouns", "first") == "last",
        "spaced": data.get("spaced", True),
        "endings": plain(data.get("endings", ""), code),
        "links": data.get("links", []),
        "proclitics": data.get("proclitics", []),
        "feminine": plain(data.get("feminine", ""), code),
        "letters": letters,
        "forms": {form: list(word) for form, word in forms.items()},
    }


def _spaced(form: str) -> str:
    return " ".join(re.findall(r"[^\s\-']+", form))


def _entries(tables: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Kind, English and form of every entry, numbers made up to 99 and years of age made from them."""
    for kind, table in tables.items():
        if kind == "number":
            yield from _numbers(table)
            continue
        for english, forms in table.items():
            for form in _listed(forms):
                said = of_woman(Word(kind, english)).english if form.startswith("+") else english
                yield kind, said, form.removeprefix("+")


def _numbers(table: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    join, aged = table.get("join", ""), table.get("aged", "")
    said = {n: _listed(forms) for n, forms in table.items() if n.isdigit()}
    units = said | {"1": _listed(table.get("one", ""))}
    for number, forms in said.items():
        yield from (("number", number, form) for form in forms)
        if aged and forms:
            yield "age", f"{number} years old", aged.format(number=forms[-1])
    for ten in _TENS if join else ():
        for unit in _UNITS:
            number = str(int(ten) + int(unit))
            if number in said or not units.get(unit) or ten not in said:
                continue
            for t in said[ten]:
                yield from (("number", number, join.format(ten=t, unit=u)) for u in units[unit])
            if aged:
                whole = join.format(ten=said[ten][-1], unit=units[unit][-1]).replace(" ", "")
                yield "age", f"{number} years old", aged.format(number=whole)


def _listed(forms: str) -> list[str]:
    return [form for part in forms.split(",") if (form := part.strip())]


def _variants(form: str, code: str) -> tuple[str, ...]:
    """German words also without their dots: "gruen"."""
    if code != "de" or not any(c in form for c, _ in _UMLAUTS):
        return (form,)
    other = form
    for letter, pair in _UMLAUTS:
        other = other.replace(letter, pair)
    return form, other


def source(code: str) -> dict[str, Any]:
    """What the TOML file of a language says, checked."""
    return read_tongue(folder().joinpath(f"{code}.toml").read_text("utf-8"), code)


def english_words() -> frozenset[str]:
    """Words that are English whatever else they are."""
    data = tomllib.loads(folder().joinpath("english.toml").read_text("utf-8"))
    return frozenset(plain(word, "en") for words in data["words"].values() for word in words.split())


def tells(sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """By what the languages that share English letters are known: their words, less those of English."""
    english = english_words()
    found: dict[str, Any] = {"english": " ".join(sorted(english))}
    for code in LATIN:
        atoms = {atom for form in sources[code]["forms"] for atom in form.split(" ") if atom == plain(atom, code)}
        found[code] = {
            "words": " ".join(sorted(a for a in atoms if not a.endswith("*") and len(a) > 1)),
            "stems": " ".join(sorted(a[:-1] for a in atoms if a.endswith("*"))),
            "endings": sources[code]["endings"],
            "tails": " ".join(sorted(_tails(sources[code]))),
        }
    return found


def _tails(data: Mapping[str, Any]) -> set[str]:
    """Stems that end a compound of a language that makes them ("haarig" in "rothaarig")."""
    parts = {form for form, (kind, english) in data["forms"].items() if kind == "part" and english.endswith("ed")}
    return {form[:-1] for form in parts if form.endswith("*") and form == plain(form, "")} if data["links"] else set()


def compile_all(place: Path) -> None:
    """Write the compiled files of all languages into the folder `place`."""
    place.mkdir(exist_ok=True)
    sources = {code: source(code) for code in CODES}
    for name, data in [*sources.items(), ("tells", tells(sources))]:
        place.joinpath(f"{name}.json").write_text(_lines(data), "utf-8")
        print(f"{name}: {len(data.get('forms', data))} forms")


def _lines(data: Mapping[str, Any]) -> str:
    """JSON with one form a line."""
    rows = [f"{_json(key)}:{_json(value)}" for key, value in data.items() if key != "forms"]
    if forms := data.get("forms"):
        rows.append('"forms":{\n' + ",\n".join(f"{_json(k)}:{_json(v)}" for k, v in forms.items()) + "\n}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
