"""Whether the bots are there that asked for what is not bought yet: for one that does not run nothing is bought.

A pause, a crash, a hang and a file that is gone stop entries, and entries alone; exits and stops never look here.

- One that somebody **paused**, a person or a rule, has nothing bought any more from that moment: what it still wished
  for is given up, and a limit of it is taken out.
- One that does not run for **another reason** may be back at once: its file is saved anew, its process begins anew
  after a crash or with a changed file, the program has just started. Until then nothing of it is sent, a limit that
  rests stays as it is, and what it wished for goes on when it is back, as long as it is not too old by its own measure.
- Once it has been away for ``AWAY`` what it wished for is given up as well.

Who asks without being one of the bots, such as a demonstration, never was there, and so is not missed while the desk is
open.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.trading.desk.register import Register

AWAY = timedelta(minutes=1)
"""For so long a bot may be away: a file is saved anew, and a process begun anew, in less."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a bot does not run, and whether what it wished for is given up by it."""

    why: str
    for_good: bool = False


_GONE = Absent("its bot is gone")


@dataclass
class Presence:
    """Looked at in each round; ``bots`` are those that there are, of which some are ``away``, each with why."""

    register: Register
    bots: Callable[[], Collection[str]] | None = None
    away: Callable[[], Mapping[str, Absent]] = dict
    _absent: dict[str, Absent] = field(default_factory=dict)
    _since: dict[str, datetime] = field(default_factory=dict)
    """Since when each has been away without a break."""
    _given_up: dict[str, Absent] = field(default_factory=dict)
    """Bots that have said themselves that nothing more is to be bought for them, until they ask for something again."""
    _others: set[str] = field(default_factory=set)
    """Who asked for something, and was none of the bots then."""

    def round(self, asking: Iterable[str]) -> None:
        """Look anew at those that wait for a purchase. Where nobody knows which bots there are none is away."""
        if self.bots is None:
            return
        now, there, away = self.register.venue.now(), self.bots(), self.away()
        self._others -= {*there}
        asked = [bot for bot in asking if bot not in self._others]
        absent = {bot: away.get(bot) if bot in there else _GONE for bot in asked}
        self._since = {bot: self._since.get(bot, now) for bot, told in absent.items() if told}
        self._absent = {bot: self._lasting(bot, told, now) for bot, told in absent.items() if told}

    def absent(self, bot: str) -> Absent | None:
        """Why a bot does not run; None for one that does."""
        return self._given_up.get(bot) or self._absent.get(bot)

    def give_up(self, bot: str, why: str) -> None:
        """What it wished for is given up as that of a bot that is paused. Kept in memory: each run says it anew."""
        self._given_up[bot] = Absent(why, for_good=True)

    def asks(self, bot: str) -> None:
        """It wishes for something again."""
        self._given_up.pop(bot, None)
        if self.bots is not None and bot not in self.bots():
            self._others.add(bot)

    def _lasting(self, bot: str, told: Absent, now: datetime) -> Absent:
        return replace(told, for_good=told.for_good or now - self._since[bot] >= AWAY)
