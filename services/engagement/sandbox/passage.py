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


def set_pace(connection: sqlite3.Connection, clock: Clock, pace: float | None) -> Passage:
    """Go on at ``pace`` (None: as before, or 1) from the network's present hour, and return the passage in force.

    Raises ``UserError`` for a pace at which time would stand still or run back.
    """
    if pace is not None and not 0 < pace <= FASTEST:
        raise UserError(f"the pace of the sandbox network is {pace:g}", mend=f"Write more than 0, at most {FASTEST:g}")
    known = load_passage(connection)
    if known is not None and pace in (None, known.pace):
        return known
    now = clock.now().astimezone(UTC)
    passage = Passage(now, _begin(now, known, pace or 1.0), pace or 1.0)
    value = f"{passage.real.isoformat()} {passage.simulated.isoformat()} {passage.pace!r}"
    connection.execute("INSERT OR REPLACE INTO setting VALUES ('passage', ?)", (value,))
    return passage


def _begin(now: datetime, known: Passage | None, pace: float) -> datetime:
    if known is not None:
        return known.at(now)
    return now if pace == 1.0 else now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
