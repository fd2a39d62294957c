"""Jobs: a queue that survives restarts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_jobs"
down_revision = "0001_first"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_JOB_STATES = "state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')"
_UNIT_STATES = "state IN ('waiting', 'working', 'done', 'failed', 'skipped')"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("started", sa.String(32), nullable=True),
        sa.Column("ended", sa.String(32), nullable=True),
        sa.Column("error", sa.Text, nullable=False),
        sa.UniqueConstraint("id", name=op.f("uq_jobs_id")),
        sa.CheckConstraint(_JOB_STATES, name=op.f("ck_jobs_state")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "units",
        sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("recipe", sa.String(64), sa.ForeignKey("recipes.id"), nullable=False),
        sa.Column("origins", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("portrait", sa.String(64), sa.ForeignKey("portraits.id", ondelete="SET NULL"), nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.CheckConstraint(_UNIT_STATES, name=op.f("ck_units_state")),
    )
    for column in ("recipe", "portrait"):
        op.create_index(f"ix_units_{column}", "units", [column])
    op.create_index("ix_units_state", "units", ["state", "job"])
    op.create_table(
        "events",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_job", "events", ["job"])
    op.create_table(
        "workers",
        sa.Column("device", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("beat", sa.String(32), nullable=False),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
    )
