"""Saying it otherwise: a brief in other words that is read the same way.

Every stretch that was understood is said by another phrase of its term; the stretches are put into a
sentence, and the sentence is kept only if it reads back with the same settings, palette, style and medium.
If none does, the stretches stand in their old order between commas; if that fails, too, they keep their
words.  Settings by hand that no word asked for are said in words of their own (a look, a colour).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from limner.core.dials import COLOURED, dial_table
from limner.core.palette import Colour
from limner.core.reading import Reading, Understood
from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.index import singular
from limner.language.lexicon.small_words import EMPHASIS
from limner.language.reading import Reader
from limner.language.writing.chance import Chance
from limner.language.writing.grammar import with_article
from limner.language.writing.phrasing import phrase, thing, worn

NOTED = 0.2
"""Settings nearer to 0 than this may change sign."""

_SAME = 0.02  # settings that differ by less are the same
_TRIES = 6  # sentences that are tried before the old order is taken
_HAND = 0.05  # difference from which a setting was made by hand
_NOUNS = ("profession", "being", "person", "age")
_WHERE = ("hour", "weather", "light")
_HOW = ("movement", "era", "palette", "material", "medium")
_ADJECTIVES = frozenset({"old", "young", "middle aged", "teenager"})
_PARTED = {
    "hair": ("with {c} hair", "with hair of {c}", "with hair the colour of {c}"),
    "eyes": ("with {c} eyes", "with eyes the colour of {c}"),
    "skin": ("with {c} skin",),
    "background": ("against {a} background", "on {a} background"),
}
_UNFIT = frozenset({"so", "slight", "faint", "extra", "overly", "nearly", "almost"})
_SOFT = re.compile(r"^a (little bit|little|bit of|bit|touch of|touch|hint of|tad|trace of) ")
_APART = re.compile(r"(of|in|aged|with|nearly|\(|\d)")
_PLACED = re.compile(r"(at|in|by|under|on|before|after|lit|against)\b")
_ADJECTIVE = re.compile(r"(ed|ing|ful|ous|ish|ive|less|y|ic|al|ant|ent|some|ate|en|ary|able|ible|ile|ar)$")
_CLUMSY = re.compile(r"ly$|\d|^(wearing|having|with)\b|\b(one|ones)$")
_BODY = frozenset({"bearded", "clean shaven", "long hair", "short hair", "bald", "androgynous", "creature", "human"})
_PERSONS = {
    "woman": ("woman", "lady"), "man": ("man", "gentleman", "fellow"), "girl": ("girl", "lass"), "boy": ("boy", "lad"),
    "child": ("child", "kid"), "old": ("old", "elderly"), "young": ("young", "youthful"),
    "teenager": ("teenager", "adolescent", "teen"), "middle aged": ("middle aged", "middle age"),
    "bearded": ("bearded", "with a beard"), "clean shaven": ("clean shaven", "beardless"),
    "bald": ("bald", "with a bald head", "hairless"), "long hair": ("with long hair", "long haired"),
    "short hair": ("with short hair", "short haired"),
}  # fmt: skip
_COUNTED = ("profession", "being", "age", "people")
_CANDIDATES = 12
_STRANGE = 2  # words without a term from which the order of the brief is kept
_PRONOUNS = frozenset({"she", "her", "hers", "herself", "he", "him", "his", "himself"})
_LED = re.compile(r"^(with|in|at|by|on|under|against|of) ((a|an|the) )?|^(a|an|the) ")
_DOUBLED = re.compile(
    r"\b(with|in|at|by|on|under|against|of|a|an|the)\s+(with|in|at|by|on|under|against)\b", re.IGNORECASE
)
_LOOKS = ("look", "feature", "hairstyle", "mood", "quality", "light")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One stretch and how it may be said."""

    item: Understood
    said: str
    """The words chosen."""
    role: str
    """ "noun", "adjective", "detail", "state", "where", "how" or "rest"."""


def rephrase(reading: Reading, lexicon: Lexicon, reader: Reader, seed: int = 0) -> str:
    """A brief in other words that `reader` reads like this one.

    The words to avoid are not part of it; give them along.

    Args:
        reading: what to say.
        lexicon: where the other words come from.
        reader: what checks that they mean the same.
        seed: 0..2**53-1; another seed finds other words.

    Returns:
        The brief; empty for a reading that asks for nothing.
    """
    chance = Chance(seed, "rephrase")
    words = _otherwise(reading, lexicon, reader, chance) if reading.words.strip() else ""
    return _with_hand_settings(words, reading, lexicon, reader, chance)


