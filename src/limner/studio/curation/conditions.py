"""Which portraits fulfil the conditions of a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, and_, exists, func, select, text

from limner.core.dials import dial_table
from limner.core.errors import InputError
from limner.studio.curation.colours import lab_of
from limner.studio.curation.features import microseconds
from limner.studio.curation.index import Index
from limner.studio.curation.looks import looks
from limner.studio.curation.query import Condition, Query, parse_query, turns_dial
from limner.studio.curation.sets import find_set, members_of, read_set
from limner.studio.store.portraits import find, find_id
from limner.studio.store.rows import chunks
from limner.studio.store.schema import links, members, portraits, sitters, tags

Mask = npt.NDArray[np.bool_]

NEAR_COLOUR = 18.0
"""Delta E*ab within which a colour of a picture counts as the one asked for."""

MIN_SHARE = 0.04
"""Share of the picture that a colour needs to count."""

_DEPTH = 8  # smart sets that ask for smart sets


def portraits_in(c: Connection, index: Index, set: str) -> list[str]:
    """Portraits of a set outside the trash: members in their order, or what a smart set's rule finds, newest first.

    Raises:
        InputError: there is no such set, or its rule asks for what is gone.
    """
    shelf = read_set(c, set)
    if not shelf.rule:
        return members_of(c, set)
    index.refresh(c)
    numbers: list[int] = index.numbers[matching(c, index, rule_of(c, shelf.rule).conditions)][::-1].tolist()
    ids = ids_of(c, numbers)
    return [ids[number] for number in numbers]


def rule_of(c: Connection, rule: str) -> Query:
    """The query of a smart set.

    Raises:
        InputError: not a query, or one with plain words, which fit more or less and not yes or no.
    """
    query = parse_query(rule, kinds_of(c))
    if query.words or query.avoid or not query.conditions:
        raise InputError(
            f"The rule {rule!r} has plain words, or no condition.",
            "Name what is meant: term:melancholic, tag:blue, rating>=4, from:3f2a ...",
        )
    return query


def ids_of(c: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Ids of portraits by number."""
    query = select(portraits.c.id, portraits.c.number)
    return {r.number: r.id for part in chunks(numbers) for r in c.execute(query.where(portraits.c.number.in_(part)))}


def matching(c: Connection, index: Index, conditions: Sequence[Condition], *, depth: int = 0) -> Mask:
    """Which rows of the index fulfil all conditions and are outside the trash."""
    # two statements, each answered by an index, are quicker than one with an OR
    mask = index.there() & ~mask_of(c, index, by_number(portraits.c.trashed > ""))
    mask &= ~mask_of(c, index, by_number(portraits.c.picture.is_(None)))
    for condition in conditions:
        met = _met(c, index, condition, depth)
        mask &= ~met if condition.negated else met
    return mask


def _met(c: Connection, index: Index, condition: Condition, depth: int) -> Mask:
    name, value = condition.name, condition.value
    if name == "set":
        return _in_set(c, index, value, depth)
    if (name, value) in _ABSENT:  # few have it: find those, and turn round
        return ~mask_of(c, index, by_number(_ABSENT[name, value]))
    if name in _SQL and value not in ("root", "measured"):
        return mask_of(c, index, _SQL[name](c, condition))
    return _in_index(index, condition)


_ABSENT: dict[tuple[str, str], Any] = {
    ("rating", "none"): portraits.c.rating >= 1,
    ("is", "undecided"): portraits.c.mark > "",
}


def _in_index(index: Index, condition: Condition) -> Mask:
    """Conditions on what never changes, answered without the database."""
    name, value = condition.name, condition.value
    if turns_dial(name, value):
        return _turned(index, condition)
    if name == "is":
        return index.recipe_of[:, 3] == 0 if value == "root" else ~np.isnan(index.palettes[:, 0, 3])
    if name in ("colour", "made"):
        return _has_colour(index, value) if name == "colour" else _made(index, condition)
    if name in _RECIPE:
        return np.isin(index.recipe_of[:, _RECIPE.index(name)], index.tokens([f"{name}={value}"]))
    term = " ".join(value.casefold().split())
    return index.with_tokens(index.terms(term, "" if name == "term" else name))


_RECIPE = ("engine", "medium", "style")


def mask_of(c: Connection, index: Index, query: Any) -> Mask:
    """Rows of the portraits whose numbers a statement gives."""
    numbers = np.fromiter(c.execute(query).scalars(), np.int64)
    mask = np.zeros(len(index), np.bool_)
    mask[index.rows_of(numbers)] = True
    return mask


def _has_colour(index: Index, value: str) -> Mask:
    distance = np.linalg.norm(index.palettes[:, :, :3] - np.array(lab_of(value), np.float32), axis=2)
    with np.errstate(invalid="ignore"):
        return np.any((distance <= NEAR_COLOUR) & (index.palettes[:, :, 3] >= MIN_SHARE), axis=1)


