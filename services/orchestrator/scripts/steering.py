"""One run of a script, followed: its output, its signs of life, and what the run is told meanwhile."""

import signal
from datetime import timedelta

from services.core.logs import PRINTED
from services.core.process.context import Context, Order
from services.core.process.running import Cancelled
from services.core.sandbox import Line, Stream, Tree
from services.orchestrator.scripts.life import Life
from services.orchestrator.scripts.output import Patterns, clean, level_of, marked
from services.orchestrator.scripts.signals import ask_to_end, go_on, suspend

_BEAT = 1.0


class Steering:
    """Stands between a tree and a context. Both callbacks run in the run's own thread."""

    def __init__(
        self,
        context: Context,
        tree: Tree,
        life: Life,
        patterns: Patterns,
        stop_signal: signal.Signals,
        stop_grace: timedelta,
    ) -> None:
        self._context = context
        self._tree = tree
        self._life = life
        self._patterns = patterns
        self._signal = stop_signal
        self.grace = stop_grace
        self._beaten = context.clock.monotonic()
        self._asked: float | None = None
        self.out_of_time = False
        """It was asked to end, had its whole grace for that, and had to be ended."""
        self._silent = self._unpausable = False
        self._words: dict[Stream, str] = {}

    @property
    def asked(self) -> bool:
        """Whether the script has been asked to end."""
        return self._asked is not None

    @property
    def last_words(self) -> str:
        """The last line of standard error, else of standard output."""
        return self._words.get(Stream.ERR) or self._words.get(Stream.OUT) or ""

    def stands_at(self) -> str:
        """What is known of where the script stands. From any thread."""
        silent = "" if self._life.alive is None else f", without a sign of life for {self._life.silence:.0f} s"
        words = f"its last line: {self.last_words}" if self.last_words else "it has written nothing"
        return f"process {self._tree.pid}{silent}; {words}"

    def hear(self, line: Line) -> None:
        """Log one line of output, and read progress and metrics from it."""
        self._life.heard()
        text = clean(line.text)
        if not text.strip():
            return
        told = marked(text, line)
        self._words[line.stream] = told.strip()
        reading = self._patterns.read(text)
        for name, value in reading.metrics:
            self._context.sample(f"{name}:{self._context.name}", value)
        if reading.done is None:
            self._context.log.log(level_of(text, line.stream is Stream.ERR), "%s", told, extra=PRINTED)
            return
        self._context.progress(reading.done, reading.total, reading.doing)
        # A progress bar repeats itself many times a second; it is shown as progress, and logged for the curious.
        self._context.log.debug("%s", told)

    def heed(self) -> None:
        """Obey what the run has been told, and beat while the script shows signs of life."""
        order = self._context.told()
        if self.asked or order is Order.CANCEL:
            self._end()
        elif order is Order.PAUSE:
            self._pause()
        elif self._context.clock.monotonic() - self._beaten >= _BEAT:
            self._beat()

    def _beat(self) -> None:
        """No beat without a sign of life: then the watchdog does with a silent script as with any stalled run."""
        self._beaten = self._context.clock.monotonic()
        if self._life.shows():
            self._silent = False
            self._context.doing("")
            return
        # A number that streams is no beat, but it is refused once the run has been given up.
        self._context.sample(f"silence:{self._context.name}", self._life.silence)
        if not self._silent:
            self._silent = True
            self._context.log.warning("no sign of life for %.0f s", self._life.silence)

    def _pause(self) -> None:
        if not suspend(self._tree.pid):
            if not self._unpausable:
                self._unpausable = True
                self._context.log.warning("this system cannot suspend a process; the script goes on until it ends")
            self._beat()
            return
        try:
            self._context.checkpoint()
        except Cancelled:
            self._end()
        finally:
            go_on(self._tree.pid)
            self._life.reset()

    def _end(self) -> None:
        """Ask once, give it its grace while its output is still read, then end the whole tree."""
        now = self._context.clock.monotonic()
        if self._asked is None:
            self._asked = now
            self._context.doing("is asked to end")
            if not ask_to_end(self._tree.pid, self._signal):
                self._tree.cancel()
        elif now - self._asked >= self.grace.total_seconds():
            self.out_of_time = True
            self._tree.cancel()
