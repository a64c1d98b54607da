"""A past moment as the window shows it: all of it is read from the disk here, in a worker."""

from dataclasses import dataclass
from datetime import datetime

from app.logs import read_tail
from app.program import Program
from app.wiring.projections import KINDS
from services.core.logs import LogLine
from services.core.projections.views import PastView, past_view

LINES = 2_000
"""Log lines of the past that the window shows, back from the moment."""


@dataclass(frozen=True)
class Past:
    """What was known at a moment, and the newest lines that were logged until then, oldest first."""

    view: PastView
    lines: tuple[LogLine, ...]


def read_past(program: Program, moment: datetime) -> Past:
    """The moment, with all that the pages will ask of it. Blocks."""
    from widgets.states.ahead import read_ahead  # not needed before the first paint

    engine = program.engine
    view = past_view(engine.projections, engine.files, moment, KINDS)
    read_ahead(view)
    return Past(view, read_tail(program.home.log, LINES, until=moment))
