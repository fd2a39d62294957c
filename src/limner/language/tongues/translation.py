"""Briefs in other languages, said in English for the reader.

`translate` finds out which language a brief is in, looks its words up in that language's list (see
`words`) and puts them into English order (see `order`), so that colours stay with the part
that they were said of.  It knows the words that portraits are described with, not the language: what it
does not know stays in its place and is named.  A brief in English comes back as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from limner.language.tongues.items import Item
from limner.language.tongues.order import in_english
from limner.language.tongues.words import LATIN, OF_WOMEN, Tongue, Word, plain, shipped_tells, tongue

ENGLISH = "en"
"""Code of the language that the reader reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A brief in English, and what became of its words."""

    words: str
    """The brief that the reader reads."""
    language: str = ENGLISH
    """ISO 639 code of the language that it was in; "en" if it was left as it is."""
    spans: tuple[tuple[str, str], ...] = ()
    """Stretches of the brief as written and in English, in the brief's order."""
    unknown: tuple[str, ...] = ()
    """Words that were left as they are."""

    @property
    def name(self) -> str:
        """English name of the language ("German")."""
        return "English" if self.language == ENGLISH else tongue(self.language).name

    @property
    def note(self) -> str:
        """What to tell a person: "read as German: red hair"; empty for English."""
        return "" if self.language == ENGLISH else f"read as {self.name}: {self.words}"


def translate(words: str) -> Translation:
    """Say a brief in English.

    Args:
        words: a brief in any of the languages of `words.CODES`, or in English.

    Returns:
        The brief as it was if it is in English or in no language that is known.
    """
    found = [t for code in _candidates(words) if (t := _translated(words, tongue(code))) is not None]
    return min(found, key=lambda t: len("".join(t.unknown)), default=Translation(words=words))


# which language ------------------------------------------------------------------------------------

_SCRIPTS = (
    (("ja",), re.compile("[\u3041-\u30fa]")),
    (("zh", "ja"), re.compile("[\u3005\u3007\u3400-\u9fff]")),
    (("ru",), re.compile("[\u0400-\u045f]")),
    (("ar",), re.compile("[\u0620-\u06ff]")),
    (("hi",), re.compile("[\u0900-\u097f]")),
)
_LETTER = re.compile(r"[^\W\d_]")
_MIXED = re.compile(r"[a-z][\u0400-\u045f]|[\u0400-\u045f][a-z]", re.IGNORECASE)
_LATIN = re.compile(r"[^\W\d_]+")
_ELSEWHERE = {"ru": re.compile("[іїєґўђјљњћџ]"), "ar": re.compile("[پچژگکیٹڈڑےں]")}
_LEAST = 0.4  # of a brief's words, those that must be known before it is translated


def _candidates(words: str) -> tuple[str, ...]:
    """Languages that a brief may be in, likeliest first; none if it is in English."""
    if not words.isascii():
        letters = len(_LETTER.findall(words))
        for codes, script in _SCRIPTS:
            share = len(script.findall(words))
            kana = codes == ("ja",) and share > 0
            if (kana and share + len(_SCRIPTS[1][1].findall(words)) > letters / 2) or share > letters / 2:
                return () if _MIXED.search(words) or _is_elsewhere(codes[0], words) else codes
    known = _latin(words)
    return (known,) if known else ()


def _is_elsewhere(code: str, words: str) -> bool:
    """True for letters that the language does not have but its neighbours do (Ukrainian, Persian ...)."""
    return code in _ELSEWHERE and _ELSEWHERE[code].search(words.casefold()) is not None


def _latin(words: str) -> str:
    """Code of a language with English letters, or "" for English.

    Words that are English too tell nothing, but those that a language lacks speak against it.
    """
    tells = shipped_tells()
    text = words if words.isascii() else plain(words, "")
    tokens = [t for t in _LATIN.findall(text.casefold()) if len(t) > 1]
    told = [tells.languages(t) for t in tokens if t not in tells.english]
    if not any(told):
        return ""
    also = [tells.languages(t) for t in tokens if t in tells.english]
    best, most = "", 0.0
    for code in LATIN:
        mine = sum(code in codes for codes in told)
        shared = sum(code in codes for codes in also)
        foreign = len(also) - shared
        score = mine + 0.6 * shared + 0.3 * any(c in _MARKS[code] for c in words.casefold())
        if mine > foreign and mine > 0.5 * (len(tokens) - mine - shared) and score > most:
            best, most = code, score
    return best


_MARKS = {"de": "äöüß", "es": "ñ¿¡", "fr": "çœêèùâ", "pt": "ãõç", "tr": "ışğ", "it": "ìòù", "nl": "ĳ"}
"""Letters that a language is known by."""


