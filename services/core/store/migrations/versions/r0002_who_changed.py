"""Who brought a decision to where it stands, when, and what they changed of it: the ledger is then read by itself.

Until now the journal alone knew; what of it retention has removed cannot be told any more and stays empty.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TOLD = sa.text("SELECT at, payload FROM events WHERE name = 'decision.changed' ORDER BY seq")
_KEEP = sa.text(
    "UPDATE decisions SET changed_by = :by, changed_at = :at, changes = coalesce(:changes, changes) WHERE id = :id"
)
_AT_ONCE = 1_000


def upgrade() -> None:
    with op.batch_alter_table("decisions") as table:
        table.add_column(sa.Column("changed_by", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("changed_at", sa.Integer()))
        table.add_column(sa.Column("changes", sa.Text(), nullable=False, server_default="{}"))
    op.create_index("decisions_at", "decisions", ["at"])
    connection = op.get_bind()
    for rows in connection.execute(_TOLD).partitions(_AT_ONCE):
        connection.execute(_KEEP, [_kept(row.at, json.loads(row.payload)) for row in rows])


def _kept(at: int, told: dict[str, object]) -> dict[str, object]:
    changes = told.get("changes")
    return {"id": told["id"], "by": told["by"], "at": at, "changes": json.dumps(changes) if changes else None}
