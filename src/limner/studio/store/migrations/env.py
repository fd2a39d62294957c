"""How Alembic reaches the database: through the connection that `migrate.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from limner.studio.store.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
