"""What learns beside the trade: each challenger with the champion over the same bars, and their promotion."""

from __future__ import annotations

from dataclasses import dataclass

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View
from services.core.words import counted, number_text
from services.trading.learning.comparisons import Comparison, Comparisons
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.events import SentimentCompared
from services.trading.learning.standing import Challenger, Challengers
from widgets.parts.text.times import signed
from widgets.states.trading.decision import ValueRow

_VERDICTS = {"earns": "they earn", "costs": "they cost", "noise": "noise"}
_FOR_THIS = (
    "No challenger runs beside this strategy. ‘dreamscape walk-forward’ chooses one, and with --shadow it runs here."
)


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One of two that trade on the same bars; what is not the champion places no order."""

    key: str
    name: str
    champion: bool
    percent: float | None
    """Since the shadow run began, after fees."""
    trades: int
    tip: str
    sharpe: float | None = None
    drawdown: float | None = None
    """The deepest fall from the peak, as a share."""


@dataclass(frozen=True, slots=True)
class LearningShown:
    """``waiting`` and ``done`` are ids of promotions, to say yes to and to take back; empty where there is none."""

    lines: tuple[CandidateLine, ...]
    note: str
    sentence: str
    strategy: str
    waiting: str = ""
    done: str = ""
    facts: tuple[ValueRow, ...] = ()
    """How sure the difference is, as of the latest look."""


def learning_of(view: View, strategy: str) -> LearningShown:
    """Of a strategy, by its own name."""
    known: tuple[Challenger, ...] = view.value(Challengers)
    running = [each for each in known if each.strategy == strategy and not each.ended]
    waiting, done = _promotion(view, strategy, Verdict.WAITING), _promotion(view, strategy, Verdict.DONE)
    ids = waiting.id if waiting else "", done.id if done and done.can_undo else ""
    mute = _without_posts(view, strategy)
    rests = "" if mute is None else f" {posts_told(mute.told)}"
    others = () if mute is None else (_mute_line(mute),)
    if not running:
        told = _ended(known, strategy) or _FOR_THIS
        return LearningShown(others, "", f"{told}{rests}", strategy, *ids)
    newest = max(running, key=lambda each: each.began)
    lines = (*(line for each in running for line in _lines(view, each)), *others)
    sentence = f"{_sentence(newest, waiting)}{rests}"
    return LearningShown(lines, _progress(view, newest), sentence, strategy, *ids, facts=_sure(newest))


def _lines(view: View, each: Challenger) -> tuple[CandidateLine, CandidateLine]:
    told = f"{each.label}, since {each.began.astimezone():%d %b}, no order is placed"
    return (
        _line(view, each, "challenger", f"{each.process}: {told}"),
        _line(view, each, "champion", f"As the strategy trades now, over the same bars: {each.label}"),
    )


def _line(view: View, each: Challenger, who: str, told: str) -> CandidateLine:
    champion = who == "champion"
    trades, profit = (each.champion_trades, each.champion_profit) if champion else (each.trades, each.profit)
    percent = _percent(view, each, who, profit)
    return CandidateLine(
        f"{each.process} champion" if champion else each.process,
        f"{_named(each.replaced)} · now" if champion else _named(each.parameters),
        champion,
        percent,
        trades,
        f"{told}. {signed(percent)}% after fees, {counted(trades, 'closed trade')}",
        view.newest(f"trading.shadow.{who}.sharpe:{each.process}", each.began),
        view.newest(f"trading.shadow.{who}.drawdown:{each.process}", each.began),
    )


def _progress(view: View, each: Challenger) -> str:
    """How many bars it has of those that its next look wants."""
    bars, due = (view.newest(f"trading.shadow.{name}:{each.process}", each.began) for name in ("bars", "next_look"))
    if bars is None or due is None:
        return ""
    return f"{min(bars, due):,.0f} / {due:,.0f} bars"


def _sure(each: Challenger) -> tuple[ValueRow, ...]:
    """What a promotion hangs on; before the first look it is not known, and nothing is shown."""
    rows = []
    if each.deflated is not None:
        then = f"at look {each.looks:,}" if each.looks else "at its start"
        rows.append(ValueRow("Deflated Sharpe", f"{_share(each.deflated)} · {counted(each.trials, 'trial')} {then}"))
    if each.low is not None and each.high is not None:
        role = "bad" if each.high < 0 else "ok" if each.low > 0 else "tx1"
        word = {"bad": "worse", "ok": "better"}.get(role, "noise")
        rows.append(ValueRow("Above champion", f"{_bounds(each.low, each.high)} bp · {word}", role=role))
    return tuple(rows)


def _share(value: float) -> str:
    """A probability in percent; what is not certain does not look as if it were."""
    return f"{100 * value:.1f}%" if 0.0005 <= value < 0.9995 else "under 0.1%" if value < 0.5 else "over 99.9%"


def _bounds(low: float, high: float) -> str:
    """Of a bar's return, in basis points."""
    return f"{signed(1e4 * low)} to {signed(1e4 * high)}"


def _without_posts(view: View, strategy: str) -> Comparison | None:
    known: tuple[Comparison, ...] = view.value(Comparisons)
    return next((each for each in known if each.told.strategy == strategy), None)


def _mute_line(each: Comparison) -> CandidateLine:
    told = each.told
    where = f"In a backtest on {each.at.astimezone():%d %b} over {counted(told.bars, 'bar')}: {told.label}"
    result = "" if told.returned is None else f". {signed(100 * told.returned)}% after fees"
    return CandidateLine(
        "without sentiment",
        "without sentiment",
        True,
        None if told.returned is None else 100 * told.returned,
        told.trades,
        f"{where}, its terms of posts left out{result}, {counted(told.trades, 'trade')}",
        told.sharpe,
        told.drawdown,
    )


def posts_told(told: SentimentCompared) -> str:
    """What the terms of posts earn, and how sure that is."""
    if told.low is None or told.high is None or told.confidence is None:
        return "What its posts earn cannot be told from its backtest: noise."
    interval = f"{_bounds(told.low, told.high)} bp a bar at {100 * told.confidence:g}%"
    return f"Its posts in its backtest: {interval}, {_VERDICTS.get(told.verdict, told.verdict)}."


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
    return f"{rests} Missing for a promotion at look {each.looks:,}: {'; '.join(each.lacking)}."


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
    return "—" if line.percent is None else f"{signed(line.percent)}%"


def sharpe_told(line: CandidateLine) -> str:
    if line.sharpe is None:
        return "—"
    return f"{line.sharpe:.{1 if abs(line.sharpe) >= 10 else 2}f}".replace("-", "−")


def drawdown_told(line: CandidateLine) -> str:
    return "—" if line.drawdown is None else f"{100 * line.drawdown:.1f}%"
