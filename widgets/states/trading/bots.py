"""The bots of the Trading page: the list with their states, and the chosen one with what its chart needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.core.projections.views import View
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow, progress_of
from services.trading.kpis import BotKpis, TradingKpis
from services.trading.live.tapes import ExchangeTapes
from services.trading.tape import BotTape, TradingTapes
from widgets.parts.text.times import signed
from widgets.states.process_lines import ProcessLine, process_line
from widgets.states.process_parameters import ParameterLine, parameter_lines

_MEANT = ("capital", "latency", "loop", "speed", "stream")
"""Parameters that a person changes; the others say where things lie."""
EXCHANGE = "services.trading.live.trader:LiveTrader"
"""Whoever trades with the account's money."""
TRADERS = (EXCHANGE, "services.trading.paper.process:ReplayTrader", "services.trading.paper.live_trader:PaperTrader")


@dataclass(frozen=True, slots=True)
class CandlesAsk:
    """Which candles a chart needs: those of one version of a bot's strategy, read by whoever may read files."""

    bot: str
    version: str
    strategy: str
    data: str
    capital: float | None
    others: tuple[str, ...] = ()
    """What the version names beside strategy and candles."""
    upto: int = 0
    """How many live bars there are by now; 0 where the candles were all there at the beginning."""
    kept: bool = False
    """Whether they are those that a bot at the exchange has read, which this home keeps."""


@dataclass(frozen=True, slots=True)
class BotChoice:
    """A bot in the list; ``told`` is its result so far."""

    name: str
    line: ProcessLine
    told: str
    tip: str
    where: str = ""
    """Of one at the exchange, ``live: EXCHANGE``; empty on paper."""


@dataclass(frozen=True, slots=True)
class BotState:
    """The chosen bot. Without a tape it has not begun to trade yet."""

    choice: BotChoice
    file: str
    """Of its strategy, as the user knows it."""
    tape: BotTape | None = None
    ask: CandlesAsk | None = None
    taken: int = 0
    """Candles of the session that it has taken: what lies behind is known, what lies ahead is not."""
    drawdown: float | None = None
    equity: float | None = None
    parameters: tuple[ParameterLine, ...] = ()
    """What its next run is given, of what a person changes."""

    @property
    def simulated(self) -> str:
        """What its candles are."""
        return self.tape.label if self.tape else ""


@dataclass(frozen=True, slots=True)
class TradingState:
    """All bots by name, and one of them."""

    choices: tuple[BotChoice, ...]
    chosen: BotState | None


def trading_state(view: View, wanted: str) -> TradingState:
    """The bots known at the view's moment, with the wanted one chosen, or the first that trades."""
    processes: ProcessesValue = view.value(Processes)
    kpis: tuple[BotKpis, ...] = view.value(TradingKpis)
    results = {each.bot: each for each in kpis}
    rows = {row.name: row for row in processes.rows if row.service == "trading" and _trades(row, results)}
    tapes = {name: tape for name, row in rows.items() if (tape := _tape(view, row)) is not None}
    choices = tuple(_choice(view, row, tapes.get(name), results.get(name)) for name, row in sorted(rows.items()))
    if not choices:
        return TradingState((), None)
    name = wanted if wanted in rows else next((each.name for each in choices if each.name in tapes), choices[0].name)
    chosen = next(each for each in choices if each.name == name)
    return TradingState(choices, _bot(view, chosen, rows[name], tapes.get(name)))


def _trades(row: ProcessRow, results: dict[str, BotKpis]) -> bool:
    """Whether it is a trader, and no other process of the service."""
    return row.kind in TRADERS or row.name in results


def _tape(view: View, row: ProcessRow) -> BotTape | None:
    """What it has traded: of a bot at the exchange by the account's fills, of one on paper by its own."""
    kind: type[TradingTapes | ExchangeTapes] = ExchangeTapes if row.kind == EXCHANGE else TradingTapes
    tapes: tuple[BotTape, ...] = view.value(kind)
    return next((each for each in tapes if each.bot == row.name), None)


def marked_at(view: View, tape: BotTape) -> float:
    """What a bot at the exchange is worth at the newest close that it told, in quote."""
    account, price = tape.account, view.newest(f"trading.price:{tape.bot}", tape.began)
    if account is None:
        return tape.capital
    return account.equity if price is None else account.cash + account.held * price


def _choice(view: View, row: ProcessRow, tape: BotTape | None, result: BotKpis | None) -> BotChoice:
    line = process_line(row, view)
    if row.kind == EXCHANGE:
        if tape is None:
            return BotChoice(row.name, line, "", f"{line.word}: {line.doing}", "at the exchange")
        told = f"{signed(100 * (marked_at(view, tape) / tape.capital - 1))}%"
        return BotChoice(row.name, line, told, f"{tape.market}, {tape.label}. {line.word}: {line.doing}", tape.label)
    if result is None:
        return BotChoice(row.name, line, "", f"{line.word}: {line.doing}")
    percent = view.newest(f"trading.pnl_percent:{row.name}", result.began)
    told = f"{signed(result.pnl_percent if percent is None or result.ended else percent)}%"
    return BotChoice(row.name, line, told, f"{result.market}, {result.label}. {line.word}: {line.doing}")


def _bot(view: View, choice: BotChoice, row: ProcessRow, tape: BotTape | None) -> BotState:
    given = {each.name: each.value for each in row.parameters}
    path = str(given.get("strategy") or "")
    file = "/".join(path.replace("\\", "/").split("/")[-3:])
    lines = parameter_lines(tuple(each for each in row.parameters if each.name in _MEANT))
    if tape is None:
        return BotState(choice, file, parameters=lines)
    capital = given.get("capital")
    ask = CandlesAsk(
        choice.name,
        tape.version,
        path,
        str(given.get("data") or ""),
        float(capital) if isinstance(capital, int | float) else None,
        others_of(given),
        0 if tape.candles else _taken(view, row, tape),
        tape.exchange,
    )
    return BotState(
        choice,
        file,
        tape,
        ask if path else None,
        _taken(view, row, tape),
        view.newest(f"trading.drawdown:{choice.name}", tape.began),
        marked_at(view, tape) if tape.exchange else view.newest(f"trading.equity:{choice.name}", tape.began),
        lines,
    )


def others_of(given: Mapping[str, object]) -> tuple[str, ...]:
    """What a session's version names beside its strategy and its candles, by its process's parameters."""
    approved, latency = given.get("approved"), given.get("latency")
    versions = tuple(map(str, approved.values())) if isinstance(approved, dict) else ()
    return (*dict.fromkeys(versions), *((latency,) if isinstance(latency, str) and latency else ()))


def _taken(view: View, row: ProcessRow, tape: BotTape) -> int:
    """From the run's progress; a run that did not say has come at least as far as its newest fill."""
    if not tape.candles:
        return int(view.newest(f"trading.bars:{row.name}", tape.began) or 0)
    if tape.ended:
        return tape.candles
    progress = progress_of(view, row)
    if progress is None:
        progress = view.newest(f"progress:{row.name}", tape.began)
    return 0 if progress is None else round(progress * tape.candles)
