"""Phrasing: how a term is said inside a sentence ("by candlelight", "kindly", "in the manner of fauvism").

Exceptions stand in `phrasing.toml`; the rest follows a few rules of English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from limner.language.lexicon import Term
from limner.language.writing.grammar import with_article

_MASS = frozenset({
    "fur", "ermine", "satin", "brocade", "lace", "drapery", "kente", "mud cloth", "ankara cloth", "adire", "tartan",
    "armour", "golden armour", "bronze armour", "dark armour", "chainmail", "scale armour", "leather armour",
    "samurai armour", "power armour", "war paint", "leather", "velvet", "silk", "linen", "make up", "henna", "kohl",
})  # fmt: skip
_PLURAL = re.compile(r"(?<![su])s$")
_SEVERAL = re.compile(
    r"\b(eyes|lips|cheeks|brows|teeth|ears|hands|feet)\b|^hair\b|(hair|skin|stubble|make up|baldness|down)$"
)
_ONE = frozenset({"dress", "cross", "headdress", "hennin", "glass"})
_WITH = frozenset({
    "glasses", "monocle", "pince nez", "lorgnette", "earrings", "hoop earrings", "pearl earring", "nose ring",
    "septum ring", "necklace", "amulet", "choker", "locket", "gold chain", "pearls", "jewels", "brooch", "diamonds",
    "coral beads", "medals", "sash", "torc", "rosary", "implants", "bionic eye", "quiver", "sword", "spear", "shield",
    "axe", "dagger", "bandolier", "bow and arrow", "pipe", "cigar", "cigarette", "flower in the buttonhole",
    "headphones", "earbuds", "earmuffs", "hair comb", "hair ribbon", "hair net", "kanzashi", "feathers", "jhumka",
    "peacock feathers", "bandage", "neck tattoos", "cross pendant", "cowrie shells", "shell necklace", "ear plugs",
    "jade necklace", "turquoise necklace", "maang tikka", "horn rimmed glasses", "epaulettes", "chain of office",
    "beaded collar", "maasai collar", "neck rings", "pet on the shoulder", "parrot on the shoulder",
    "owl on the shoulder", "raven on the shoulder", "cat on the shoulder", "goggles", "brass goggles",
    "leather eyepatch", "hibiscus flower",
})  # fmt: skip
_PICTURES = re.compile(
    r"(portrait|icon|miniature|print|poster|photograph|mosaic|mural|fresco|codex|vase|bust|head|card|cover|"
    r"illustration|illumination|sculpture|relief|mask|manuscript|woodcut|cyanotype|retablo)$"
)
_STUFF = re.compile(r"(glass|lacquer|bronze)$")
_THE = re.compile(r"^school of|(school|secession|renaissance|movement|painters|group|manner|age|of seven)$")
_ESQUE = frozenset({
    "leonardesque", "rembrandtesque", "romanesque", "gothic", "pre-raphaelite", "renaissance", "early renaissance",
    "northern renaissance", "early netherlandish", "iconographic",
})  # fmt: skip
_TINTED = re.compile(
    r"(palette|harmony|tones|tints|neutrals|greys|colours|pastels|triad|contrast|colour|relatives|film)$"
)


def phrase(term: Term) -> str:
    """A term as a part of a sentence about a sitter, lower case.

    Hours, weathers, lights, eras, movements, palettes, garments and symbols come with their preposition or
    article; moods, qualities and looks as what follows "she looks"; trades and peoples without article.
    """
    special = _table().get(term.kind if term.kind != "profession" else "trade", {}).get(term.word)
    if special is not None:
        return special
    rule = _RULES.get(term.kind)
    return rule(term.word) if rule else term.word


def worn(word: str) -> str:
    """A garment with its preposition: "in a ruff", "with pearls"."""
    return f"{'with' if word in _WITH else 'in'} {thing(word)}"


def thing(word: str) -> str:
    """A noun with the article that it takes: "a ruff", "pearls", "ermine"."""
    plural = _PLURAL.search(word) is not None and word.rsplit(maxsplit=1)[-1] not in _ONE
    bare = word in _MASS or plural or _SEVERAL.search(word) is not None
    return word if bare or word.startswith(("a ", "an ", "the ")) else with_article(word)


def _hour(word: str) -> str:
    return word if word.startswith(("at ", "in ", "on ", "by ")) else f"at {word}"


def _light(word: str) -> str:
    return word if word.startswith(("by ", "at ", "in ")) else f"in {word}"


def _era(word: str) -> str:
    return f"of the {word}"


def _movement(word: str) -> str:
    if word in _ESQUE:
        return f"in {with_article(word)} manner"
    if _PICTURES.search(word):
        return f"as {with_article(word)}"
    if _STUFF.search(word):
        return f"as {word}"
    return f"in the manner of {'the ' if _THE.search(word) else ''}{word}"


def _palette(word: str) -> str:
    single = word.endswith(("palette", "harmony", "triad"))
    return f"in {with_article(word)}" if single and _TINTED.search(word) else f"in {word}"


def _symbol(word: str) -> str:
    return f"with {thing(word)}"


_RULES = {
    "hour": _hour,
    "light": _light,
    "weather": _light,
    "era": _era,
    "movement": _movement,
    "palette": _palette,
    "garment": worn,
    "symbol": _symbol,
}


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("limner.language.writing").joinpath("data", "phrasing.toml").read_text("utf-8")
    return tomllib.loads(text)
