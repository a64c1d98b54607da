"""A walk forward as one JSON document: what ``walk-forward --json`` prints, and what is kept of it."""

from dataclasses import asdict, dataclass
from typing import Any

from services.trading.candles import Bars
from services.trading.candles.moments import moment
from services.trading.learning.splits import Plan
from services.trading.learning.walk_forward import WalkForward, Window
from services.trading.results.document import figures_of
from services.trading.statistics import EquityCurve, Figure, Statistics, returns_of
from services.trading.statistics.bootstrap import paired_difference
from services.trading.statistics.deflated import Shape, Trials, deflated_sharpe, probabilistic_sharpe
from services.trading.statistics.figure import Undefined, figure
from services.trading.statistics.interval import Interval
from services.trading.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Judged:
    """What the test windows put together say about luck."""

    probabilistic: Figure
    """That the Sharpe ratio is above 0."""
    deflated: Figure
    """That it is above what the best of all trials would have by luck."""
    against: Interval | None
    """Mean return by bar above that of the strategy as it stands; None where one has none, which ``why`` tells."""
    why: str = ""


def judged(walk: WalkForward, trials: Trials, seed: int = 0) -> Judged:
    """Judge it after ``trials`` in all. Equal seeds give equal intervals."""
    told = (_probabilistic(walk.curve), _deflated(walk.curve, trials))
    try:
        return Judged(*told, paired_difference(returns_of(walk.curve), returns_of(walk.champion), seed=seed))
    except Undefined as why:
        return Judged(*told, None, str(why))


@figure
def _probabilistic(curve: EquityCurve) -> float:
    return _or_undefined(probabilistic_sharpe(returns_of(curve)))


@figure
def _deflated(curve: EquityCurve, trials: Trials) -> float:
    return _or_undefined(deflated_sharpe(returns_of(curve), curve.timeframe, trials))


def _or_undefined(made: Figure) -> float:
    if made.value is None:
        raise Undefined(made.why)
    return made.value


def document(
    strategy: Strategy, walk: WalkForward, plan: Plan, bars: Bars, label: str, trials: Trials, seed: int = 0
) -> dict[str, Any]:
    """Plain numbers, text, lists and mappings, in the words of a backtest's document."""
    found = judged(walk, trials, seed)
    return {
        "strategy": strategy.name,
        "market": strategy.market.symbol,
        "data": label,
        "timeframe_seconds": strategy.bar.total_seconds(),
        "bars": len(bars),
        "first": moment(bars.times[0]).isoformat(),
        "last": moment(bars.times[-1]).isoformat(),
        "anchored": plan.anchored,
        "embargo_bars": plan.embargo,
        "windows": [_window(each, bars) for each in walk.windows],
        "out_of_sample": {
            "capital": walk.curve.capital,
            "final_equity": walk.curve.final,
            **_measured(walk.statistics()),
            "probabilistic_sharpe": found.probabilistic.value,
            "deflated_sharpe": found.deflated.value,
            "shape": _shape(walk.curve),
            "equity": [
                {"time": moment(time).isoformat(), "equity": equity, "champion": champion}
                for time, equity, champion in zip(
                    walk.curve.times, walk.curve.equity, walk.champion.equity, strict=True
                )
            ],
        },
        "trials": {"combinations": len(walk.trials), "counted": trials.count, "sharpe_spread": trials.spread},
        "against_champion": _interval(found),
        "challenger": dict(walk.challenger.parameters),
    }


def _window(window: Window, bars: Bars) -> dict[str, Any]:
    return {
        "train": _stretch(window.split.train, bars),
        "test": _stretch(window.split.test, bars),
        "parameters": dict(window.parameters),
        "in_sample": _measured(window.in_sample),
        "out_of_sample": _measured(window.out_of_sample),
        "champion": _measured(window.champion),
    }


def _stretch(window: range, bars: Bars) -> dict[str, Any]:
    first, last = (moment(bars.times[at]).isoformat() for at in (window.start, window.stop - 1))
    return {"first_bar": window.start, "bars": len(window), "first": first, "last": last}


def _measured(statistics: Statistics) -> dict[str, Any]:
    return {**figures_of(statistics), "trades": statistics.trades}


def _shape(curve: EquityCurve) -> dict[str, Any] | None:
    """By which the Sharpe ratio can be deflated anew, after more trials."""
    try:
        return asdict(Shape.of(returns_of(curve)))
    except Undefined:
        return None


def _interval(found: Judged) -> dict[str, Any]:
    if found.against is None:
        return {"mean": None, "why": found.why}
    told = found.against
    return {
        "mean": told.mean,
        "low": told.low,
        "high": told.high,
        "confidence": told.confidence,
        "block_bars": told.block,
        "resamples": told.resamples,
        "noise": told.noise,
    }
