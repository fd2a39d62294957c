"""Rows in bulk, the same way in both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

CHUNK = 1000
"""Values in one IN list."""


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in pieces that a statement can take."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


def insert_missing(c: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows whose primary key is not there yet; the others stay as they are."""
    if not rows:
        return
    insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
    c.execute(insert(table).on_conflict_do_nothing(), list(rows))


def insert_all(c: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows."""
    if rows:
        c.execute(table.insert(), list(rows))
