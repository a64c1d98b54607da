"""`dreamscape walk-forward`: parameters chosen on past bars and measured on the bars after them, window by window."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from app.cli.backtest import candles_for, strategy_at
from app.cli.output import document, say
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.candles import Bars
    from services.trading.learning.grid import Candidates
    from services.trading.learning.splits import Plan, Split
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
    parser.add_argument("--data", metavar="FILE", default="", help="candles: .csv, .parquet or .feather; else its own")
    parser.add_argument("--bars", metavar="TIME", default="", help="make bars of a file of trades, such as 1m")


def run(args: argparse.Namespace) -> int:
    """Search in children of the lowest priority, and tell. Each combination counts as tried, in the home's own file."""
    from services.trading.learning.children import children
    from services.trading.learning.evaluating import OBJECTIVES, OverExecutor
    from services.trading.learning.families import family_of
    from services.trading.learning.grid import axes_of, candidates_of
    from services.trading.learning.splits import splits_of
    from services.trading.learning.trials import TrialLedger
    from services.trading.learning.walk_document import document as document_of
    from services.trading.learning.walk_forward import Walk, backtests_of
    from services.trading.strategy import load_strategy

    if args.by not in OBJECTIVES:
        raise UserError(f"nothing is chosen by {args.by!r}", "--by", f"There are {', '.join(OBJECTIVES)}")
    home = Home.choose(args.home, os.environ)
    strategy = load_strategy(strategy_at(args.strategy, home))
    if strategy.listens:
        mend = "Take these terms out, or see what they earn with backtest --compare-sentiment"
        raise UserError("its terms listen to posts, and walks forward have none yet", strategy.name, mend)
    candidates = candidates_of(strategy, axes_of(args.grid))
    bars, label = _bars(args, home, strategy)
    plan = _plan(args, candidates)
    splits = splits_of(len(bars), plan)
    _require_enough(candidates, splits, label)
    told_of = f"{strategy.name} forward over {len(bars):,} bars"
    with watched(backtests_of(candidates.chosen, splits), told_of, "backtests") as done, children() as executor:
        walk = Walk(strategy, candidates.chosen, bars, OverExecutor(executor), args.by, done).run(splits)
    ledger = TrialLedger(home.trials)
    _count(home, ledger, strategy, walk.trials)
    told = document_of(strategy, walk, plan, bars, label, ledger.counted(strategy.market.symbol, family_of(strategy)))
    told |= {"grid": list(args.grid), "by": args.by, "left_out": candidates.left_out, "left_out_why": candidates.why}
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


def _plan(args: argparse.Namespace, candidates: Candidates) -> Plan:
    from services.trading.learning.splits import Plan
    from services.trading.scoring.scorer import Scorer

    embargo = args.embargo
    if embargo is None:
        embargo = max(Scorer(each.strategy).longest for each in candidates.chosen)
    return Plan(args.windows, args.anchored, args.train, embargo)


def _require_enough(candidates: Candidates, splits: tuple[Split, ...], label: str) -> None:
    """Raise ``UserError`` where a strategy asks for more history than its first training has."""
    from services.trading.scoring.scorer import Scorer

    most = max(Scorer(each.strategy).warm_up for each in candidates.chosen)
    trained = len(splits[0].train)
    if trained <= most:
        what = f"the terms speak from bar {most + 1:,} on, and a training has {trained:,} bars"
        raise UserError(what, label, "Give more bars, fewer windows or a longer --train")


def _count(home: Home, ledger: Any, strategy: Strategy, trials: Any) -> None:
    from services.trading.learning.families import family_of

    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    ledger.record(strategy.market.symbol, family_of(strategy), trials)


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
    from services.trading.learning.parameters import in_words

    for number, each in enumerate(windows, 1):
        test, before, after = each["test"], each["in_sample"], each["out_of_sample"]
        say(f"  {number}. {test['first'][:16]} to {test['last'][:16]}: {in_words(each['parameters'])}")
        say(
            f"     chosen at {_percent(before)}, Sharpe {_number(before, 'sharpe')}; "
            f"then {_percent(after)}, Sharpe {_number(after, 'sharpe')}, {after['trades']:,} trades; "
            f"unchanged {_percent(each['champion'])}"
        )


def _show_whole(told: dict[str, Any]) -> None:
    from services.trading.learning.parameters import in_words

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


def _percent(figures: dict[str, Any], name: str = "total_return") -> str:
    value = figures[name]
    return f"none ({figures['undefined'][name]})" if value is None else f"{100 * value:.2f} %"


def _number(figures: dict[str, Any], name: str) -> str:
    from services.core.words import number_text

    value = figures[name]
    return f"none ({figures['undefined'][name]})" if value is None else number_text(value)


def _share(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.1f} %"