def _otherwise(reading: Reading, lexicon: Lexicon, reader: Reader, chance: Chance) -> str:
    base = reader.read(reading.words)
    pieces = [_piece(item, lexicon, reader, chance) for item in base.understood]
    strange = sum(1 for p in pieces if p.role == "rest")
    if strange >= _STRANGE or 3 * strange > len(pieces):
        # so much that no term says hangs on the order of the words; keep it
        return _in_place(pieces, base, reader)
    for _ in range(_TRIES):
        nouns = [p for p in pieces if p.role == "noun"]
        named = [p for p in nouns if p.item.words not in _PRONOUNS] or nouns[:1]
        plain = [p for p in pieces if p.item.words not in _PRONOUNS or p in named]
        for chosen in (plain, pieces):
            said = _sentence(chosen, chance)
            if _reads_alike(said, base, reader):
                return said
        pieces = [_piece(item, lexicon, reader, chance) for item in base.understood]
    said = ", ".join(p.said for p in pieces)
    return said if _reads_alike(said, base, reader) else _in_place(pieces, base, reader)


def _in_place(pieces: Sequence[_Piece], base: Reading, reader: Reader) -> str:
    """The brief as it was written, with those stretches exchanged that can be exchanged one by one."""
    words = base.words
    for piece in pieces:
        if piece.said == piece.item.words or not piece.item.term or piece.item.words in _PRONOUNS:
            continue
        pattern = r"(?<![\w#])" + r"[\s-]+".join(map(re.escape, piece.item.words.split())) + r"(?!\w)"
        tried, met = re.subn(pattern, _fitting(piece.said, piece.item.words), words, count=1, flags=re.IGNORECASE)
        tried = _DOUBLED.sub(r"\2", tried)
        if met and _reads_alike(tried, base, reader):
            words = tried
    return words


def _fitting(said: str, words: str) -> str:
    """What is said, with a preposition only if the words that it replaces have one."""
    return said if _LED.match(words) else _LED.sub("", said)


def _reads_alike(words: str, base: Reading, reader: Reader) -> bool:
    if not words.strip():
        return False
    other = reader.read(words)
    same = (other.style, other.medium, other.palette) == (base.style, base.medium, base.palette)
    return same and _alike(other.dials, base.dials)


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return all(abs(one.get(n, 0.0) - other.get(n, 0.0)) <= _SAME for n in set(one) | set(other))


# stretches ----------------------------------------------------------------------------------------


def _piece(item: Understood, lexicon: Lexicon, reader: Reader, chance: Chance) -> _Piece:
    if not item.term:
        return _Piece(item, item.words, "rest")
    terms = [lexicon.find(w) for w in item.term.split(", ") if lexicon.knows(w)]
    role = _role(item, terms)
    plain = replace(item, weight=1.0)
    tried = 0
    for group in _candidates(item, terms, lexicon):
        for said in chance.shuffled(list(dict.fromkeys(group))):
            stressed = _stressed(said, item.weight, chance)
            if said == item.words or tried >= _CANDIDATES:
                continue
            tried += 1
            if _means(stressed, item, reader):
                return _Piece(plain, stressed, role)
    return _Piece(plain, _stressed(_unstressed(item), item.weight, chance), role)


def _candidates(item: Understood, terms: Sequence[Term], lexicon: Lexicon) -> list[list[str]]:
    """Other ways to say a stretch, the most natural group first; whether they mean the same is found out later."""
    number = item.term.removesuffix(" years old")
    denied = item.term.removeprefix("not ")
    groups: list[list[str]] = []
    if item.kind == "colour":
        groups = [_coloured(item, lexicon)]
    elif item.kind == "age" and number.isdigit():
        groups = [[f"aged {number}", f"{number} years old", f"of {number} years"]]
    elif denied != item.term:
        groups = [_denied(lexicon.find(denied))] if lexicon.knows(denied) else []
    elif item.words in _PRONOUNS:
        groups = [[w for t in terms for w in _PERSONS.get(t.word, ())]]
    elif item.kind != "palette" and not any(_implied(item, t) for t in terms):
        every = [_plainest(t) for t in terms]
        groups = [[words for of_term in every for words in of_term[k]] for k in range(3)]
    return groups