# words ---------------------------------------------------------------------------------------------

_MARK = r":\s*\d*\.?\d+(?=\s*[)\]])|\d+\.\d+"
_SPACED = re.compile(
    rf"(?P<mark>{_MARK})|(?P<word>#[0-9a-fA-F]{{3,6}}\b|[\w\u0300-\u036f\u064b-\u065f\u0670"
    r"\u0900-\u0963\u0966-\u097f\u200c\u200d]+)|(?P<soft>\s+(?![-\u2013\u2014+]\s)|(?<=\w)['\u2019\-\u2010\u2011](?=\w)"
    r"|['\u2019](?=[\s\d])|(?<=\d)\.(?= (?:Jahrhundert|Jh|y\u00fczy\u0131l)))|(?P<hard>.)",
    re.DOTALL,
)
_RUNS = re.compile(
    rf"(?P<mark>{_MARK})|(?P<word>#[0-9a-fA-F]{{3,6}}\b|[\u3005\u3007\u3041-\u30fa\u30fc-\u30fe\u3400-\u9fff0-9\uff10-\uff19]+"
    r"|[^\W\u3005\u3007\u3041-\u30fe\u3400-\u9fff]+)|(?P<soft>\s+)|(?P<hard>.)",
    re.DOTALL,
)
_STOPS = {
    "\u3001": ", ", "\uff0c": ", ", "\u060c": ", ", "\u3002": ". ", "\u0964": ". ", "\uff1b": "; ", "\u061b": "; ",
    "\uff1a": ": ", "\uff01": "! ", "\uff1f": "? ", "\u061f": "? ", "\uff08": " (", "\uff09": ") ", "\u30fb": " ",
    "\u300c": " ", "\u300d": " ", "\u300a": " ", "\u300b": " ",
}  # fmt: skip
"""Stops and brackets of other scripts."""
_AGED = re.compile(r"(\d{1,3})(\D{3,})")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_FIGURE = re.compile("[0-9\uff10-\uff19]+|[一二三四五六七八九十百〇]+(?=多?[岁歳才歲])|[一二三四五六七八九十]+(?=代)")
_HAN_DIGITS = {c: k for k, c in enumerate("〇一二三四五六七八九")}


def _translated(words: str, into: Tongue) -> Translation | None:
    """A brief in English, or None if too few of its words are known."""
    pieces: list[str] = []
    items: list[Item] = []
    everything: list[Item] = []
    run: list[tuple[str, int]] = []

    def close() -> None:
        found = _items(run, into) if into.spaced else [i for t, at in run for i in _cut(t, at, into)]
        items.extend(found)
        if items:
            everything.extend(items)
            pieces.append(in_english(_as_written(items, words), after=into.after, last=into.last))
        items.clear()
        run.clear()

    for match in (_SPACED if into.spaced else _RUNS).finditer(words):
        if match.lastgroup == "word":
            run.append((match.group(), match.start()))
        elif match.lastgroup != "soft":
            close()
            pieces.append(_STOPS.get(match.group(), match.group()))
        elif "\n" in match.group():
            close()
            pieces.append("\n")
    close()
    if not _is_enough(everything):
        return None
    return Translation(
        words=_tidy(pieces),
        language=into.code,
        spans=tuple(_spans(everything, words)),
        unknown=tuple(dict.fromkeys(words[i.start : i.stop] for i in everything if not i.kind)),
    )


def _is_enough(items: list[Item]) -> bool:
    """Are enough words known, and one of them more than glue?"""
    known = [i for i in items if i.kind]
    told = [i for i in known if i.kind not in ("glue", "is", "owner", "number")]
    return bool(told) and len(known) >= _LEAST * len(items)


def _as_written(items: list[Item], words: str) -> Iterator[Item]:
    for item in items:
        yield item if item.kind else Item("", words[item.start : item.stop], item.start, item.stop)


def _items(run: list[tuple[str, int]], into: Tongue) -> list[Item]:
    """What the words between two stops are."""
    run = [part for text, at in run for part in _unclitic(text, at, into)]
    tokens = [into.readings(text) for text, _ in run]
    items: list[Item] = []
    k = 0
    while k < len(tokens):
        text, start = run[k]
        if (found := into.at(tokens, k)) is not None:
            word, after = found
            items.append(Item(word.kind, word.english, start, run[after - 1][1] + len(run[after - 1][0])))
            if into.code == "ar" and k and _is_owned(items, text, run[k - 1][0]):
                items[-2:] = items[-1], items[-2]
            k = after
            continue
        k += 1
        stop = start + len(text)
        if text.isdecimal():
            items.append(Item("number", str(int(text)) if len(text) < 4 else text, start, stop))
        elif text.startswith("#"):
            items.append(Item("colour", text, start, stop))
        elif (joined := _AGED.fullmatch(text)) and (word := into.one(into.plain(joined[2]))) is not None:
            items += [Item("number", str(int(joined[1])), start, stop), Item(word.kind, word.english, start, stop)]
        elif parts := into.split(into.plain(text)):
            items += [Item(word.kind, word.english, start, stop) for word in parts]
        else:
            items.append(Item("", "", start, stop))
    return items


