"""A backtest's result as one JSON document: what ``backtest --json`` prints."""

from typing import Any

from services.trading.candles import Gaps
from services.trading.results.result import BacktestResult
from services.trading.statistics import Figure, RoundTrip, Statistics, Traded, round_trips

_FIGURES = (
    "total_return",
    "cagr",
    "calmar",
    "sharpe",
    "sharpe_daily",
    "sortino",
    "profit_factor",
    "win_rate",
    "expectancy",
    "exposure",
    "turnover",
    "fees",
)


def document(result: BacktestResult) -> dict[str, Any]:
    """Plain numbers, text, lists and mappings: shares are fractions, money is in quote, and a time is in ISO 8601, UTC,
    and the open of its bar.

    A figure that does not exist is null, and ``undefined`` says why under its name. Equity by bar is left out: it
    is as long as the data.
    """
    statistics = result.statistics()
    return {
        "strategy": result.strategy,
        "version": result.version,
        "data": result.data,
        "posts": None if result.posts is None else {"source": result.posts, "heard": result.heard},
        "timeframe_seconds": result.curve.timeframe.total_seconds(),
        "first": result.first.isoformat(),
        "last": result.last.isoformat(),
        "bars": result.bars,
        "gaps": _gaps(result.gaps),
        "conventions": dict(result.conventions),
        "notes": list(result.notes),
        "capital": result.curve.capital,
        "final_equity": statistics.final_equity,
        **figures_of(statistics),
        "trades": statistics.trades,
        "funding": result.funding,
        "both_touched": statistics.both_touched,
        "counters": dict(result.counters),
        "fills": [
            _fill(fill, result) | ({"evidence": dict(result.evidence[place])} if result.evidence else {})
            for place, fill in enumerate(result.fills)
        ],
        "round_trips": [_trip(trip, result) for trip in round_trips(result.fills).closed],
    }


def figures_of(statistics: Statistics) -> dict[str, Any]:
    """Every figure by its name; of those that do not exist ``undefined`` says why."""
    fall = statistics.drawdown
    figures: dict[str, Figure] = {name: getattr(statistics, name) for name in _FIGURES}
    figures["max_drawdown"] = fall.share
    return {
        **{name: figure.value for name, figure in figures.items()},
        "max_drawdown_bars": fall.bars,
        "max_drawdown_seconds": fall.time.total_seconds(),
        "max_drawdown_recovered": fall.recovered,
        "undefined": {name: figure.why for name, figure in figures.items() if figure.value is None},
    }


def _gaps(gaps: Gaps) -> dict[str, Any]:
    first = [{"row": gap.row, "after": gap.after.isoformat(), "missing": gap.missing} for gap in gaps.first]
    return {"count": gaps.count, "missing": gaps.missing, "first": first}


def _fill(fill: Traded, result: BacktestResult) -> dict[str, Any]:
    return {
        "bar": fill.bar,
        "time": result.opened(fill.bar).isoformat(),
        "side": str(fill.side),
        "quantity": fill.quantity,
        "price": fill.price,
        "fee": fill.fee,
        "funding": fill.funding,
        "cash": fill.cash,
        "position": fill.position,
        "because": fill.because,
    }


def _trip(trip: RoundTrip, result: BacktestResult) -> dict[str, Any]:
    return {
        "side": str(trip.side),
        "entry_bar": trip.entry_bar,
        "entry": result.opened(trip.entry_bar).isoformat(),
        "exit_bar": trip.exit_bar,
        "exit": result.opened(trip.exit_bar).isoformat(),
        "quantity": trip.quantity,
        "invested": trip.invested,
        "fees": trip.fees,
        "profit": trip.profit,
    }
