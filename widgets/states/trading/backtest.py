"""A backtest's result as rows: its figures, and its round trips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.core.words import counted, number_text
from widgets.parts.text.times import signed
from widgets.states.trading.decision import ValueRow


@dataclass(frozen=True, slots=True)
class TripLine:
    """From an entry to its exit."""

    id: int
    entry: datetime
    exit: datetime
    quantity: str
    profit: float
    percent: float

    @property
    def when(self) -> str:
        local = self.entry.astimezone()
        return f"{local.day} {local:%b %H:%M}"

    @property
    def until(self) -> str:
        local = self.exit.astimezone()
        return f"{local.day} {local:%b %H:%M}"


def figure_rows(told: dict[str, Any]) -> tuple[ValueRow, ...]:
    """The figures that a person looks at first; one that does not exist says so."""
    quote = str(told["conventions"]["market.symbol"]).partition("/")[2]
    result = told["total_return"]
    role = "tx1" if not result else "ok" if result > 0 else "bad"
    return (
        ValueRow("Return", _percent(result, signs=True), role=role),
        ValueRow("Equity", f"{number_text(told['final_equity'], 6)} {quote}"),
        ValueRow("Max drawdown", _percent(told["max_drawdown"])),
        ValueRow("Sharpe", _number(told["sharpe"])),
        ValueRow("Sortino", _number(told["sortino"])),
        ValueRow("Profit factor", _number(told["profit_factor"])),
        ValueRow("Win rate", f"{_percent(told['win_rate'])} of {told['trades']:,}"),
        ValueRow("Exposure", _percent(told["exposure"])),
        ValueRow("Turnover", _number(told["turnover"])),
        ValueRow("Fees", f"{_number(told['fees'])} {quote}"),
    )


def told_of(told: dict[str, Any]) -> str:
    """On what: the label of the candles and how many there were; and what somebody must know beside the figures."""
    notes = (f"Note: {note}" for note in told["notes"])
    return "\n".join((f"{told['strategy']} · {told['data']} · {counted(told['bars'], 'bar')}", *notes))


def trip_lines(told: dict[str, Any]) -> tuple[TripLine, ...]:
    """Newest first."""
    return tuple(_trip(place, trip) for place, trip in reversed(list(enumerate(told["round_trips"]))))


def _trip(place: int, trip: dict[str, Any]) -> TripLine:
    invested = trip["invested"]
    return TripLine(
        place,
        datetime.fromisoformat(trip["entry"]),
        datetime.fromisoformat(trip["exit"]),
        number_text(trip["quantity"], 6),
        trip["profit"],
        100 * trip["profit"] / invested if invested else 0.0,
    )


def _percent(value: float | None, *, signs: bool = False) -> str:
    if value is None:
        return "none"
    return f"{signed(100 * value)}%" if signs else f"{100 * value:.1f}%"


def _number(value: float | None) -> str:
    return "none" if value is None else number_text(value).replace("-", "−")