def _plainest(term: Term) -> tuple[list[str], list[str], list[str]]:
    """Three groups of phrases of a term: as it is said in a sentence, synonyms of that shape, other synonyms."""
    synonyms = [s for s in term.synonyms if not _awkward(s, term)]
    own = phrase(term)
    if term.kind == "person":
        return list(_PERSONS.get(term.word, (term.word,))), [], []
    if term.kind in ("mood", "quality", "look", "paradox"):
        adjectives = [s for s in synonyms if _ADJECTIVE.search(s) and " " not in s]
        return [own], adjectives, [s for s in synonyms if s.startswith(("in ", "at ", "full of ", "lost "))]
    if term.kind in ("profession", "being", "age", "people"):
        return [s for s in synonyms if not s.startswith(("from ", "of "))], [own], []
    if term.kind in ("feature", "hairstyle"):
        return [_borne(s) for s in synonyms], [_borne(own)], []
    if term.kind in ("hour", "weather", "light"):
        return [own, *(s for s in synonyms if _PLACED.match(s))], synonyms, []
    return ([worn(s) for s in synonyms], [own], []) if term.kind == "garment" else ([own], synonyms, [])


def _borne(words: str) -> str:
    """A feature as it follows a sitter: "with freckles", "freckled"."""
    return words if _ADJECTIVE.search(words) or words.startswith(("with ", "in ")) else f"with {thing(words)}"


def _coloured(item: Understood, lexicon: Lexicon) -> list[str]:
    colour, _, part = item.term.rpartition(" ")
    colour = colour.removeprefix("with ")
    if part not in _PARTED or colour.startswith("not "):
        return []
    names = [colour, *(lexicon.find(colour).synonyms if lexicon.knows(colour) else ())]
    return [form.format(c=name, a=with_article(name)) for name in names for form in _PARTED[part]]


def _denied(term: Term) -> list[str]:
    """Ways to rule a term out."""
    things = term.kind in ("garment", "symbol", "feature", "hairstyle")
    synonyms = [s for s in term.synonyms if not _awkward(s, term)]
    if things:
        return [f"no {s}" for s in (term.word, *synonyms)] + [f"without {thing(s)}" for s in (term.word, *synonyms)]
    return [f"not {s}" for s in (phrase(term), *synonyms) if _ADJECTIVE.search(s)]


def _implied(item: Understood, term: Term) -> bool:
    """True if the words mean more than the term (a queen is a woman)."""
    plain = " ".join(item.words.replace("-", " ").split())
    return any(plain.endswith(words.replace("-", " ")) for words in term.implied_by)


def _awkward(words: str, term: Term) -> bool:
    """True for forms that do not stand on their own: adverbs, plurals, names, anything with a figure."""
    every = {term.word, *term.synonyms}
    plural = singular(words) != words and (singular(words) in every or term.kind in _COUNTED)
    return plural or _CLUMSY.search(words) is not None


def _means(words: str, item: Understood, reader: Reader) -> bool:
    """True if words are understood as this stretch and nothing else."""
    found = [u for u in reader.understand(words) if u.term or u.note]
    if len(found) != 1 or found[0].term != item.term:
        return False
    return _alike(found[0].dials, item.dials)


def _stressed(words: str, weight: float, chance: Chance) -> str:
    """Words with the stress that gives them a weight."""
    if abs(weight - 1) < 0.01:
        return words
    fitting = [w for w, factor in EMPHASIS.items() if abs(factor - weight) < 0.01 and w not in _UNFIT]
    bare = re.match(r"(with|in|by|at|under|against|on|as|of|not|no|without|a|an)\b", words) is None
    return f"{chance.pick(fitting)} {words}" if fitting and bare else f"({words}:{weight:g})"


def _unstressed(item: Understood) -> str:
    """The words of a stretch without what stresses them, where its weight stands for that."""
    first, _, rest = item.words.partition(" ")
    if item.weight != 1 and rest and first in EMPHASIS:
        return rest
    return _SOFT.sub("", item.words) if item.weight != 1 else item.words


def _role(item: Understood, terms: Sequence[Term]) -> str:
    kinds = {t.kind for t in terms} | {item.kind}
    if item.term.startswith("not ") or any(t.word in _BODY for t in terms):
        return "state"
    if item.kind == "colour" or kinds & {"garment", "hairstyle", "feature", "symbol"}:
        return "detail"
    aged = item.words.endswith(("old", "elderly", "young", "youthful"))
    if terms and (aged or all(t.word in _ADJECTIVES or t.kind == "people" for t in terms)):
        return "adjective"
    if kinds & set(_NOUNS):
        return "noun"
    if kinds & set(_WHERE):
        return "where"
    return "how" if kinds & set(_HOW) else "state"


