"""The sitter that an idea names, in words that a brief can begin with."""

from __future__ import annotations

from collections.abc import Sequence

from limner.core.reading import Understood
from limner.language.lexicon import Lexicon, Term
from limner.language.writing.grammar import with_article
from limner.language.writing.phrasing import phrase

_SUBJECT_KINDS = ("person", "age", "people", "profession", "being")
_DETAIL_KINDS = ("garment", "hairstyle", "feature", "colour", "symbol")
_PRONOUNS = frozenset({"she", "her", "hers", "herself", "he", "him", "his", "himself", "they", "their", "them"})


def named_subject(understood: Sequence[Understood], lexicon: Lexicon, called: set[str]) -> str:
    """The sitter that an idea names, as "an old woman with red hair", or nothing.

    Words that a theme covers ("grandmother") name a subject only together with others.
    """
    who: list[str] = []
    adjectives: list[str] = []
    details: list[str] = []
    for item in understood:
        if not item.term or item.term.startswith("not ") or item.words in _PRONOUNS:
            continue
        heads = [lexicon.find(w) for w in item.term.split(", ") if lexicon.knows(w)]
        kinds = {t.kind for t in heads} or {item.kind}
        if kinds & set(_SUBJECT_KINDS):
            place = adjectives if _adjective(heads, item) else who
            place.append(_singular(item, heads))
        elif item.kind in _DETAIL_KINDS:
            details.append(_detail(item, heads))
    covered = all(any(w in c.split() for c in called) for phrase_ in who for w in phrase_.split()[-1:])
    if not who or (covered and not details and not adjectives):
        return ""
    noun = " ".join([*(a for a in adjectives if not a.startswith(("of ", "in ", "aged"))), who[0]])
    rest = [a for a in adjectives if a.startswith(("of ", "in ", "aged"))]
    return " ".join([", ".join([" ".join([with_article(noun), *rest]), *who[1:]]), " and ".join(details)]).strip()


def _detail(item: Understood, heads: list[Term]) -> str:
    """A garment, a colour or a feature with its preposition."""
    if heads and heads[0].kind in ("garment", "symbol"):
        return phrase(heads[0])
    if item.kind == "colour" and item.term.endswith((" hair", " eyes", " skin")):
        return f"with {item.term}"
    return item.words if item.words.startswith(("with ", "in ", "against ", "on ")) else f"with {item.words}"


def _adjective(heads: list[Term], item: Understood) -> bool:
    if item.kind == "age" and not heads:
        return True
    return all(t.kind == "people" or t.word in ("old", "young", "middle aged") for t in heads) and item.words in {
        "old", "young", "elderly", "aged", "middle aged", "youthful", *(t.word for t in heads if t.kind == "people")
    }  # fmt: skip


def _singular(item: Understood, heads: list[Term]) -> str:
    """The words as the lexicon has them: "grandmothers" as "grandmother"."""
    phrases = [" ".join(p) for t in heads for p in t.phrases]
    if item.words in phrases and not item.words.endswith("s"):
        return item.words
    return next((p for p in phrases if item.words.startswith(p) or f"{p}s" == item.words), item.words)
