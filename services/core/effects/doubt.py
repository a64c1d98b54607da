"""What a restore left in doubt: whether something that waits for a person was done since the copy was made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core.decisions.ledger import Entry
from services.core.effects import Outcome, Standing
from services.core.effects.dealings import Dealings, NoHandler
from services.core.effects.outside import NOT_YET_THERE
from services.core.errors import in_words
from services.core.events.messages import MalformedMessage, UnknownMessage

NOBODY_COULD_TELL = "nobody could tell whether it was done before the store was put back from a copy"


@dataclass(frozen=True)
class Doubt:
    """One decision of which the ledger does not know whether it was done until a moment."""

    dealings: Dealings
    entry: Entry
    until: datetime

    def asked(self) -> Outcome:
        """Whether it was done, as the outside tells. A finding never is; what nobody here handles stays unknown."""
        try:
            effect = self.entry.effect()
            if effect.finding:
                return Outcome(Standing.NOT_DONE)
            return self.dealings.done_before(self.until, self.dealings.handler(effect), effect, NOT_YET_THERE)
        except (UnknownMessage, MalformedMessage, NoHandler) as error:
            return Outcome(Standing.UNKNOWN, why=in_words(error))

    def left(self) -> float:
        """For how many seconds more it may still arrive; 0 where nobody here handles its kind."""
        try:
            return self.dealings.unsettled.may_arrive(self.entry.effect(), self.until)
        except (UnknownMessage, MalformedMessage, KeyError):
            return 0.0

    def not_yet(self, told: Outcome, verb: str) -> str:
        """That nobody can tell yet, with when a person tries again what they told: to ``verb`` it."""
        when = "when it can be asked"
        if left := self.left():
            when = f"after {_minute_from(self.dealings.clock.now() + timedelta(seconds=left))}"
        return f"nobody can tell yet whether it was done before: {told.why}; {verb} it again {when}"


def _minute_from(moment: datetime) -> str:
    """The first whole minute from a moment on, on the wall clock."""
    return f"{(moment + timedelta(seconds=59, microseconds=999_999)).astimezone():%H:%M}"
