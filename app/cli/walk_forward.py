"""`dreamscape walk-forward`: parameters chosen on past bars and measured on the bars after them, window by window."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from app.cli.backtest import candles_for, strategy_at
from app.cli.output import document, say
from app.cli.shadow import shadow_of
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.candles import Bars
    from services.trading.strategy import Strategy

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

WINDOWS = 6


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("walk-forward", help="choose on past bars, measure on the bars after them")
    parser.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc, or a YAML file")
    parser.add_argument(
        "--grid", metavar="KEY=VALUES", nargs="+", required=True, help="macd.fast=8,12,16 macd.slow=20..32/4"
    )
    parser.add_argument("--windows", metavar="N", type=int, default=WINDOWS, help=f"test windows; {WINDOWS} if left")
    parser.add_argument("--anchored", action="store_true", help="each training begins with the first bar")
    parser.add_argument("--train", metavar="TIMES", type=float, default=3.0, help="test windows long; 3 if left")
    parser.add_argument(
        "--embargo", metavar="BARS", type=int, help="left out between both; as far as the terms look back, if left"
    )
    parser.add_argument("--by", metavar="FIGURE", default="sharpe", help="sharpe, return, calmar or profit-factor")
    parser.add_argument(
        "--shadow", metavar="NAME", default="", help="run what it chose in the shadow of the strategy, as this process"
    )
    parser.add_argument("--data", metavar="FILE", default="", help="candles: .csv, .parquet or .feather; else its own")
    parser.add_argument("--bars", metavar="TIME", default="", help="make bars of a file of trades, such as 1m")


def run(args: argparse.Namespace) -> int:
    """Search in children of the lowest priority, and tell. Each combination counts as tried, in the home's own file."""
    from services.trading.learning.children import evaluator
    from services.trading.learning.search import Search, Wanted, found_in
    from services.trading.strategy import load_strategy

    home = Home.choose(args.home, os.environ)
    strategy = load_strategy(strategy_at(args.strategy, home))
    if strategy.listens:
        mend = "Take these terms out, or see what they earn with backtest --compare-sentiment"
        raise UserError("its terms listen to posts, and walks forward have none yet", strategy.name, mend)
    wanted = Wanted(tuple(args.grid), args.windows, args.anchored, args.train, args.embargo, args.by)
    found_in(strategy, wanted)
    search = Search.of(strategy, wanted, *_bars(args, home, strategy))
    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    watching = watched(search.backtests, f"{strategy.name} forward over {len(search.bars):,} bars", "backtests")
    with watching as done, evaluator(search.bars_in_all) as chosen_by:
        told = search.run(chosen_by, home.trials, done)
    if args.shadow:
        told["shadow"] = shadow_of(args.shadow, strategy_at(args.strategy, home), told, home)
    if args.json:
        document(told)
    else:
        _show(told)
    return 0


def _bars(args: argparse.Namespace, home: Home, strategy: Strategy) -> tuple[Bars, str]:
    from services.trading.candles import require_timeframe

    bars, label = candles_for(args, home, strategy)
    if not len(bars):
        raise UserError("there is no candle in it", label, "Give a file that has some")
    require_timeframe(bars, strategy.bar, label)
    return bars, label


def _show(told: dict[str, Any]) -> None:
    from services.core.words import counted

    kind = "anchored" if told["anchored"] else "rolling"
    say(
        f"{told['strategy']} forward over {told['data']}: {counted(told['bars'], 'bar')}, "
        f"{counted(len(told['windows']), f'{kind} window')}, embargo {counted(told['embargo_bars'], 'bar')}"
    )
    if told["left_out"]:
        say(f"{counted(told['left_out'], 'combination')} left out: {told['left_out_why']}")
    _show_windows(told["windows"])
    _show_whole(told)


def _show_windows(windows: list[dict[str, Any]]) -> None:
    from services.trading.learning.values import in_words

    for number, each in enumerate(windows, 1):
        test, before, after = each["test"], each["in_sample"], each["out_of_sample"]
        say(f"  {number}. {test['first'][:16]} to {test['last'][:16]}: {in_words(each['parameters'])}")
        say(
            f"     chosen at {_percent(before)}, Sharpe {_number(before, 'sharpe')}; "
            f"then {_percent(after)}, Sharpe {_number(after, 'sharpe')}, {after['trades']:,} trades; "
            f"unchanged {_percent(each['champion'])}"
        )


def _show_whole(told: dict[str, Any]) -> None:
    from services.trading.learning.values import in_words

    whole, against = told["out_of_sample"], told["against_champion"]
    say(
        f"Out of sample: {_percent(whole)}, Sharpe {_number(whole, 'sharpe')}, "
        f"max drawdown {_percent(whole, 'max_drawdown')}, {whole['trades']:,} trades"
    )
    say(
        f"Tried so far on {told['market']}: {told['trials']['counted']:,} combinations; the probability that this is "
        f"more than the best of their luck is {_share(whole['deflated_sharpe'])}"
    )
    if against["mean"] is None:
        say(f"Against the strategy as it stands: none ({against['why']})")
    else:
        verdict = "noise" if against["noise"] else "more than noise"
        mean, low, high = (f"{1e4 * against[name]:.3f}" for name in ("mean", "low", "high"))
        say(
            f"Against the strategy as it stands: {mean} basis points a bar, "
            f"{100 * against['confidence']:g} % sure of {low} to {high}: {verdict}"
        )
    say(f"Chosen on the newest bars: {in_words(told['challenger'])}")
    if "shadow" in told:
        say(f"It runs in the shadow as process {told['shadow']['name']}: {told['shadow']['path']}")


def _percent(figures: dict[str, Any], name: str = "total_return") -> str:
    value = figures[name]
    return f"none ({figures['undefined'][name]})" if value is None else f"{100 * value:.2f} %"


def _number(figures: dict[str, Any], name: str) -> str:
    from services.core.words import number_text

    value = figures[name]
    return f"none ({figures['undefined'][name]})" if value is None else number_text(value)


def _share(value: float | None) -> str:
    if value is None:
        return "none"
    return "above 99.9 %" if value > 0.999 else f"{100 * value:.1f} %"  # 100 % would promise what nobody can
