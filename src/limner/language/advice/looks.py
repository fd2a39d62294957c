"""Looks of a drawn sitter: which stand by themselves, and how several are said."""

from __future__ import annotations

from collections.abc import Sequence

from limner.language.writing.phrasing import thing


def is_state(words: str) -> bool:
    """True for looks that stand by themselves: "weather beaten", "in profile"."""
    return words.startswith(("in ", "with ", "over ", "seen ")) or words in _STATES


_STATES = frozenset({
    "weather beaten", "sunburned", "deep set", "wide set", "soft featured", "angular", "gap toothed", "almond shaped",
    "deeply lined", "heavily freckled", "piercing", "tousled", "windswept", "curly haired", "salt and pepper",
    "grey at the temples", "raven haired", "chestnut haired", "flame haired", "sun bleached", "towheaded",
    "slicked back", "shaved to stubble", "half up", "over the shoulder", "three quarter view", "seen from below",
    "strawberry blonde", "sandy blonde", "honey blonde", "straight haired",
})  # fmt: skip
_HAIRED = {
    "curly": "curly hair", "wavy": "wavy hair", "coily": "coily hair", "sleek": "sleek hair", "tousled": "tousled hair",
    "braided": "braided hair", "permed": "permed hair", "dyed hair": "dyed hair",
}  # fmt: skip


def haired(word: str) -> str:
    """A hairstyle as it follows a sitter: "curly hair", "a long plait"."""
    said = _HAIRED.get(word, word)
    return said if is_state(said) else thing(said)


def listed(items: Sequence[str]) -> str:
    """ "a scar, a ruff and pearls"."""
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1]) if part)


def joined(parts: Sequence[str]) -> list[str]:
    """Details as they follow the noun; looks that stand by themselves come after a comma."""
    first, *rest = parts
    said = ", ".join([first, *rest]) if first else "".join(f", {r}" for r in rest)
    return [said] if said else []
