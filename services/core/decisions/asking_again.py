"""What is unknown is asked about again by itself, in workers, and what waited for the answer goes on."""

from dataclasses import dataclass
from functools import partial

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

    def _ask(self, identity: str) -> None:
        self.deciding.acts.look_again(identity)
        self.deciding.go_on_with(identity)
