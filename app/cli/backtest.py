"""`dreamscape backtest`: one strategy over one file of candles, with what its conventions make of it."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from app.cli.candles_given import add_arguments, candles_for, refuse_unheard, side_data_for
from app.cli.output import document, say
from app.cli.sentiment_compared import show as show_comparison
from app.cli.strategy_file import strategy_at
from app.cli.watched import watched
from app.paths import Home

if TYPE_CHECKING:
    from services.trading.candles import Bars
    from services.trading.plugins.series import Series
    from services.trading.results import BacktestResult
    from services.trading.social.post import Posts
    from services.trading.strategy import Strategy

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("backtest", help="one strategy over one file of candles")
    add_arguments(parser)
    compare = "what its terms of posts earn: with and without them"
    parser.add_argument("--compare-sentiment", action="store_true", help=compare)


def run(args: argparse.Namespace) -> int:
    """Read, go through the bars, tell. Nothing is kept, and no instance is needed."""
    from services.trading.between_bars import refuse_between_bars
    from services.trading.scoring.history import require_history
    from services.trading.strategy import load_strategy

    home = Home.choose(args.home, os.environ)
    path = strategy_at(args.strategy, home, "backtest")
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    bars, label = candles_for(args, home, strategy)
    require_history(strategy, len(bars), label)
    if args.compare_sentiment and not strategy.listens:
        refuse_unheard(strategy, "--compare-sentiment")
    side = side_data_for(args, home, strategy, bars)
    result, told = _gone_through(args, strategy, (bars, label), side.posts, side.series)
    if args.json:
        document(told)
        return 0
    _show(result, told)
    if args.compare_sentiment:
        show_comparison(told)
    return 0


def _gone_through(
    args: argparse.Namespace, strategy: Strategy, data: tuple[Bars, str], posts: Posts | None, series: Series | None
) -> tuple[BacktestResult, dict[str, Any]]:
    from services.trading.backtest.run import Backtest
    from services.trading.results import document as document_of

    bars, label = data
    times = 2 if args.compare_sentiment and posts is not None else 1
    with watched(times * len(bars), f"{strategy.name} over {len(bars):,} bars", "bars") as taken:
        if times == 1 or posts is None:
            result = Backtest(strategy, posts, series=series).run(bars, label, taken)
            return result, document_of(result)
        from services.trading.backtest.comparing import compared
        from services.trading.results.comparison import comparison_document

        comparison = compared(strategy, bars, label, posts, taken)
    told = comparison.with_posts
    return told, document_of(told) | {"sentiment": comparison_document(comparison)}


def _show(result: BacktestResult, told: dict[str, Any]) -> None:
    from services.core.words import counted, number_text

    quote = told["conventions"]["market.symbol"].partition("/")[2]
    gaps = told["gaps"]
    say(f"{result.strategy} over {told['data']}: {counted(result.bars, 'bar')}, {told['first']} to {told['last']}")
    if told["posts"] is not None:
        heard = counted(told["posts"]["heard"], "post")
        say(f"Posts, {told['posts']['source']}: {heard} about {told['conventions']['posts.match']} by the last close")
    if gaps["count"]:
        say(f"{counted(gaps['count'], 'gap')}, {counted(gaps['missing'], 'bar')} missing; none was invented")
    for note in told["notes"]:
        say(f"Note: {note}")
    rows = [
        ("Equity", f"{number_text(told['final_equity'], 8)} {quote} of {number_text(told['capital'], 8)}"),
        ("Return", _percent(told, "total_return")),
        ("CAGR", _percent(told, "cagr")),
        ("Max drawdown", f"{_percent(told, 'max_drawdown')} over {counted(told['max_drawdown_bars'], 'bar')}"),
        ("Sharpe", f"{_figure(told, 'sharpe')} by bar, {_figure(told, 'sharpe_daily')} by day"),
        ("Sortino", _figure(told, "sortino")),
        ("Calmar", _figure(told, "calmar")),
        ("Profit factor", _figure(told, "profit_factor")),
        ("Win rate", f"{_percent(told, 'win_rate')} of {counted(told['trades'], 'trade')}"),
        ("Expectancy", f"{_figure(told, 'expectancy')} {quote}"),
        ("Exposure", _percent(told, "exposure")),
        ("Turnover", _figure(told, "turnover")),
        ("Fees", f"{_figure(told, 'fees')} {quote}"),
        *([("Funding paid", f"{number_text(told['funding'])} {quote}")] if told["funding"] is not None else []),
        ("Fills", f"{len(told['fills']):,}; stop and target met on one bar: {told['both_touched']:,}"),
        *((f"Not placed, {name.replace('_', ' ')}", f"{count:,}") for name, count in told["counters"].items()),
    ]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        say(f"  {name:<{width}}  {text}")
    used = {key: value for key, value in told["conventions"].items() if value is not None}
    say("On these terms: " + ", ".join(f"{key} {value}" for key, value in used.items()))


def _figure(told: dict[str, Any], name: str) -> str:
    from services.core.words import number_text

    value = told[name]
    return f"none ({told['undefined'][name]})" if value is None else number_text(value)


def _percent(told: dict[str, Any], name: str) -> str:
    value = told[name]
    return f"none ({told['undefined'][name]})" if value is None else f"{100 * value:.2f} %"
