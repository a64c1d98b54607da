"""What sweeps run, compiled before anybody asks for a sweep: in a child of the lowest priority."""

from pathlib import Path

from services.core.durations import minutes
from services.core.errors import UserError, in_words
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.trading.kernel.compiling import can_keep, is_kept

_LOOK = 60.0


class SweepWarmUp(Process):
    """Has a child compile what is not kept in the folder ``kept``, and ends.

    A sweep that comes meanwhile waits for the child, which is ahead of it. An end of this run ends the child, and what
    it had compiled by then is not compiled again.
    """

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    can_pause = False
    kept: Path
    not_before: float = 0.0
    """On the monotonic clock."""

    def run(self, context: Context) -> None:
        context.wait(max(0.0, self.not_before - context.clock.monotonic()), "the program to have stood a while")
        if is_kept(self.kept):
            context.outcome = "a sweep has compiled it meanwhile"
            return
        from services.trading.sweep.local import children  # not before: the program starts without it
        from services.trading.sweep.part import behave
        from services.trading.sweep.warming import warm

        context.doing("compiling what sweeps run")
        with children(1, behave) as executor:
            compiled = executor.submit(warm, self.kept)
            compiled.add_done_callback(lambda _: context.rouse())
            while not compiled.done():
                context.wait(_LOOK, "the compiler", until=compiled.done)
            error = compiled.exception()
        self._require(error, context.name)
        context.outcome = "the first sweep begins at once"

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
