"""From words in another language's order to English words in English order.

What is known of a stretch of a brief comes in as items, in the order in which they were said.  Every
noun gathers the adjectives that belong to it, whether they stand before it, after it or behind "is", and
a description that stands before its owner ("red hair of woman") moves behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from limner.language.tongues.items import MODIFIERS, NOUNS, Item, ready


@dataclass(slots=True)
class _Block:
    """One piece of the English brief."""

    kind: str
    text: str
    ahead: bool = False
    """Does it describe the noun behind it?"""


_ED = frozenset({"haired", "eyed", "skinned", "bearded", "headed", "faced"})
_WORN = {
    "black": "dark skinned", "white": "fair skinned", "brown": "brown skinned", "blonde": "blonde",
    "red": "red haired", "grey": "grey haired", "silver": "silver haired", "golden": "golden haired",
    "copper": "copper haired",
}  # fmt: skip
_BODIES = {"thick": "fat", "long": "tall", "full": "plump"}
_SIZES = {
    ("small", "hair"): "short", ("big", "hair"): "long", ("small", "beard"): "short", ("big", "beard"): "long",
}  # fmt: skip
_PERSONAL = frozenset({
    "smiling", "laughing", "not smiling", "weeping", "grieving", "sleeping", "screaming", "singing", "frowning",
})  # fmt: skip
_MEDIA = frozenset({
    "portrait", "picture", "painting", "drawing", "sketch", "photograph", "oil painting", "watercolour", "pastel",
    "charcoal drawing", "pencil drawing", "ink drawing", "engraving", "etching", "woodcut", "fresco", "icon",
    "sculpture", "black and white photograph",
})  # fmt: skip
_HAD = frozenset({
    "hat", "crown", "helmet", "glasses", "sunglasses", "mask", "veil", "hood", "scarf", "headscarf", "turban",
    "dress", "shirt", "coat", "cloak", "uniform", "armour", "necklace", "earrings", "jewels", "feathers", "collar",
    "wings", "horns", "halo", "freckles", "wrinkles", "scar", "mole", "dimples", "tattoo", "smile", "tears",
    "kimono", "sari", "robe", "suit", "jacket", "hijab", "pearls", "fur", "lace", "sword", "pipe", "cigarette",
    "book", "skull", "flowers", "rose", "cat", "hanfu", "cheongsam", "shawl", "bindi", "up", "lips", "cheeks",
    "face", "laughter", "butterfly",
})  # fmt: skip
"""What a person has or wears: "woman with hat", but no "woman with twilight"."""
_AND = "and"


def in_english(items: Iterable[Item], *, after: bool, last: bool) -> str:
    """English words for one stretch of a brief.

    Args:
        items: what was found, in the order of the brief.
        after: the language says adjectives after their noun.
        last: the language says descriptions before their owner.
    """
    blocks = _blocks(ready(items), after=after)
    if last:
        blocks = _media_first(_owners_first(blocks))
    return _joined(blocks)


# nouns and their adjectives ------------------------------------------------------------------------


def _blocks(row: list[Item], *, after: bool) -> list[_Block]:
    blocks: list[_Block] = []
    k = 0
    while k < len(row):
        before, j = _modifiers(row, k)
        if j < len(row) and row[j].kind in NOUNS:
            noun = row[j]
            while noun.kind == "part" and before and _is_years(before[0]):
                _push(blocks, _Block("look", before.pop(0).english))  # said of the person
            behind, stop, ahead = _modifiers_behind(row, j + 1, noun, bare=not before, after=after)
            text = _described(noun, before + behind)
            _push(blocks, _Block(noun.kind, text, ahead))
            k = stop
        elif before:
            for item in row[k:j]:
                _push(blocks, _Block(item.kind, item.english))
            k = j
        else:
            _push(blocks, _Block(row[k].kind, row[k].english if row[k].kind != "is" else ""))
            k += 1
    return blocks


def _push(blocks: list[_Block], block: _Block) -> None:
    """Add a block; "no" before an adjective is "not"."""
    if blocks and blocks[-1].kind == "not" and blocks[-1].text == "no" and block.kind in ("look", "shape", "degree"):
        blocks[-1].text = "not"
    blocks.append(block)


def _modifiers(row: list[Item], k: int) -> tuple[list[Item], int]:
    """Adjectives from item `k` on, with their degrees, and the item after them."""
    found: list[Item] = []
    while k < len(row):
        if row[k].kind in MODIFIERS:
            found.append(row[k])
            k += 1
        elif row[k].kind == "degree" and (more := _modifier_after_degrees(row, k)):
            found += row[k:more]
            k = more
        elif found and row[k].english == _AND and (more := _modifiers(row, k + 1))[0]:
            found += more[0]
            k = more[1]
        else:
            break
    return found, k


def _modifier_after_degrees(row: list[Item], k: int) -> int:
    """The item after degrees from `k` on if it is an adjective, else 0."""
    while k < len(row) and row[k].kind == "degree":
        k += 1
    return k if k < len(row) and row[k].kind in MODIFIERS else 0


def _modifiers_behind(row: list[Item], k: int, noun: Item, *, bare: bool, after: bool) -> tuple[list[Item], int, bool]:
    """Adjectives behind a noun that belong to it, the item after them, and whether they link it to what follows."""
    first, linked = k, False
    while first < len(row) and row[first].kind == "is":
        linked, first = True, first + 1
    if bare and noun.kind == "part" and not linked and _is_link(row, first):
        linked, first = True, first + 1
    found: list[Item] = []
    j = first
    while j < len(row):
        start = j + 1 if found and row[j].english == _AND else j
        more, stop = _one_modifier(row, start)
        if not more or (noun.kind in ("part", "thing") and _is_personal(more[-1])):
            break
        if start > j:
            run, end = _modifiers(row, start)
            if run and end < len(row) and (row[end].kind == "part" or (not after and row[end].kind in NOUNS)):
                break
        found += more
        j = stop
    if not found:
        return [], k, False
    if not after and not linked and (not bare or noun.kind != "part" or _belongs_to_next(row, j)):
        return [], k, False
    if linked and not after and _belongs_to_next(row, j) and row[first - 1].kind == "owner":
        return [], k, False
    if not after and not linked and any(i.kind == "look" for i in found) and j < len(row) and row[j].kind in NOUNS:
        return [], k, False  # "beard, bald monk": the monk is bald
    while j < len(row) and row[j].kind == "is" and linked is False and not after:
        j += 1
    return found, j, True


def _is_years(item: Item) -> bool:
    return item.kind == "look" and (item.english[:1].isdigit() or item.english.startswith("in their "))


def _is_personal(item: Item) -> bool:
    """True for what only persons do or are: it is not said of their hair or hat."""
    return _is_years(item) or item.english in _PERSONAL


def _is_link(row: list[Item], k: int) -> bool:
    """True for "of" between a part and what it is like ("hair of long": long hair)."""
    if k + 1 >= len(row) or (row[k].kind, row[k].english) != ("owner", "of"):
        return False
    return row[k + 1].kind in ("shape", "colour", "shade")


def _one_modifier(row: list[Item], k: int) -> tuple[list[Item], int]:
    if k < len(row) and row[k].kind in MODIFIERS:
        return [row[k]], k + 1
    if k < len(row) and row[k].kind == "degree" and (more := _modifier_after_degrees(row, k)):
        return row[k : more + 1], more + 1
    return [], k


def _belongs_to_next(row: list[Item], k: int) -> bool:
    """True if adjectives that end before item `k` stand before a noun that has none behind it."""
    if k >= len(row) or row[k].kind not in NOUNS:
        return False
    if row[k].kind != "part":
        return row[k].kind == "thing"
    return not (k + 1 < len(row) and row[k + 1].kind in MODIFIERS | {"degree"})


def _described(noun: Item, modifiers: list[Item]) -> str:
    """A noun with its adjectives, the colours last: the reader binds each to its noun."""
    groups = _groups(modifiers)
    if noun.kind == "person":
        groups = [(kind, (_WORN if kind == "colour" else _BODIES).get(text, text)) for kind, text in groups]
    if noun.kind != "part":
        return " ".join([text for _, text in groups] + [noun.english])
    *within, name = noun.english.split(" ")  # "blonde hair", "her eyes"
    whose = [word for word in within if word in ("her", "his")]
    looks = [text for kind, text in groups if kind == "look"]
    shapes = [_SIZES.get((text, name), text) for kind, text in groups if kind in ("shape", "shade")]
    colours = [text for kind, text in groups if kind == "colour"] + [word for word in within if word not in whose]
    return " ".join([*whose, *looks, *shapes, *([f" {_AND} ".join(dict.fromkeys(colours))] if colours else []), name])


def _groups(modifiers: Sequence[Item]) -> list[tuple[str, str]]:
    """Adjectives with their degrees and shades: ("colour", "dark red"), ("look", "very sad")."""
    groups: list[tuple[str, str]] = []
    degree: list[str] = []
    shade = ""
    for item in modifiers:
        if item.kind == "degree":
            degree.append(item.english)
            continue
        if item.kind == "shade":
            if groups and groups[-1][0] == "colour" and not groups[-1][1].startswith(item.english):
                groups[-1] = "colour", f"{item.english} {groups[-1][1]}"
                continue
            if shade:
                groups.append(("shade", shade))
            shade, degree = " ".join([*degree, item.english]), []
            continue
        text = " ".join([*degree, *([shade] if item.kind == "colour" and shade else []), item.english])
        if shade and item.kind != "colour":
            groups.append(("shade", shade))
        groups.append((item.kind, text))
        degree, shade = [], ""
    if shade:
        groups.append(("shade", shade))
    return groups


# owners --------------------------------------------------------------------------------------------


def _owners_first(blocks: list[_Block]) -> list[_Block]:
    """ "red hair and green eyes of woman": "woman with red hair and green eyes"."""
    row: list[_Block] = []
    for block in blocks:
        if block.kind not in ("person", "being"):
            row.append(block)
            continue
        aside: list[_Block] = []
        while row and row[-1].kind in ("look", "shape", "colour"):
            aside.insert(0, row.pop())
        owner = bool(row) and row[-1].kind == "owner"
        if owner:
            row.pop()
        chain: list[_Block] = []
        while row and (_describes(row[-1], chain, owner=owner) or _is_lacking(row)):
            owner = owner or row[-1].kind == "owner"
            chain.insert(0, row.pop())
        while chain and chain[0].text == _AND:
            row.append(chain.pop(0))
        row += [*aside, block]
        if chain:
            if chain[0].kind not in ("not", "glue"):
                row.append(_Block("glue", "with"))
            row += _with_and(chain)
    return row


def _media_first(blocks: list[_Block]) -> list[_Block]:
    """ "old man with white beard, portrait": "portrait of old man with white beard"."""
    if len(blocks) < 2 or not _is_media(blocks[-1]) or not any(b.kind in ("person", "being") for b in blocks[:-1]):
        return blocks
    rest = blocks[:-2] if blocks[-2].kind == "owner" else blocks[:-1]
    return [blocks[-1], _Block("glue", "of"), *rest]


def _is_media(block: _Block) -> bool:
    return block.kind == "thing" and any(block.text.endswith(name) for name in _MEDIA)


def _describes(block: _Block, chain: list[_Block], *, owner: bool) -> bool:
    """True if a block before a person says what the person has."""
    if block.kind == "part":
        return block.text.split(" ")[-1] not in _ED
    if not owner and not chain:
        return False
    return (
        block.kind in ("not", "owner")
        or (block.kind == "glue" and block.text in (_AND, "with", ""))
        or (block.kind == "thing" and owner and block.text.split(" ")[-1] in _HAD)
    )


def _is_lacking(row: list[_Block]) -> bool:
    """True for "no" and a thing at the end of a row."""
    return len(row) > 1 and row[-1].kind == "thing" and row[-2].kind == "not"


def _with_and(chain: list[_Block]) -> list[_Block]:
    row: list[_Block] = []
    for block in chain:
        if not block.text or block.kind == "owner":
            continue
        if block.kind in ("part", "thing") and row and row[-1].kind in ("part", "thing"):
            row.append(_Block("glue", _AND))
        row.append(block)
    return row


# the whole -----------------------------------------------------------------------------------------


def _joined(blocks: list[_Block]) -> str:
    words: list[str] = []
    for k, block in enumerate(blocks):
        text = "" if block.kind == "owner" else block.text
        follows = next((b for b in blocks[k + 1 :] if b.text and b.text not in ("the", "a", "his", "her")), None)
        before = blocks[k - 1] if k else None
        if block.kind == "glue" and text in ("of", "in", "on", "to") and follows is not None:
            text = _preposition(text, follows)
        elif block.kind == "not" and before is not None and before.kind in ("person", "being"):
            text = "without" if text == "no" else text
        elif before is not None and _is_media(before) and block.kind in ("person", "being", "look"):
            text = f"of {text}"
        elif before is not None and _is_media(before) and text == "a":
            text = "of a"
        if text and not (words and words[-1] == text and block.kind == "glue"):
            words.append(text)
    return re.sub(r"\ba (?=[aeiou])", "an ", " ".join(words))


def _preposition(text: str, follows: _Block) -> str:
    """What "of" and its like are before the block that follows."""
    if follows.kind == "look" and (follows.text[:1].isdigit() or follows.text.startswith("in their ")):
        return ""
    if follows.kind != "part" or (text == "on" or "background" in follows.text):
        return text
    return "with"
