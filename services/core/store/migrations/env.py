"""Alembic's entry: the connection is handed over by ``migrating.migrate``; there is no other way in."""

from alembic import context

from services.core.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
