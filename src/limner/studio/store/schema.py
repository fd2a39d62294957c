"""The tables.

Portraits are never deleted while a descendant cites them: what has been purged keeps its row with no
picture, an empty slot.  Times are text, ISO 8601 in UTC, which sorts in both databases.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

tables = MetaData(naming_convention=NAMING)

Number = BigInteger().with_variant(Integer, "sqlite")
"""A row number that counts up by itself in both databases."""

studio = Table(
    "studio",
    tables,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("made", String(32), nullable=False),
)
"""One row: who this studio is.  The same id stands in `studio.json` beside the pictures."""

readings = Table(
    "readings",
    tables,
    Column("id", String(64), primary_key=True),
    Column("words", Text, nullable=False),
    Column("json", Text, nullable=False),
)
"""Canonical readings, shared by all recipes of one brief."""

terms = Table(
    "terms",
    tables,
    Column("reading", String(64), ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True),
    Column("term", Text, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Index("ix_terms_term", "term"),
    Index("ix_terms_kind", "kind", "term"),
)
"""What the words of a reading were taken to mean."""

recipes = Table(
    "recipes",
    tables,
    Column("id", String(64), primary_key=True),
    Column("json", Text, nullable=False),
    Column("reading", String(64), ForeignKey("readings.id"), nullable=True, index=True),
    Column("cut", Integer, nullable=False),
    Column("engine", Text, nullable=False),
    Column("weights", String(64), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("medium", Text, nullable=False),
    Column("style", Text, nullable=False),
)
"""Canonical recipes without their reading, which stood at character `cut`."""

sitters = Table(
    "sitters",
    tables,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("made", String(32), nullable=False),
)

portraits = Table(
    "portraits",
    tables,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("recipe", String(64), ForeignKey("recipes.id"), nullable=True, index=True),
    Column("picture", String(64), nullable=True, index=True),
    Column("format", String(8), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sitter", String(64), ForeignKey("sitters.id"), nullable=False, index=True),
    Column("edit", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", String(32), nullable=False, index=True),
    Column("rating", Integer, nullable=True, index=True),
    Column("star", Boolean, nullable=False, index=True),
    Column("mark", String(8), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("trashed", String(32), nullable=True, index=True),
    Index("ix_portraits_noted", "number", sqlite_where=text("note <> ''"), postgresql_where=text("note <> ''")),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    CheckConstraint("mark IN ('', 'keep', 'kill')", name="mark"),
    sqlite_autoincrement=True,
)

links = Table(
    "links",
    tables,
    Column("child", String(64), ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("parent", String(64), ForeignKey("portraits.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("share", Float, nullable=True),
)
"""The lineage: child cites parent."""

traits = Table(
    "traits",
    tables,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("portrait", String(64), ForeignKey("portraits.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("dials", Text, nullable=False),
    Column("palette", Text, nullable=False),
    Column("likeness", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""What was measured on the picture: dial settings as JSON, colours as JSON, likeness as float16.

Its own numbers tell the search index what was measured since it looked last.
"""

tags = Table(
    "tags",
    tables,
    Column("portrait", String(64), ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index("ix_tags_tag", "tag"),
)

sets = Table(
    "sets",
    tables,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made", String(32), nullable=False),
    Column("trashed", String(32), nullable=True),
)
"""Sets; one with a rule is a smart set and has no members of its own."""

members = Table(
    "members",
    tables,
    Column("set", String(32), ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True),
    Column("portrait", String(64), ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, nullable=False),
    Index("ix_members_portrait", "portrait"),
)

acts = Table(
    "acts",
    tables,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(80), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("turned", BigInteger, nullable=True),
    CheckConstraint("state IN ('done', 'undone', 'dropped')", name="state"),
    sqlite_autoincrement=True,
)
"""The journal: every act with the row changes that it made, so that it can be taken back."""

jobs = Table(
    "jobs",
    tables,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("urgency", Integer, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("device", String(40), nullable=False),
    Column("destination", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("made", String(32), nullable=False),
    Column("started", String(32), nullable=True),
    Column("ended", String(32), nullable=True),
    Column("error", Text, nullable=False),
    CheckConstraint("state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')", name="state"),
    sqlite_autoincrement=True,
)
"""Long acts.  `urgency` 0 is for the person at the screen; within it the smallest `place` comes first."""

units = Table(
    "units",
    tables,
    Column("job", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("recipe", String(64), ForeignKey("recipes.id"), nullable=False, index=True),
    Column("origins", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("portrait", String(64), ForeignKey("portraits.id", ondelete="SET NULL"), nullable=True, index=True),
    Column("tries", Integer, nullable=False),
    Column("worker", String(80), nullable=False),
    Column("error", Text, nullable=False),
    Index("ix_units_state", "state", "job"),
    CheckConstraint("state IN ('waiting', 'working', 'done', 'failed', 'skipped')", name="state"),
)
"""The portraits of a job: what is to be painted, and what became of it."""

events = Table(
    "events",
    tables,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("job", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What happened to jobs, for whoever listens; listeners ask for what came behind the last number they saw."""

workers = Table(
    "workers",
    tables,
    Column("device", String(40), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("beat", String(32), nullable=False),
)
"""Who paints on which device; a beat that is long ago belongs to a dead process."""

switches = Table(
    "switches",
    tables,
    Column("name", String(40), primary_key=True),
    Column("is_on", Boolean, nullable=False),
)
"""What is on or off for the whole studio ("paused": no worker takes up anything)."""

grids = Table(
    "grids",
    tables,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("axes", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("job", String(32), nullable=False),
    Column("made", String(32), nullable=False),
    Column("trashed", String(32), nullable=True),
)
"""Explorations: what was asked for, the axes, and which portrait stands in which cell."""
