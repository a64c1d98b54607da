"""The orders of a bot with their reasons, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from services.core.words import number_text, titled
from services.trading.tape import BotTape, TapeRow
from widgets.parts.decisions.words import bounded, reasons, why_line
from widgets.parts.text.times import clock_seconds, full_time, signed

_DIGITS = 6
_STANDS = 0.005
"""A term below it says nothing about why."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row; numbers are written out, with their currency."""

    id: str
    at: datetime
    when: str
    exactly: str
    side: str
    amount: str
    price: str
    fee: str
    state: Literal["Filled", "Not placed", "Open", "Unknown"]
    why: str
    tip: str
    candle: datetime | None = None
    """Open of the bar that decided."""

    @property
    def bar(self) -> str:
        """The candle as the chart has it."""
        if self.candle is None:
            return "—"
        local = self.candle.astimezone()
        return f"{local.day} {local:%b %H:%M}"


class OrderLines:
    """Writes each row of the tape once a day: what was done does not change, but for how its day is named."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[TapeRow, OrderLine]] = {}
        self._day: date | None = None

    def of(self, tape: BotTape, now: datetime) -> tuple[OrderLine, ...]:
        """Those that are open, then fills and refusals of this session."""
        today = now.astimezone().date()
        known = self._written if today == self._day else {}
        rows = [row for row in reversed(tape.rows) if row.session == tape.session]
        market = tape.market
        self._day, self._written = today, {row.id: (row, _known_line(known, row, market, now)) for row in rows}
        return (*_waiting(tape, now), *(line for _row, line in self._written.values()))


def _known_line(known: dict[str, tuple[TapeRow, OrderLine]], row: TapeRow, market: str, now: datetime) -> OrderLine:
    before = known.get(row.id)
    return before[1] if before is not None and before[0] is row else _line(row, market, now)


def _waiting(tape: BotTape, now: datetime) -> list[OrderLine]:
    base, _, quote = tape.market.partition("/")
    return [
        OrderLine(
            order.id,
            order.at,
            clock_seconds(order.at, now),
            full_time(order.at),
            str(order.side).capitalize() if order.side else "—",
            f"{number_text(order.quantity, _DIGITS)} {base}" if order.quantity else "—",
            f"{number_text(order.price, _DIGITS)} {quote}" if order.price else "—",
            "—",
            "Unknown" if order.unknown else "Open",
            order.what,
            why_line(order.because),
        )
        for order in reversed(tape.open)
    ]


def _line(row: TapeRow, market: str, now: datetime) -> OrderLine:
    filled, (base, _, quote) = not row.declined, market.partition("/")
    return OrderLine(
        row.id,
        row.at,
        clock_seconds(row.at, now),
        f"{full_time(row.at)}; decided on the candle of {full_time(row.candle)}",
        str(row.side).capitalize(),
        f"{number_text(row.quantity, _DIGITS)} {base}" if filled else "—",
        f"{number_text(row.price, _DIGITS)} {quote}" if filled else "—",
        f"{number_text(row.fee, 3)} {row.fee_in or quote}" if filled else "—",
        "Filled" if filled else "Not placed",
        row.declined or why(row.because),
        "\n".join(" ".join(pair).strip() for pair in reasons(row.because)),
        row.candle,
    )


def why(because: dict[str, Any] | str) -> str:
    """The terms that spoke, strongest first, or the rule that asked."""
    if isinstance(because, str):
        return because or "—"
    if "rule" in because:
        return bounded(f"by {because['rule']}")
    terms = {name: value for name, value in because.items() if name not in ("bar", "score")}
    spoke = {name: float(value) for name, value in terms.items() if isinstance(value, int | float)}
    strongest = sorted(spoke.items(), key=lambda pair: -abs(pair[1]))
    told = [f"{titled(name)} {signed(value)}" for name, value in strongest if abs(value) >= _STANDS]
    score = because.get("score")
    if len(told) > 1 and isinstance(score, int | float):
        told.append(f"together {signed(score)}")
    return bounded(", ".join(told)) or "—"
