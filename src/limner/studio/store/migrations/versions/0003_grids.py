"""Grids: explorations over axes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_grids"
down_revision = "0002_jobs"


def upgrade() -> None:
    op.create_table(
        "grids",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("axes", sa.Text, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("trashed", sa.String(32), nullable=True),
    )
