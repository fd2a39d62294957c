"""Portraits, recipes, lineage, curation and the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "studio",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
    )
    _recipes()
    _portraits()
    _curation()
    op.create_table(
        "acts",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("turned", sa.BigInteger, nullable=True),
        sa.CheckConstraint("state IN ('done', 'undone', 'dropped')", name=op.f("ck_acts_state")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acts_actor", "acts", ["actor"])


def _recipes() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
    )
    op.create_table(
        "terms",
        sa.Column("reading", sa.String(64), sa.ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("term", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
    )
    op.create_index("ix_terms_term", "terms", ["term"])
    op.create_index("ix_terms_kind", "terms", ["kind", "term"])
    op.create_table(
        "recipes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("json", sa.Text, nullable=False),
        sa.Column("reading", sa.String(64), sa.ForeignKey("readings.id"), nullable=True),
        sa.Column("cut", sa.Integer, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("weights", sa.String(64), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("style", sa.Text, nullable=False),
    )
    op.create_index("ix_recipes_reading", "recipes", ["reading"])


def _portraits() -> None:
    op.create_table(
        "sitters",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
    )
    op.create_index("ix_sitters_name", "sitters", ["name"])
    op.create_table(
        "portraits",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recipe", sa.String(64), sa.ForeignKey("recipes.id"), nullable=True),
        sa.Column("picture", sa.String(64), nullable=True),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("sitter", sa.String(64), sa.ForeignKey("sitters.id"), nullable=False),
        sa.Column("edit", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("rating", sa.Integer, nullable=True),
        sa.Column("star", sa.Boolean, nullable=False),
        sa.Column("mark", sa.String(8), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("trashed", sa.String(32), nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_portraits_id")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_portraits_rating")),
        sa.CheckConstraint("mark IN ('', 'keep', 'kill')", name=op.f("ck_portraits_mark")),
        sqlite_autoincrement=True,
    )
    for column in ("recipe", "picture", "sitter", "made", "rating", "star", "mark", "trashed"):
        op.create_index(f"ix_portraits_{column}", "portraits", [column])
    noted = sa.text("note <> ''")
    op.create_index("ix_portraits_noted", "portraits", ["number"], sqlite_where=noted, postgresql_where=noted)
    op.create_table(
        "links",
        sa.Column("child", sa.String(64), sa.ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("parent", sa.String(64), sa.ForeignKey("portraits.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("share", sa.Float, nullable=True),
    )
    op.create_index("ix_links_parent", "links", ["parent"])
    op.create_table(
        "traits",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("portrait", sa.String(64), sa.ForeignKey("portraits.id", ondelete="CASCADE"), nullable=False),
        sa.Column("dials", sa.Text, nullable=False),
        sa.Column("palette", sa.Text, nullable=False),
        sa.Column("likeness", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("portrait", name=op.f("uq_traits_portrait")),
        sqlite_autoincrement=True,
    )


def _curation() -> None:
    op.create_table(
        "tags",
        sa.Column("portrait", sa.String(64), sa.ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag", sa.Text, primary_key=True),
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
    op.create_table(
        "sets",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("trashed", sa.String(32), nullable=True),
    )
    op.create_index("ix_sets_name", "sets", ["name"])
    op.create_table(
        "members",
        sa.Column("set", sa.String(32), sa.ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("portrait", sa.String(64), sa.ForeignKey("portraits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("ix_members_portrait", "members", ["portrait"])