# sentences ----------------------------------------------------------------------------------------


def _sentence(pieces: Sequence[_Piece], chance: Chance) -> str:
    """The stretches as one brief: who, how they look, where and how it is painted."""
    by_role: dict[str, list[str]] = {}
    for piece in pieces:
        by_role.setdefault(piece.role, []).append(piece.said)
    who = _subject(by_role.get("adjective", []), by_role.get("noun", []))
    details, states = by_role.get("detail", []), by_role.get("state", [])
    around = by_role.get("where", []) + by_role.get("how", [])
    if who and details and re.match(r"(with|in)\b", details[0]):
        who, details = [*who[:-1], f"{who[-1]} {details[0]}"], details[1:]
    looks = [*details, *states] if chance.happens(0.6) else [*states, *details]
    clauses = [*who, *looks, *around] if chance.happens(0.75) else [*around, *who, *looks]
    if rest := by_role.get("rest", []):
        clauses.append(" ".join(rest))
    return ", ".join(c for c in clauses if c)


def _subject(adjectives: list[str], nouns: list[str]) -> list[str]:
    """ "an old" and "poet" as "an old poet"; what does not fit stands by itself."""
    simple = [a for a in adjectives if not _APART.match(a)]
    other = [a for a in adjectives if a not in simple]
    named = [n for n in nouns if not _APART.match(n)]
    loose = [n for n in nouns if n not in named]
    if not named:
        return [*simple, *loose, *other]
    bare = re.sub(r"^(a|an|the) ", "", named[0])
    one = singular(bare) == bare and bare not in ("she", "he", "they", "her", "him", "his")
    first = " ".join([*simple, bare])
    return [with_article(first) if one else first, *named[1:], *loose, *other]


# settings by hand ---------------------------------------------------------------------------------


def _with_hand_settings(words: str, reading: Reading, lexicon: Lexicon, reader: Reader, chance: Chance) -> str:
    """Words that also ask for the settings that were made by hand."""
    got = reader.read(words) if words else Reading()
    spurned = set(reader.read(reading.avoid).dials) if reading.avoid else set[str]()
    if reading.palette and got.palette != reading.palette:
        words = _added(words, " and ".join(reading.palette))
        got = reader.read(words)
    left = {
        name: value
        for name, value in reading.dials.items()
        if abs(value) > NOTED and abs(value - got.dials.get(name, 0.0)) > _HAND and name not in spurned
    }
    for part in COLOURED:
        if any(n in left for n in (part, f"{part}_red", f"{part}_yellow")):
            words = _added(words, f"{_colour_of(part, reading.dials)} {part}")
            left = {n: v for n, v in left.items() if n not in (part, f"{part}_red", f"{part}_yellow")}
    for name, value in left.items():
        got = reader.read(words) if words else Reading()
        if got.dials.get(name, 0.0) * value > 0:
            continue
        for said in _looks_for(name, value, lexicon, chance):
            tried = _added(words, said)
            if _keeps_signs(reader.read(tried).dials, {**got.dials, name: value}):
                words = tried
                break
    return words


def _added(words: str, clause: str) -> str:
    return f"{words}, {clause}" if words else clause


def _colour_of(part: str, dials: Mapping[str, float]) -> str:
    """The colour that a part's three settings stand for, as #rrggbb."""
    table = dial_table()
    values = [table[n].raw(dials.get(n, 0.0)) for n in (part, f"{part}_red", f"{part}_yellow")]
    return Colour(values[0], values[1], values[2]).hex


def _looks_for(name: str, value: float, lexicon: Lexicon, chance: Chance) -> list[str]:
    """Phrases that ask for one setting and little else, best first."""
    found: list[tuple[float, str]] = []
    for kind in _LOOKS:
        for term in lexicon.of_kind(kind):
            asked = term.dials.get(name, 0.0)
            if asked * value <= 0 or abs(asked) < 0.1 or term.palette:
                continue
            beside = sum(abs(v) for n, v in term.dials.items() if n != name)
            found.append((abs(asked - value) + 1.2 * beside + 0.02 * chance.number(), phrase(term)))
    return [words for _, words in sorted(found)[:12]]


def _keeps_signs(got: Mapping[str, float], wanted: Mapping[str, float]) -> bool:
    return all(got.get(n, 0.0) * v > 0 for n, v in wanted.items() if abs(v) > NOTED)
