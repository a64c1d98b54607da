"""What learns beside the trade: each challenger with the champion over the same bars, and their promotion."""

from __future__ import annotations

from dataclasses import dataclass

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View
from services.core.words import counted, number_text
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.standing import Challenger, Challengers
from widgets.parts.text.times import signed

_FOR_THIS = (
    "No challenger runs beside this strategy. ‘dreamscape walk-forward’ chooses one, and with --shadow it runs here."
)


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One of two that trade on the same bars; what is not the champion places no order."""

    key: str
    name: str
    champion: bool
    percent: float
    """Since the shadow run began, after fees."""
    trades: int
    tip: str


@dataclass(frozen=True, slots=True)
class LearningShown:
    """``waiting`` and ``done`` are ids of promotions, to say yes to and to take back; empty where there is none."""

    lines: tuple[CandidateLine, ...]
    note: str
    sentence: str
    strategy: str
    waiting: str = ""
    done: str = ""


def learning_of(view: View, strategy: str) -> LearningShown:
    """Of a strategy, by its own name."""
    known: tuple[Challenger, ...] = view.value(Challengers)
    running = [each for each in known if each.strategy == strategy and not each.ended]
    waiting, done = _promotion(view, strategy, Verdict.WAITING), _promotion(view, strategy, Verdict.DONE)
    ids = waiting.id if waiting else "", done.id if done and done.can_undo else ""
    if not running:
        return LearningShown((), "", _ended(known, strategy) or _FOR_THIS, strategy, *ids)
    newest = max(running, key=lambda each: each.began)
    lines = tuple(line for each in running for line in _lines(view, each))
    return LearningShown(lines, counted(newest.trials, "trial"), _sentence(newest, waiting), strategy, *ids)


def _lines(view: View, each: Challenger) -> tuple[CandidateLine, CandidateLine]:
    told = f"{each.label}, since {each.began.astimezone():%d %b}, no order is placed"
    return (
        CandidateLine(each.process, _named(each.parameters), False, _percent(view, each, "challenger", each.profit),
                      each.trades, f"{each.process}: {told}"),
        CandidateLine(f"{each.process} champion", f"{_named(each.replaced)} · now", True,
                      _percent(view, each, "champion", each.champion_profit), each.champion_trades,
                      f"As the strategy trades now, over the same bars: {each.label}"),
    )  # fmt: skip


def _named(parameters: dict[str, float | str | bool | None]) -> str:
    """``fast 9 slow 21``: the last part of each key is enough beside its value."""
    values = ((key.rpartition(".")[2].replace("_", " "), value) for key, value in parameters.items())
    return " ".join(f"{name} {_said(value)}" for name, value in values)


def _said(value: float | str | bool | None) -> str:
    if value is None:
        return "none"
    return number_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _percent(view: View, each: Challenger, who: str, profit: float) -> float:
    """Marked at the newest bar where that is known, else by closed trades alone."""
    equity = view.newest(f"trading.shadow.{who}:{each.process}", each.began)
    return 100 * ((equity if equity is not None else each.capital + profit) / each.capital - 1)


def _sentence(each: Challenger, waiting: DecisionRow | None) -> str:
    origin = each.label.partition(":")[0]
    rests = f"Out of sample only, on {origin} candles; {counted(each.windows, 'window')} before."
    if waiting is not None:
        return f"{rests} The promotion is earned and waits for you."
    if each.lacking is None:
        return f"{rests} It is looked at once it has traded for a while."
    if not each.lacking:
        return f"{rests} Nothing is missing for a promotion."
    return f"{rests} Missing for a promotion: {'; '.join(each.lacking)}."


def _ended(known: tuple[Challenger, ...], strategy: str) -> str:
    over = [each for each in known if each.strategy == strategy and each.ended]
    if not over:
        return ""
    last = max(over, key=lambda each: each.began)
    return f"The last challenger, {_named(last.parameters)}, runs no more: {last.ended}."


def _promotion(view: View, strategy: str, verdict: Verdict) -> DecisionRow | None:
    """The newest promotion of the strategy, if it stands so."""
    known: DecisionsValue = view.value(Decisions)
    rows = (*known.waiting, *known.rows) if verdict is Verdict.WAITING else known.rows
    begins = f"Promote {strategy} to "
    of_it = (row for row in rows if row.kind == PromoteStrategy.type_name and row.what.startswith(begins))
    return next((row for row in of_it if row.verdict is verdict), None)


def percent_told(line: CandidateLine) -> str:
    return f"{signed(line.percent)}%"
