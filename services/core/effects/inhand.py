"""Who has which decision in hand: each is carried out, taken back or looked up by one call of this program alone."""

from dataclasses import dataclass, field

from services.core.clock import Clock, Wakeup
from services.core.process.lease import Lease


@dataclass(frozen=True, eq=False)
class Call:
    """One call that takes decisions in hand."""

    ended: Wakeup
    looks: bool = False
    """It only asks the outside, and so ends soon."""


@dataclass
class InHand:
    """The decisions in hand. Used from many threads; each step is one operation on a dictionary or a list."""

    clock: Clock
    _calls: dict[str, Call] = field(default_factory=dict)
    _given_up: list[Lease] = field(default_factory=list)
    """Leases that ended while their run acted: until that call returns, it may still reach the outside."""

    def call(self, looks: bool = False) -> Call:
        return Call(self.clock.wakeup(), looks)

    def take(self, identity: str, call: Call) -> None:
        self._calls[identity] = call

    def take_if_free(self, identity: str, call: Call) -> bool:
        return self._calls.setdefault(identity, call) is call

    def other(self, identity: str, call: Call) -> Call | None:
        """The call that has the decision in hand, if it is not ``call`` itself."""
        holder = self._calls.get(identity)
        return None if holder is call else holder

    def holds(self, identity: str) -> bool:
        """Whether a call has the decision in hand."""
        return identity in self._calls

    def end(self, call: Call) -> None:
        """Others may take what this call held."""
        for identity, holder in tuple(self._calls.items()):
            if holder is call:
                self._calls.pop(identity, None)
        call.ended.set()

    def drop(self, identity: str) -> None:
        """Take the decision out of the hand of a call that was given up."""
        self._calls.pop(identity, None)

    def give_up(self, lease: Lease) -> None:
        """Remember a lease that ended while its run acted."""
        self._given_up.append(lease)

    def may_still_come(self, identity: str) -> bool:
        """Whether a call that was given up has not returned from this act yet."""
        self._given_up = [lease for lease in self._given_up if lease.acting]
        return any(lease.has_begun(identity) for lease in self._given_up)
