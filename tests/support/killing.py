"""A host whose run dies at any moment, as by ``kill -9``, and keeps only what was on disk by then."""

from collections.abc import Sequence

from services.core.effects import Effect, Handler, Outcome, Standing
from services.core.events import Event
from services.core.process import Process
from services.core.process.context import Because, Position
from services.core.process.running import Progress, Waiting
from tests.support.host import MemoryHost


class Killed(BaseException):
    """Ends the run with nothing else said or kept."""


class KillableHost(MemoryHost):
    """Dies at the n-th of its moments: each beat, and around each act before the intent, after it and after the deed.

    What was handed over without waiting is lost with the run. An act whose outcome is missing is looked up.
    """

    def __init__(self, handlers: dict[type[Effect], Handler]) -> None:
        super().__init__(handlers)
        self.moments = 0
        self.kill_at: int | None = None
        self._intents: set[str] = set()
        self._unkept: list[tuple[Sequence[Event], Position | None]] = []

    def run_until(self, kill_at: int | None, process: Process, name: str = "bot") -> bool:
        """Run; tell whether the run came to its end."""
        self.moments, self.kill_at = 0, kill_at
        try:
            self.run(process, name)
        except Killed:
            self._unkept.clear()
            return False
        return True

    def commit(self, events: Sequence[Event], position: Position | None, wait: bool) -> None:
        self._unkept.append((events, position))
        if wait:
            for earlier in self._unkept:
                super().commit(*earlier, wait=True)
            self._unkept.clear()

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        self._moment()
        super().beat(progress, waiting)

    def act(self, effect: Effect, because: Because) -> Outcome:
        self._moment()
        handler = self.handlers[type(effect)]
        if effect.key in self._intents and effect.key not in self.outcomes:
            found = handler.look_up(effect)
            if found.standing is not Standing.NOT_DONE:
                self.outcomes[effect.key] = found
        self._intents.add(effect.key)
        self._moment()
        return super().act(effect, because)

    def _moment(self) -> None:
        self.moments += 1
        if self.moments == self.kill_at:
            raise Killed


class KilledAfterDeed:
    """A handler that does the deed and then dies with the run, ``times`` times, before the outcome is kept."""

    def __init__(self, handler: Handler, times: int) -> None:
        self._handler = handler
        self._left = times

    def carry_out(self, effect: Effect) -> dict[str, object]:
        details = self._handler.carry_out(effect)
        if self._left:
            self._left -= 1
            raise Killed
        return details

    def look_up(self, effect: Effect) -> Outcome:
        return self._handler.look_up(effect)
