"""What is unknown is asked about again by itself, in workers, and what waited for the answer goes on."""

from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from services.core.decisions import ledger
from services.core.decisions.deciding import Deciding
from services.core.workers import Workers


@dataclass(frozen=True)
class AskingAgain:
    """Looks each second, on the core thread, whether an unknown act is to be asked about."""

    deciding: Deciding
    workers: Workers

    def look(self) -> None:
        for identity in self.deciding.acts.unsettled.due():
            self.workers.start(f"look up {identity}", partial(self._ask, identity))

    def expire(self) -> None:
        """End the wait of what waited past its time; what may have been done all the same is asked about first."""
        self.deciding.journal.write(ledger.expire).add_done_callback(self._ask_first)

    def _ask_first(self, left: "Future[list[str]]") -> None:
        if left.exception() is not None:  # the journal has told it, and the next minute tries again
            return
        for identity in left.result():
            if not self.deciding.acts.unsettled.knows(identity):
                self.workers.start(f"expire {identity}", partial(self.deciding.acts.approvals.expire, identity))

    def _ask(self, identity: str) -> None:
        self.deciding.acts.approvals.expire(identity)
        self.deciding.acts.look_again(identity)
        self.deciding.go_on_with(identity)
