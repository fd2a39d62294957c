"""Sets: collections of portraits in an order of the artist's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from limner.core.errors import InputError
from limner.studio.curation.marks import many
from limner.studio.curation.text import name_of, note_of
from limner.studio.store.acts import Act, Change, perform
from limner.studio.store.database import Writing
from limner.studio.store.portraits import MIN_PREFIX, fetch, find_id
from limner.studio.store.schema import members, portraits, sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A set, as it is listed."""

    id: str
    name: str
    rule: str
    """For smart sets: the query that fills it; empty for others."""
    note: str
    made: str
    trashed: str | None
    size: int | None
    """Members outside the trash; None for smart sets, which are counted when they are looked at."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


# making -----------------------------------------------------------------------------------------


def make_set(w: Writing, name: str, *, rule: str = "", note: str = "", ids: Sequence[str] = ()) -> str:
    """Make a set; returns its id.

    Args:
        w: the transaction.
        name: its name, which no other set has.
        rule: for a smart set: a query (checked by `limner.studio.curation.query`).
        note: what it is for.
        ids: its first members, in order.

    Raises:
        InputError: a name that is taken or is none, an unknown portrait, members for a smart set.
    """
    name = _free_name(w.c, name)
    if rule and ids:
        raise InputError("A smart set fills itself.", "Leave out either the rule or the portraits.")
    id = secrets.token_hex(16)
    after = {"name": name, "rule": rule, "note": note_of(note), "made": w.at, "trashed": None}
    changes = [Change(table="sets", key={"id": id}, before=None, after=after)]
    ids = list(dict.fromkeys(ids))
    fetch(w.c, ids)
    changes += [_member(id, portrait, None, k) for k, portrait in enumerate(ids)]
    perform(w, "set", f"made the set {name!r}", changes)
    return id


def rename_set(w: Writing, set: str, name: str) -> Act | None:
    """Give a set another name.

    Raises:
        InputError: a name that is taken or is none.
    """
    shelf = read_set(w.c, set)
    if name_of(name) == shelf.name:
        return None
    return _edit(w, shelf, f"renamed the set {shelf.name!r}", name=_free_name(w.c, name))


def describe_set(w: Writing, set: str, note: str) -> Act | None:
    """Write what a set is for."""
    shelf = read_set(w.c, set)
    return _edit(w, shelf, f"wrote a note on the set {shelf.name!r}", note=note_of(note))


def change_rule(w: Writing, set: str, rule: str) -> Act | None:
    """Give a smart set another rule.

    Raises:
        InputError: not a smart set.
    """
    shelf = read_set(w.c, set)
    if not shelf.rule or not rule:
        raise InputError(f"The set {shelf.name!r} is not smart, or the rule is empty.", "Make a smart set with --rule.")
    return _edit(w, shelf, f"changed the rule of {shelf.name!r}", rule=rule)


def drop_set(w: Writing, set: str) -> Act | None:
    """Put a set into the trash; its portraits stay."""
    shelf = read_set(w.c, set)
    return _edit(w, shelf, f"threw away the set {shelf.name!r}", trashed=w.at)


def take_back_set(w: Writing, set: str) -> Act | None:
    """Take a set out of the trash; if its name was given away, it gets a number."""
    shelf = read_set(w.c, set)
    if shelf.trashed is None:
        return None
    taken = {row.name for row in w.c.execute(select(sets.c.name).where(sets.c.trashed.is_(None)))}
    name = shelf.name
    number = 2
    while name in taken:
        name, number = f"{shelf.name} {number}", number + 1
    return _edit(w, shelf, f"took back the set {shelf.name!r}", trashed=None, name=name)


# filling ----------------------------------------------------------------------------------------


def add_to_set(w: Writing, set: str, ids: Sequence[str]) -> Act | None:
    """Put portraits at the end of a set; members stay where they are.

    Raises:
        InputError: an unknown portrait, or a smart set.
    """
    changes = additions(w.c, set, ids)
    return perform(w, "set", f"put {many(changes)} into {read_set(w.c, set).name!r}", changes)


def additions(c: Connection, set: str, ids: Sequence[str]) -> list[Change]:
    """The changes that put portraits at the end of a set, for an act that does more.

    Raises:
        InputError: an unknown portrait, or a smart set.
    """
    _plain(c, set)
    there = _places(c, set)
    new = [id for id in dict.fromkeys(ids) if id not in there]
    fetch(c, new)
    end = max(there.values(), default=-1) + 1
    return [_member(set, id, None, end + k) for k, id in enumerate(new)]


def remove_from_set(w: Writing, set: str, ids: Sequence[str]) -> Act | None:
    """Take portraits out of a set; those that are not in it do not matter.

    Raises:
        InputError: a smart set.
    """
    shelf = _plain(w.c, set)
    there = _places(w.c, set)
    old = [id for id in dict.fromkeys(ids) if id in there]
    return perform(
        w, "set", f"took {many(old)} out of {shelf.name!r}", [_member(set, id, there[id], None) for id in old]
    )


def arrange_set(w: Writing, set: str, ids: Sequence[str], *, at: int | None = None) -> Act | None:
    """Put members into an order.

    Args:
        w: the transaction.
        set: id of the set.
        ids: members in their new order.
        at: where the first of them goes, counted from 0 among the others; None for the front.

    Raises:
        InputError: not a member, or a smart set.
    """
    shelf = _plain(w.c, set)
    there = _places(w.c, set)
    wanted = list(dict.fromkeys(ids))
    if strange := [id for id in wanted if id not in there]:
        raise InputError(f"The portrait {strange[0][:12]} is not in the set {shelf.name!r}.", "Add it first.")
    rest = [id for id in there if id not in wanted]
    at = 0 if at is None else min(max(at, 0), len(rest))
    order = [*rest[:at], *wanted, *rest[at:]]
    changes = [_member(set, id, there[id], k) for k, id in enumerate(order)]
    return perform(w, "set", f"arranged {shelf.name!r}", changes)


# reading ----------------------------------------------------------------------------------------


def read_set(c: Connection, id: str) -> Shelf:
    """A set by its id.

    Raises:
        InputError: there is none.
    """
    row = c.execute(select(sets).where(sets.c.id == id)).mappings().first()
    if row is None:
        raise InputError(f"There is no set {id[:12]!r}.", "See: limner sets")
    return Shelf(**row, size=None if row["rule"] else _sizes(c).get(id, 0))


def list_sets(c: Connection, *, trashed: bool = False) -> list[Shelf]:
    """All sets by name: those outside the trash, or those in it."""
    sizes = _sizes(c)
    where = sets.c.trashed.is_not(None) if trashed else sets.c.trashed.is_(None)
    rows = c.execute(select(sets).where(where).order_by(sets.c.name, sets.c.id)).mappings()
    return [Shelf(**row, size=None if row["rule"] else sizes.get(row["id"], 0)) for row in rows]


def find_set(c: Connection, text: str, *, trashed: bool = False) -> str:
    """The set that a name, or the beginning of an id, names.

    Raises:
        InputError: there is none, or several.
    """
    where = sets.c.trashed.is_not(None) if trashed else sets.c.trashed.is_(None)
    name = " ".join(text.split())
    found = c.execute(select(sets.c.id).where(sets.c.name == name, where).order_by(sets.c.made.desc())).first()
    if found is not None:
        return str(found.id)
    if len(text) >= MIN_PREFIX and set(text.lower()) <= set("0123456789abcdef"):
        id = find_id(c, sets, text, "set")
        if (read_set(c, id).trashed is not None) == trashed:
            return id
    names = ", ".join(repr(shelf.name) for shelf in list_sets(c, trashed=trashed)[:8])
    raise InputError(f"There is no set {text!r}{' in the trash' if trashed else ''}.", f"There are: {names or 'none'}.")


def members_of(c: Connection, set: str) -> list[str]:
    """Members of a set outside the trash, in their order."""
    joined = members.join(portraits, members.c.portrait == portraits.c.id)
    query = select(members.c.portrait).select_from(joined).where(members.c.set == set, portraits.c.trashed.is_(None))
    return [row.portrait for row in c.execute(query.order_by(members.c.place))]


def sets_of(c: Connection, portrait: str) -> list[str]:
    """Names of the sets that a portrait is in."""
    joined = members.join(sets, members.c.set == sets.c.id)
    query = select(sets.c.name).select_from(joined).where(members.c.portrait == portrait, sets.c.trashed.is_(None))
    return [row.name for row in c.execute(query.order_by(sets.c.name))]


# helpers ----------------------------------------------------------------------------------------


def _free_name(c: Connection, name: str) -> str:
    name = name_of(name)
    if c.execute(select(sets.c.id).where(sets.c.name == name, sets.c.trashed.is_(None))).first() is not None:
        raise InputError(f"There is a set {name!r} already.", "Choose another name.")
    return name


def _plain(c: Connection, set: str) -> Shelf:
    shelf = read_set(c, set)
    if shelf.rule:
        raise InputError(f"The set {shelf.name!r} is smart: it fills itself by {shelf.rule!r}.", "Change its rule.")
    return shelf


def _places(c: Connection, set: str) -> dict[str, int]:
    """Place by member, in order, the trash included."""
    query = select(members.c.portrait, members.c.place).where(members.c.set == set).order_by(members.c.place)
    return {row.portrait: row.place for row in c.execute(query)}


def _sizes(c: Connection) -> dict[str, int]:
    joined = members.join(portraits, members.c.portrait == portraits.c.id)
    query = select(members.c.set, func.count().label("n")).select_from(joined).where(portraits.c.trashed.is_(None))
    return {row.set: row.n for row in c.execute(query.group_by(members.c.set))}


def _member(set: str, id: str, before: int | None, after: int | None) -> Change:
    return Change(
        table="members",
        key={"set": set, "portrait": id},
        before=None if before is None else {"place": before},
        after=None if after is None else {"place": after},
    )


def _edit(w: Writing, shelf: Shelf, summary: str, **after: Any) -> Act | None:
    before = {name: getattr(shelf, name) for name in after}
    return perform(w, "set", summary, [Change(table="sets", key={"id": shelf.id}, before=before, after=after)])
