"""What sweeps run, compiled before anybody asks for a sweep: in a child of the lowest priority."""

from pathlib import Path

from services.core.durations import minutes
from services.core.errors import UserError, in_words
from services.core.process import Isolation, Process
from services.core.process.context import Context, Order
from services.trading.kernel.compiling import can_keep, is_kept

_LOOK = 0.2
"""Seconds between two looks at what the run has been told."""


class _Told(Exception):
    """The run is to hold or to end."""


class SweepWarmUp(Process):
    """Has a child compile what is not kept in the folder ``kept``, and ends.

    A sweep that comes meanwhile waits for the child, which is ahead of it. While this is paused there is no child, and
    one ends with this run; what it had compiled by then is not compiled again.
    """

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    kept: Path
    not_before: float = 0.0
    """On the monotonic clock."""

    def run(self, context: Context) -> None:
        context.wait(max(0.0, self.not_before - context.clock.monotonic()), "the program to have stood a while")
        context.outcome = "a sweep has compiled it meanwhile"
        while not is_kept(self.kept):
            context.outcome = ""
            context.doing("compiling what sweeps run")
            try:
                self._compile(context)
            except _Told:
                context.checkpoint()

    def _compile(self, context: Context) -> None:
        from services.trading.sweep.local import children  # not before: the program starts without it
        from services.trading.sweep.part import behave
        from services.trading.sweep.warming import warm

        done = context.clock.wakeup()
        with children(1, behave) as executor:
            compiled = executor.submit(warm, self.kept)
            compiled.add_done_callback(lambda _: done.set())
            while not done.wait(_LOOK):
                context.beat()
                if context.told() is not Order.GO:
                    raise _Told
            error = compiled.exception()
        self._require(error, context.name)

    def _require(self, error: BaseException | None, name: str) -> None:
        """Raise ``UserError`` where it did not come to that. Nothing tries it again by itself, so it is told once."""
        if isinstance(error, UserError):
            raise error
        mend = f"the first sweep compiles it then; 'dreamscape run-now {name}' tries again"
        if error is not None:
            raise UserError(f"what sweeps run was not compiled ({in_words(error)})", str(self.kept), mend) from error
        if not is_kept(self.kept):
            raise UserError("another process has been compiling what sweeps run for long", str(self.kept), mend)


def wants_warm_up(kept: Path) -> bool:
    """Whether something is to be compiled there, and could be kept."""
    return can_keep() and not is_kept(kept)
