"""What must hold before orders go to a real account, and what whoever arms it has to know. Pure, and all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.trading.venue.client_ids import FORMS
from services.trading.venue.rights import Rights
from services.trading.venue.told import OrderKind

MOST_OFF = timedelta(seconds=1)
"""By how much our clock may differ from the exchange's."""

CAPS = {
    "size": "what one entry may cost",
    "exposure": "what may be at risk over all bots",
    "daily_loss": "the loss of a day",
    "drawdown": "a fall from the highest equity",
    "capital": "what all bots together may be given",
}
"""What each guard caps that may be left without a cap, by its name in the settings."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and what is known at that moment."""

    exchange: str
    address: str
    """Empty where it is the exchange's own."""
    has_key: bool
    set_live: bool
    """The setting trading.live."""
    typed: str
    """What the person typed as confirmation."""
    allowed_here: bool
    """By the detection of the environment."""
    because_here: str
    """Why it is or is not."""
    rights: Rights | None = None
    """None where they could not be read."""
    resting: frozenset[OrderKind] = frozenset()
    settling: timedelta | None = None
    offset: timedelta = timedelta(0)
    unprotected: tuple[str, ...] = ()
    """Bots that trade live by a strategy without a stop."""
    uncapped: tuple[str, ...] = ()
    """The guards that have a cap and are not given one, by their names in the settings."""
    play_money: bool = False
    """Nothing is held back there that arming would let go."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be armed: not while anything speaks ``against`` it. ``know`` is told beside."""

    against: tuple[str, ...]
    know: tuple[str, ...]

    @property
    def may(self) -> bool:
        return not self.against


def confirmation(exchange: str, unprotected: Sequence[str] = ()) -> str:
    """What has to be typed, letter by letter; whoever types it names the bots that trade without a stop."""
    return f"trade my money on {exchange}" + (f", without a stop: {', '.join(unprotected)}" if unprotected else "")


def judge(wish: Wish) -> Verdict:
    """Every reason at once, so that nobody mends one only to meet the next."""
    return Verdict(tuple(_against(wish)), tuple(_know(wish)))


def _against(wish: Wish) -> Iterator[str]:
    if wish.play_money:
        yield "the setting trading.play_money is on: bots trade there without being armed. Take it out for real money"
        return
    if not wish.allowed_here:
        yield f"live trading is not allowed here: {wish.because_here}"
    if not wish.set_live:
        yield "the setting trading.live is off"
    if wish.typed != (words := confirmation(wish.exchange, wish.unprotected)):
        yield f"it is confirmed by typing “{words}”"
    if wish.exchange not in FORMS:
        yield f"it is not known how {wish.exchange} takes client ids, so no order could be told from another"
    if not wish.has_key:
        yield "there is no key: trading.api_key and trading.api_secret"
    else:
        yield from against_key(wish.rights)
    if abs(wish.offset) > MOST_OFF:
        yield f"this machine's clock is {abs(wish.offset).total_seconds():.1f} s off the exchange's"


def against_key(rights: Rights | None) -> Iterator[str]:
    """What is wrong with a key; None is one whose rights are not known."""
    if rights is None:
        yield "what the key may do could not be read"
        return
    if rights.withdraws:
        yield "the key may withdraw or send money away: make one that may only read and trade spot"
    if not rights.reads:
        yield "the key may not read the account"
    if not rights.trades:
        yield "the key may not trade"


def _know(wish: Wish) -> Iterator[str]:
    if wish.address:
        yield f"{wish.exchange} is asked at {wish.address}"
    if OrderKind.STOP not in wish.resting:
        yield "stops cannot rest at this exchange: they are kept here, and do not work while the program is off"
    if wish.settling is None:
        yield "the exchange names no time after which a lost order cannot arrive: such orders wait for you"
    for bot in wish.unprotected:
        yield f"{bot} trades without a stop: only its score leaves a position"
    if wish.uncapped:
        caps = ", ".join(CAPS[each] for each in wish.uncapped)
        names = ", ".join(f"trading.guards.{each}" for each in wish.uncapped)
        yield f"nothing caps {caps}: {names} {'is' if len(wish.uncapped) == 1 else 'are'} not set"
    if wish.rights is not None and not wish.rights.bound:
        yield "the key works from any address: bind it to yours at the exchange"
    if wish.rights is not None and wish.rights.borrows:
        yield "the key may also trade on credit; this program never does"
