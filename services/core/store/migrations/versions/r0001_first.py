"""The first store: the tables as the first release created them. Later revisions start from it.

A new store is created whole by ``opening``; these tables are made where an old export is to be brought up to date.
"""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = (
    """CREATE TABLE events (seq INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, source VARCHAR NOT NULL,
    name VARCHAR NOT NULL, version INTEGER NOT NULL, payload TEXT NOT NULL)""",
    """CREATE TABLE decisions (id VARCHAR NOT NULL PRIMARY KEY, at INTEGER NOT NULL, "key" VARCHAR UNIQUE,
    kind VARCHAR NOT NULL, version INTEGER NOT NULL, effect TEXT NOT NULL, what TEXT NOT NULL, "by" VARCHAR NOT NULL,
    process VARCHAR NOT NULL, epoch INTEGER NOT NULL, because TEXT NOT NULL, evidence TEXT NOT NULL,
    verdict VARCHAR NOT NULL, undoable INTEGER NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, expires INTEGER,
    settled_at INTEGER)""",
    """CREATE TABLE processes (name VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, because TEXT NOT NULL,
    "by" VARCHAR NOT NULL, epoch INTEGER NOT NULL, position TEXT, restarts INTEGER NOT NULL, settings TEXT NOT NULL)""",
    """CREATE TABLE runs (process VARCHAR NOT NULL, epoch INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER,
    result VARCHAR NOT NULL, detail TEXT NOT NULL, lease INTEGER NOT NULL, PRIMARY KEY (process, epoch))""",
    """CREATE TABLE schedules (process VARCHAR NOT NULL, "trigger" VARCHAR NOT NULL, planned INTEGER, fired INTEGER,
    skip INTEGER NOT NULL, PRIMARY KEY (process, "trigger"))""",
    """CREATE TABLE snapshots (projection VARCHAR NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    version INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY (projection, seq))""",
    "CREATE TABLE learners (name VARCHAR NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE rule_states (name VARCHAR NOT NULL PRIMARY KEY, state TEXT NOT NULL)",
    """CREATE TABLE blobs (hash VARCHAR NOT NULL PRIMARY KEY, at INTEGER NOT NULL, size FLOAT NOT NULL,
    data BLOB NOT NULL)""",
    "CREATE TABLE facts (name VARCHAR NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE INDEX events_at ON events (at)",
    "CREATE INDEX decisions_process ON decisions (process, verdict)",
    "CREATE INDEX decisions_verdict ON decisions (verdict)",
    "CREATE INDEX runs_started ON runs (started)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
