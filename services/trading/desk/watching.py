"""Watches the account as a whole: its days, its losses, its balance; and closes a latch where one is breached."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.core.effects import Refused
from services.core.events import Event
from services.trading.desk.book import DESK
from services.trading.desk.days import day_of, is_later
from services.trading.desk.events import DayStarted, Latched, Rearmed
from services.trading.desk.guards.standing import ACCOUNT, BALANCE, DAILY_LOSS, DRAWDOWN, REJECTIONS
from services.trading.desk.limits import Limits
from services.trading.desk.measuring import known, rejected_in_a_row
from services.trading.desk.register import Register
from services.trading.desk.valuing import NoRate, Valuing
from services.trading.venue.told import Funds

log = logging.getLogger(__name__)
ZERO = Decimal(0)
_PEAK = "peak"
_PEAK_CAPITAL = "peak capital"


@dataclass
class Watching:
    """Called on each round. What cannot be valued now is judged when it can be."""

    register: Register
    limits: Limits
    valuing: Valuing
    _short: set[str] = field(default_factory=set)
    """Markets whose coins were short at the latest look."""
    _unvalued: str = ""
    """Why equity could not be valued at the latest look."""

    def round(self) -> None:
        try:
            equity = self.valuing.equity(self.register.book)
            capital = self.valuing.capital(self.register.book.allotted())
        except NoRate as why:
            self._tell_unvalued(str(why))
        else:
            self._unvalued = ""
            self._day(equity, capital)
            self._loss(equity, capital)
            self._drawdown(equity, capital)
        self._rejections()

    def balance(self) -> Mapping[str, Funds]:
        """The exchange has to hold at least what is ours; what it holds. Raises ``VenueUnsure``.

        A balance may lag behind fills: only two looks that agree close the latch, and orders under way none.
        """
        funds, book = self.register.venue.funds(), self.register.book
        short: set[str] = set()
        for holding in book.held():
            if book.open_orders(symbol=holding.symbol) and self._lags(holding.symbol):
                continue
            total, owned = funds.get(holding.base, Funds(ZERO, ZERO)).total, book.owned(holding.base)
            if total < owned:
                short.add(holding.symbol)
                if holding.symbol in self._short:
                    self.latch(BALANCE, holding.symbol, f"{owned} {holding.base} are ours, and the account has {total}")
        self._short = short
        return funds

    def latch(self, guard: str, scope: str, why: str) -> None:
        """Close it, unless it is closed."""
        if (guard, scope) not in self.register.book.latches:
            self.register.note(Latched(guard, scope, why, self.register.venue.now()))

    def rearm(self, guard: str, scope: str, reason: str, by: str) -> None:
        """Open it again; a drawdown, and a person's day, is measured from here on.

        Raises ``Refused`` for a daily loss while equity cannot be valued: it would close again at once.
        """
        kept = self._measured_anew() if guard == DRAWDOWN else {}
        begun = self._day_anew() if guard == DAILY_LOSS and by != DESK else []
        events = [*begun, Rearmed(guard, scope, reason, by, self.register.venue.now())]
        self.register.record(*events, kept=kept)

    def peak(self) -> Decimal | None:
        """The highest marked equity that was seen, as capital stood then."""
        told = self.register.ledger.kept(_PEAK)
        return Decimal(told) if told else None

    def _tell_unvalued(self, why: str) -> None:
        """Once for each reason; meanwhile the guards refuse entries."""
        if why != self._unvalued:
            log.warning("equity cannot be valued, so nothing is bought, and no loss is judged: %s", why)
        self._unvalued = why

    def _lags(self, symbol: str) -> bool:
        return any(order.live for order in self.register.book.open_orders(symbol=symbol) if not order.trigger)

    def _day(self, equity: Decimal, capital: Decimal) -> None:
        now = self.register.venue.now()
        today, known_day = day_of(now, self.limits.day_starts), self.register.book.day
        if known_day is not None and not is_later(today, known_day.day):
            return
        self.register.record(DayStarted(today, equity, capital, now))
        if (DAILY_LOSS, ACCOUNT) in self.register.book.latches:
            self.rearm(DAILY_LOSS, ACCOUNT, f"the trading day {today} began", DESK)

    def _loss(self, equity: Decimal, capital: Decimal) -> None:
        day = self.register.book.day
        if day is None or self.limits.daily_loss is None:
            return
        lost = -(equity - day.equity - (capital - day.capital))
        if lost >= self.limits.daily_loss:
            why = f"{lost:.2f} {self.limits.currency} were lost on {day.day}, and {self.limits.daily_loss} are allowed"
            self.latch(DAILY_LOSS, ACCOUNT, why)

    def _drawdown(self, equity: Decimal, capital: Decimal) -> None:
        """From the highest equity; capital given or taken moves the peak with it, and changes nothing of the fall."""
        peak, base = self._peak_with(equity, capital)
        if peak is None or equity > peak:
            self._keep_peak(equity, capital)
            return
        if base != capital:
            self._keep_peak(peak, capital)
        if self.limits.drawdown is not None and peak > 0 and 1 - equity / peak >= self.limits.drawdown:
            told = f"equity fell {1 - equity / peak:.1%} from its peak of {peak:.2f} {self.limits.currency}"
            self.latch(DRAWDOWN, ACCOUNT, f"{told}, and {self.limits.drawdown:.0%} are allowed")

    def _measured_anew(self) -> dict[str, str]:
        """The peak is where equity stands now; where it cannot be valued, the next that can be is."""
        equity = known(lambda: self.valuing.equity(self.register.book))
        if equity is None:
            return {_PEAK: ""}
        return {_PEAK: str(equity), _PEAK_CAPITAL: str(self.valuing.capital(self.register.book.allotted()))}

    def _day_anew(self) -> list[Event]:
        """The day goes on, and what was lost of it until now is a person's word."""
        book, day = self.register.book, self.register.book.day
        if day is None:
            return []
        try:
            equity, capital = self.valuing.equity(book), self.valuing.capital(book.allotted())
        except NoRate as why:
            raise Refused(f"equity cannot be valued now: {why}") from why
        return [DayStarted(day.day, equity, capital, self.register.venue.now())]

    def _peak_with(self, equity: Decimal, capital: Decimal) -> tuple[Decimal | None, Decimal]:
        """In proportion, so that a fall by a share of more or of less is the same share; with the capital before."""
        peak, told = self.peak(), self.register.ledger.kept(_PEAK_CAPITAL)
        base = Decimal(told) if told else capital
        before = equity - (capital - base)
        if peak is None or capital == base:
            return peak, base
        if before <= 0 or equity <= 0:
            return peak + capital - base, base  # of nothing there is no share
        return peak * equity / before, base

    def _keep_peak(self, peak: Decimal, capital: Decimal) -> None:
        self.register.keep({_PEAK: str(peak), _PEAK_CAPITAL: str(capital)})

    def _rejections(self) -> None:
        rejected = rejected_in_a_row(list(self.register.book.orders.values()), self.register.book.rearmed_at)
        if rejected >= self.limits.rejected_streak:
            self.latch(REJECTIONS, ACCOUNT, f"the latest {rejected} orders were rejected")
