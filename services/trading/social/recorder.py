"""The process that records a feed of posts, so that it can be read again as it came."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from services.core.durations import seconds
from services.core.errors import UserError
from services.core.process import Process
from services.core.process.context import Context
from services.core.words import counted
from services.trading.candles.moments import microseconds_of, moment
from services.trading.social.events import FeedAlive, PostHeard
from services.trading.social.post import Beat
from services.trading.social.reading import row_of

AT_ONCE = 200
"""The most lines that are kept at one look."""
LONGEST_LINE = 100_000
"""Bytes; what is longer is passed over."""


class PostRecorder(Process):
    """Keeps each line that is written to the end of a .jsonl file, as a post that was received when it was read here.

    ``feed`` is the file; whatever brings posts from a network, writes to it. ``every`` is how many seconds pass between
    looks. What the lines say of ``received_at`` is not taken: a post is known here from when it was read here.
    """

    service = "trading"
    heartbeat = seconds(10)
    goes_on = True
    parallel = False

    feed: str
    every: float = 1.0

    def run(self, context: Context) -> None:
        """Go on for ever, from the line after the last that was kept."""
        path = Path(self.feed).expanduser()
        while True:
            self._keep_some(context, path)
            awaited = f"the next post in {path.name}" if path.exists() else f"{path.name} to be there"
            context.wait(self.every, awaited)

    def _keep_some(self, context: Context, path: Path) -> None:
        """What is new, a part of it where it is much: the journal is for tens a second."""
        place = {"offset": 0, "line": 0} | (context.position or {})
        try:
            with path.open("rb") as file:
                lines = list(_lines(file, self._start(context, file, place)))
        except FileNotFoundError:
            return
        for line in lines:
            place["offset"], place["line"] = place["offset"] + len(line), place["line"] + 1
            self._keep(context, line, f"{path}:{place['line']}")
        if lines:
            context.doing(f"recording: {counted(place['line'], 'line')} of {path.name} so far")
            context.checkpoint(place)

    def _start(self, context: Context, file: BinaryIO, place: dict[str, int]) -> int:
        """Where to read on: at the beginning of a file that is shorter than what was read of it."""
        if file.seek(0, 2) < place["offset"]:
            context.log.warning("%s is shorter than it was: it is read from its beginning", self.feed)
            place |= {"offset": 0, "line": 0}
        return place["offset"]

    def _keep(self, context: Context, line: bytes, where: str) -> None:
        """One line as an event; one that is amiss is told in the log, and the rest goes on."""
        received = context.clock.now()
        try:
            if len(line) >= LONGEST_LINE:
                raise UserError(f"the line is longer than {LONGEST_LINE:,} bytes", where, "It is passed over")
            row = row_of(line, where, microseconds_of(received)) if line.strip() else None
        except UserError as fault:
            context.log.warning("%s", fault)
            return
        if isinstance(row, Beat):
            context.emit(FeedAlive(row.source))
        elif row is not None:
            created = moment(row.created_at)
            context.emit(PostHeard(row.source, row.author, row.id, row.text, created, received, row.deleted))


def _lines(file: BinaryIO, offset: int) -> Iterator[bytes]:
    """The next whole lines, a few at most; one without its end is still being written."""
    file.seek(offset)
    for _ in range(AT_ONCE):
        line = file.readline(LONGEST_LINE)
        if not line.endswith(b"\n") and len(line) < LONGEST_LINE:
            return
        yield line
