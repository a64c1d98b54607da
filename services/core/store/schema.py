"""The tables, as SQLAlchemy Core. Times are whole microseconds since 1970 (UTC); payloads are JSON text."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("name", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Index("events_at", "at"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("key", String, unique=True),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("effect", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("process", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("because", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("verdict", String, nullable=False),
    Column("undoable", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("expires", Integer),
    Column("settled_at", Integer),
    Column("changed_by", String, nullable=False, server_default=""),
    Column("changed_at", Integer),
    Column("changes", Text, nullable=False, server_default="{}"),
    Index("decisions_at", "at"),
    Index("decisions_verdict", "verdict"),
    Index("decisions_process", "process", "verdict"),
)

processes = Table(
    "processes",
    metadata,
    Column("name", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("because", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("position", Text),
    Column("restarts", Integer, nullable=False),
    Column("settings", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("process", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("started", Integer, nullable=False),
    Column("ended", Integer),
    Column("result", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("lease", Integer, nullable=False),
    PrimaryKeyConstraint("process", "epoch"),
    Index("runs_started", "started"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("process", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("planned", Integer),
    Column("fired", Integer),
    Column("skip", Integer, nullable=False),
    PrimaryKeyConstraint("process", "trigger"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("projection", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    PrimaryKeyConstraint("projection", "seq"),
)

learners = Table(
    "learners",
    metadata,
    Column("name", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
)

rule_states = Table(
    "rule_states",
    metadata,
    Column("name", String, primary_key=True),
    Column("state", Text, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", String, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
