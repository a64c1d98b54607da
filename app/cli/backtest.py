"""`dreamscape backtest`: one strategy over one file of candles, with what its conventions make of it."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from app.cli.output import document, say
from app.cli.sentiment_compared import show as show_comparison
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from services.trading.candles import Bars
    from services.trading.plugins.series import Series
    from services.trading.results import BacktestResult
    from services.trading.social.post import Posts
    from services.trading.strategy import Strategy

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("backtest", help="one strategy over one file of candles")
    parser.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc, or a YAML file")
    parser.add_argument("--data", metavar="FILE", default="", help="candles: .csv, .parquet or .feather; else its own")
    parser.add_argument("--posts", metavar="FILE", default="", help="posts: .jsonl; else its own, or this home's")
    compare = "what its terms of posts earn: with and without them"
    parser.add_argument("--compare-sentiment", action="store_true", help=compare)
    parser.add_argument("--bars", metavar="TIME", default="", help="make bars of a file of trades, such as 1m")


def run(args: argparse.Namespace) -> int:
    """Read, go through the bars, tell. Nothing is kept, and no instance is needed."""
    from services.trading.between_bars import refuse_between_bars
    from services.trading.candles import require_timeframe
    from services.trading.scoring.history import require_history
    from services.trading.strategy import load_strategy

    home = Home.choose(args.home, os.environ)
    path = strategy_at(args.strategy, home)
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    bars, label = candles_for(args, home, strategy)
    if not len(bars):
        raise UserError("there is no candle in it", label, "Give a file that has some")
    require_timeframe(bars, strategy.bar, label)
    require_history(strategy, len(bars), label)
    posts = _posts(args, home, strategy)
    series = _series(home, strategy, bars)
    result, told = _gone_through(args, strategy, (bars, label), posts, series)
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


def _series(home: Home, strategy: Strategy, bars: Bars) -> Series | None:
    """What terms of plug-ins say of the bars; None where there are none."""
    from services.trading.plugins.series import PluginTerms, plugin_files

    if not plugin_files(strategy):
        return None
    from app.wiring.own_files.approved import Approved
    from services.core.clock import SystemClock

    return PluginTerms(home.plugins, home.terms, Approved(home), SystemClock()).series(strategy, bars)


def strategy_at(named: str, home: Home) -> Path:
    """A file, or one of the strategies by name, the home's before the defaults."""
    from pathlib import Path

    from app.wiring.own_files.files import layered
    from services.orchestrator.near_names import hint

    if named.endswith((".yaml", ".yml")) or os.sep in named:
        return Path(named)
    known = {Path(name).stem: path for name, path in layered("trading", home.strategies).items()}
    if named not in known:
        raise UserError(f"there is no strategy called {named}", "backtest", hint(named, known))
    return known[named]


def candles_for(args: argparse.Namespace, home: Home, strategy: Strategy) -> tuple[Bars, str]:
    """The bars that were asked for, else the strategy's own, with a truthful label."""
    from pathlib import Path

    from app.settings import load
    from app.wiring.plans.plans import data_folder
    from services.core.durations import parse_duration
    from services.trading.candles import Bars, bars_of, read_bars, read_trades
    from services.trading.feed import open_feed

    if args.bars and not args.data:
        raise UserError("--bars makes bars of a file of trades", "backtest", "Name the file with --data")
    if not args.data:
        feed = open_feed(strategy, data_folder(home, load(home, os.environ).settings))
        return Bars.of(feed.candles), feed.label
    path = Path(args.data)
    if args.bars:
        return bars_of(read_trades(path), parse_duration(args.bars)), f"recorded: {path.name}, bars of {args.bars}"
    return read_bars(path), f"recorded: {path.name}"


def _posts(args: argparse.Namespace, home: Home, strategy: Strategy) -> Posts | None:
    """What its terms of posts listen to: the file, or what this home recorded. Raises ``UserError`` for neither."""
    from pathlib import Path

    from app.recorded_posts import recorded_posts
    from services.trading.social.reading import read_posts

    if not strategy.listens:
        if args.posts or args.compare_sentiment:
            asked = "--posts" if args.posts else "--compare-sentiment"
            mend = f"Leave {asked} out, or write a term such as {{kind: sentiment}}"
            raise UserError("no term of it listens to posts", strategy.name, mend)
        return None
    posts = read_posts(Path(args.posts)) if args.posts else _own_posts(home, strategy) or recorded_posts(home.store)
    if posts is None:
        what = "its terms listen to posts, and this home has recorded none"
        raise UserError(what, strategy.name, "Name a file with --posts FILE")
    return posts


def _own_posts(home: Home, strategy: Strategy) -> Posts | None:
    from app.settings import load
    from app.wiring.plans.plans import data_folder
    from services.trading.feed import open_posts

    if not strategy.posts.recorded:
        return None
    return open_posts(strategy, data_folder(home, load(home, os.environ).settings))


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
