"""An exchange that gives no answer: after one wait in vain, nothing more is waited for in turn, order by order."""

from collections.abc import Callable

from services.core.clock import Clock
from services.trading.venue.venue import NoAnswer, NotSent, Unreached, VenueRefused, VenueUnsure

HUSH = 5.0
"""Seconds for which nothing is asked once a question for the time was not answered either."""


class Silence:
    """Used by one thread at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard = True
        self._until: float | None = None

    def before(self, probe: Callable[[], object]) -> None:
        """Where the latest request was not answered, ask the time first; raises ``Unreached`` where that is not either.

        So a request that hangs holds up no other, and an exchange that is gone costs two waits, not two for each order.
        Raises ``NotSent`` where the question for the time fails in another way: the request itself never went out.
        """
        if self._heard:
            return
        if self._until is None or self._clock.monotonic() >= self._until:
            try:
                probe()
            except (NoAnswer, Unreached):
                self._until = self._clock.monotonic() + HUSH
            except (VenueUnsure, VenueRefused) as error:
                raise NotSent(f"not sent: the exchange, asked for its time: {error}") from error
            else:
                self._heard, self._until = True, None
                return
        raise Unreached("not sent: the exchange gives no answer")

    def kept(self) -> None:
        """A request was not answered."""
        self._heard = False
