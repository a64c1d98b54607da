"""How time passes on the sandbox network: its own time runs ``pace`` times as fast as the clock.

The anchors stand in the network's file, so the parent that acts and the child that reads agree on the hour.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.core.clock import Clock
from services.core.errors import UserError

MORNING = 9
"""A sped-up network begins its first day at this hour (UTC), so that the first look shows a waking crowd."""

FASTEST = 100_000.0
"""More than a day a second."""


@dataclass(frozen=True)
class Passage:
    """At real time ``real`` it was ``simulated`` on the network; since then it runs at ``pace``."""

    real: datetime
    simulated: datetime
    pace: float

    def at(self, now: datetime) -> datetime:
        """The network's time; it stands still where the clock has stepped back behind the anchor."""
        return self.simulated + max(timedelta(0), now - self.real) * self.pace


def load_passage(connection: sqlite3.Connection) -> Passage | None:
    row = connection.execute("SELECT value FROM setting WHERE name = 'passage'").fetchone()
    if row is None:
        return None
    real, simulated, pace = row["value"].split(" ")
    return Passage(datetime.fromisoformat(real), datetime.fromisoformat(simulated), float(pace))


def set_pace(connection: sqlite3.Connection, clock: Clock, pace: float) -> None:
    """Go on at ``pace`` from the network's present hour. Until it is first set, the network keeps real time.

    Raises ``UserError`` for a pace at which time would stand still or run back.
    """
    if not 0 < pace <= FASTEST:
        raise UserError(f"the pace of the sandbox network is {pace:g}", mend=f"Write more than 0, at most {FASTEST:g}")
    known = load_passage(connection)
    if known is not None and pace == known.pace:
        return
    now = clock.now().astimezone(UTC)
    _keep(connection, Passage(now, known.at(now) if known else _begin(connection, now, pace), pace))


def go_on_at(connection: sqlite3.Connection, clock: Clock, moment: datetime) -> None:
    """Set the network's hour, at real time until a pace is set: for one whose time was lost."""
    _keep(connection, Passage(clock.now().astimezone(UTC), moment.astimezone(UTC), 1.0))


def _keep(connection: sqlite3.Connection, passage: Passage) -> None:
    value = f"{passage.real.isoformat()} {passage.simulated.isoformat()} {passage.pace!r}"
    connection.execute("INSERT OR REPLACE INTO setting VALUES ('passage', ?)", (value,))


def _begin(connection: sqlite3.Connection, now: datetime, pace: float) -> datetime:
    """The hour at which a network that had no pace begins to run at one."""
    used = connection.execute("SELECT 1 FROM own LIMIT 1").fetchone()
    if used or pace == 1.0:
        return now
    return now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
