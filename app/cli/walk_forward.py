"""`dreamscape walk-forward`: parameters chosen on past bars and measured on the bars after them, window by window."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.candles_given import add_arguments, candles_for, side_data_for, strategy_first
from app.cli.output import document, say
from app.cli.shadow import require_shadow, shadow_of
from app.cli.strategy_file import strategy_at
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

WINDOWS = 6


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("walk-forward", help="choose on past bars, measure on the bars after them")
    add_arguments(parser)
    parser.add_argument(
        "--grid",
        metavar="KEY=VALUES",
        nargs="+",
        required=True,
        help="as of a sweep: macd.fast=6:13, stop.percent=1,2.5",
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
    strategy_first(parser)


def run(args: argparse.Namespace) -> int:
    """Search in children of the lowest priority, and tell. Each combination counts as tried, in the home's own file."""
    from services.trading.between_bars import refuse_between_bars
    from services.trading.learning.children import evaluator
    from services.trading.learning.search import Search, Wanted, found_in
    from services.trading.strategy import load_strategy

    home = Home.choose(args.home, os.environ)
    path = strategy_at(args.strategy, home, "walk-forward")
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    if args.shadow:
        require_shadow(args.shadow, path, home)
    wanted = Wanted(tuple(args.grid), args.windows, args.anchored, args.train, args.embargo, args.by)
    found_in(strategy, wanted)
    bars, label = candles_for(args, home, strategy)
    search = Search.of(strategy, wanted, bars, label, side_data_for(args, home, strategy, bars))
    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    watching = watched(search.backtests, f"{strategy.name} forward over {len(search.bars):,} bars", "backtests")
    with watching as done, evaluator(search, home.compiled) as chosen_by:
        told = search.run(chosen_by, home.trials, done)
    refusal = _begin_shadow(args, path, told, home) if args.shadow else None
    if args.json:
        document(told)
    else:
        _show(told)
    if refusal is not None:  # after the report, which took a while and stands whether a shadow runs or not
        raise refusal
    return 0


def _begin_shadow(args: argparse.Namespace, strategy: Path, told: dict[str, Any], home: Home) -> UserError | None:
    """Tell the shadow run in ``told``, or why there is none, and return that."""
    try:
        told["shadow"] = shadow_of(args.shadow, strategy, told, home, args.posts, args.data)
    except UserError as why:
        told |= {"shadow": None, "shadow_why": str(why)}
        return why
    return None


def _show(told: dict[str, Any]) -> None:
    from services.core.words import counted

    kind = "anchored" if told["anchored"] else "rolling"
    say(
        f"{told['strategy']} forward over {told['data']}: {counted(told['bars'], 'bar')}, "
        f"{counted(len(told['windows']), f'{kind} window')}, embargo {counted(told['embargo_bars'], 'bar')}"
    )
    if told["posts"]:
        say(f"Posts, {told['posts']}")
    for note in told["notes"]:
        say(f"Note: {note}")
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

    whole, against, tried = told["out_of_sample"], told["against_champion"], told["trials"]
    say(
        f"Out of sample: {_percent(whole)}, Sharpe {_number(whole, 'sharpe')}, "
        f"max drawdown {_percent(whole, 'max_drawdown')}, {whole['trades']:,} trades"
    )
    say(
        f"Tried so far on {tried['market']}: {tried['counted']:,} combinations; the probability that this is "
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
    if told.get("shadow"):
        say(f"It runs in the shadow as process {told['shadow']['name']}: {told['shadow']['path']}")
        if whole["shape"] is None:
            say("Its windows have no Sharpe ratio, so the bars of its shadow run have to show one by themselves")


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