def _is_owned(items: list[Item], text: str, before: str) -> bool:
    """True for an Arabic part behind its adjective ("green of the skin": the skin is green)."""
    adjective = len(items) > 1 and items[-2].kind in ("colour", "shape", "shade")
    return adjective and items[-1].kind == "part" and text.startswith("ال") and not before.startswith("ال")


def _unclitic(text: str, at: int, into: Tongue) -> list[tuple[str, int]]:
    """A word without the small words that are written together with it."""
    token = into.plain(text)
    if not into.proclitics or into.begins(token) or len(token) != len(text):
        return [(text, at)]
    for letters in into.proclitics:
        rest = token.removeprefix(letters)
        if rest != token and len(rest) > 2:
            further = _unclitic(text[len(letters) :], at + len(letters), into)
            if len(further) > 1 or into.begins(rest):
                return [(text[: len(letters)], at), *further]
    return [(text, at)]


def _cut(text: str, at: int, into: Tongue) -> Iterator[Item]:
    """Cut a run of characters into words: as little unknown as can be, then as few words as can be."""
    letters = into.plain(text)
    n = len(letters)
    cost: list[float] = [0.0] * (n + 1)
    step: list[tuple[int, Word | None]] = [(n, None)] * (n + 1)
    longest = max(map(len, into.forms), default=1)
    for k in range(n - 1, -1, -1):
        cost[k], step[k] = cost[k + 1] + 10, (k + 1, None)
        if (figure := _FIGURE.match(letters, k)) and cost[figure.end()] + 1 < cost[k]:
            stop = figure.end()
            cost[k], step[k] = cost[stop] + 1, (stop, Word("number", str(_value(letters[k:stop]))))
        for stop in range(k + 1, min(n, k + longest) + 1):
            word = into.forms.get(letters[k:stop])
            if word is None or _within_katakana(letters, k) or _within_katakana(letters, stop):
                continue
            price = cost[stop] + (1.5 if stop == k + 1 else 1.0)
            if price < cost[k]:
                cost[k], step[k] = price, (stop, word)
    k = 0
    while k < n:
        stop, word = step[k]
        if word is None:
            while stop < n and step[stop][1] is None:
                stop = step[stop][0]
            yield Item("", "", at + k, at + stop)
        else:
            yield Item(word.kind, word.english, at + k, at + stop)
        k = stop


def _within_katakana(letters: str, k: int) -> bool:
    """True if a cut at `k` would part a foreign word of Japanese."""
    return 0 < k < len(letters) and bool(_KATAKANA.match(letters[k - 1]) and _KATAKANA.match(letters[k]))


def _value(figure: str) -> int:
    """A number in figures or Chinese characters (七十五)."""
    if figure[0] not in _HAN_DIGITS and figure[0] not in "十百":
        return int(figure)
    if "十" not in figure and "百" not in figure:
        return int("".join(str(_HAN_DIGITS[c]) for c in figure))
    hundreds, _, rest = figure.rpartition("百")
    tens, ten, units = rest.rpartition("十")
    total = (_HAN_DIGITS.get(hundreds[-1:], 1) * 100) if "百" in figure else 0
    total += (_HAN_DIGITS.get(tens[-1:], 1) * 10) if ten else 0
    return total + _HAN_DIGITS.get(units[-1:], 0)


def _spans(items: list[Item], words: str) -> Iterator[tuple[str, str]]:
    """Each stretch of the brief once, with all that it became."""
    k = 0
    while k < len(items):
        first, english = items[k], [items[k].english]
        k += 1
        while k < len(items) and (items[k].start, items[k].stop) == (first.start, first.stop):
            english.append(items[k].english)
            k += 1
        if first.kind:
            yield words[first.start : first.stop], " ".join(english).removesuffix(OF_WOMEN)


def _tidy(pieces: list[str]) -> str:
    text = ""
    for piece in pieces:
        apart = text[-1:] not in ("", " ", "\n", "(", "[", "#") and (piece[:1].isalnum() or piece[:1] in ("(", "["))
        text += (" " if apart else "") + piece
    return re.sub(r" +(?=[,.;:!?)\]])", "", re.sub(r" {2,}", " ", text)).strip()