def _turned(index: Index, condition: Condition) -> Mask:
    settings = index.dials[:, dial_table().names.index(condition.name)]
    value = float(condition.value)
    with np.errstate(invalid="ignore"):
        if condition.sign == ":":
            return np.abs(settings - value) <= 0.1
        compare = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}[condition.sign]
        return np.asarray(compare(settings, value), np.bool_)


def _made(index: Index, condition: Condition) -> Mask:
    """A day stands for all its moments: what is later than it begins behind its last one."""
    first = microseconds(condition.value)
    unit = {4: "Y", 7: "M", 10: "D"}.get(len(condition.value))
    last = first if unit is None else int((np.datetime64(condition.value, unit) + 1).astype("M8[us]").astype(int)) - 1
    made = index.made
    return {
        ":": (made >= first) & (made <= last),
        ">=": made >= first,
        ">": made > last,
        "<": made < first,
        "<=": made <= last,
    }[condition.sign]


def _in_set(c: Connection, index: Index, value: str, depth: int) -> Mask:
    shelf = read_set(c, find_set(c, value))
    if not shelf.rule:
        joined = portraits.join(members, members.c.portrait == portraits.c.id)
        query = select(portraits.c.number).select_from(joined).where(members.c.set == shelf.id)
        return mask_of(c, index, query)
    if depth >= _DEPTH:
        raise InputError(f"The smart set {shelf.name!r} asks for itself by way of others.", "Change its rule.")
    rule = parse_query(shelf.rule, kinds_of(c))
    return matching(c, index, rule.conditions, depth=depth + 1)


def kinds_of(c: Connection) -> set[str]:
    """Kinds of terms that the studio's briefs hold, and those that the plainest words are of."""
    found = c.execute(text(_KINDS)).scalars()
    return {str(kind) for kind in found if kind} | looks().keys()


# one step through the index a kind; DISTINCT would read every term of every brief
_KINDS = """
    WITH RECURSIVE found(kind) AS (
        SELECT min(kind) FROM terms
        UNION ALL
        SELECT (SELECT min(terms.kind) FROM terms WHERE terms.kind > found.kind) FROM found WHERE found.kind IS NOT NULL
    ) SELECT kind FROM found
"""


def by_number(where: Any) -> Select[Any]:
    """Numbers of the portraits for which a clause holds."""
    return select(portraits.c.number).where(where)


def _tag(_c: Connection, condition: Condition) -> Select[Any]:
    joined = portraits.join(tags, tags.c.portrait == portraits.c.id)
    tag = " ".join(condition.value.casefold().split())
    return select(portraits.c.number).select_from(joined).where(tags.c.tag == tag)


def _sitter(c: Connection, condition: Condition) -> Select[Any]:
    named = [r.id for r in c.execute(select(sitters.c.id).where(func.lower(sitters.c.name) == condition.value.lower()))]
    return by_number(portraits.c.sitter.in_(named or [find_id(c, sitters, condition.value, "sitter")]))


def _parent(c: Connection, condition: Condition) -> Select[Any]:
    id = find(c, condition.value)
    return by_number(exists().where(links.c.child == portraits.c.id, links.c.parent == id))


def _descends(c: Connection, condition: Condition) -> Select[Any]:
    below = select(links.c.child).where(links.c.parent == find(c, condition.value)).cte(recursive=True)
    below = below.union(select(links.c.child).join(below, links.c.parent == below.c.child))
    return by_number(portraits.c.id.in_(select(below.c.child)))


def _rating(_c: Connection, condition: Condition) -> Select[Any]:
    return by_number(_compared(portraits.c.rating, condition.sign, int(condition.value)))


def _compared(column: Any, sign: str, value: int) -> Any:
    return {
        ":": column == value,
        ">": column > value,
        ">=": column >= value,
        "<": column < value,
        "<=": column <= value,
    }[sign]


def _is(_c: Connection, condition: Condition) -> Select[Any]:
    where = {
        "starred": portraits.c.star.is_(True),
        "rated": portraits.c.rating >= 1,
        "keep": portraits.c.mark == "keep",
        "kill": portraits.c.mark == "kill",
        "handmade": portraits.c.recipe.is_(None),
    }[condition.value]
    return by_number(where)


_SQL: dict[str, Callable[[Connection, Condition], Select[Any]]] = {
    "tag": _tag,
    "sitter": _sitter,
    "parent": _parent,
    "from": _descends,
    "rating": _rating,
    "id": lambda _c, q: by_number(and_(portraits.c.id >= q.value, portraits.c.id < q.value + "g")),
    "is": _is,
}
