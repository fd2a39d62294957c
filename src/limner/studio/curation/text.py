"""What people may write into the studio: names, tags and notes."""

from __future__ import annotations

import unicodedata

from limner.core.errors import InputError

MAX_NAME, MAX_TAG, MAX_NOTE = 200, 80, 20_000
"""Longest name, tag and note, in characters."""


def name_of(text: str, what: str = "name") -> str:
    """One line: composed (NFC), without spaces around it.

    Raises:
        InputError: empty, too long, or with characters that cannot be shown.
    """
    return _checked(" ".join(text.split()), what, MAX_NAME)


def tag_of(text: str) -> str:
    """A tag: small letters, single spaces, no comma.

    Raises:
        InputError: empty, too long, a comma, or characters that cannot be shown.
    """
    tag = _checked(" ".join(text.casefold().split()), "tag", MAX_TAG)
    if "," in tag or tag[0] in "-+":
        raise InputError(f"The tag {tag!r} has a comma, or a sign at its head.", "Write tags one by one, as words.")
    return tag


def note_of(text: str) -> str:
    """A note: any text of several lines, or nothing.

    Raises:
        InputError: too long, or with characters that cannot be shown.
    """
    return _checked(text.strip(), "note", MAX_NOTE) if text.strip() else ""


def _checked(text: str, what: str, longest: int) -> str:
    text = unicodedata.normalize("NFC", text)
    if not text:
        raise InputError(f"The {what} is empty.")
    if len(text) > longest:
        raise InputError(f"The {what} has {len(text):,} characters.", f"At most {longest:,} are kept.")
    if odd := [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]:
        raise InputError(f"The {what} holds the character {odd[0]!r}, which cannot be shown.", "Leave it out.")
    return text
