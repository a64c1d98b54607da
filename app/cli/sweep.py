"""`dreamscape sweep`: one strategy with many values of its numbers over one file of candles."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from app.cli.candles_given import add_arguments, candles_for, side_data_for, strategy_first
from app.cli.interrupted import interrupted
from app.cli.output import document, say
from app.cli.strategy_file import strategy_at
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.learning.trials import TrialLedger
    from services.trading.sweep.grid import Grid
    from services.trading.sweep.ground import Ground
    from services.trading.sweep.sweep import Plan, Submit
    from services.trading.sweep.table import Table

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_BEST = 10
_REASONS = 3
"""Why combinations were left out: so many reasons are told, the most frequent first."""
_SHARES = frozenset({"total_return", "cagr", "max_drawdown", "win_rate", "exposure"})
"""Figures that are told in percent."""


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("sweep", help="one strategy with many values of its numbers, over one file")
    add_arguments(parser)
    parser.add_argument(
        "--grid", metavar="KEY=VALUES", nargs="+", action="extend", required=True,
        help="a number of its file and what it goes through: macd.fast=6:13, macd.slow=20:38:2, stop.percent=1,2.5",
    )  # fmt: skip
    parser.add_argument("--workers", metavar="N", type=int, help="processes; as many as processors unless said")
    parser.add_argument(
        "--engine", choices=("local", "dask"), default="local", help="where they run; local unless said"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", default="", help="Dask's; else DASK_SCHEDULER_ADDRESS")
    parser.add_argument(
        "--by", metavar="FIGURE", default="sharpe", help="what the best have most of; sharpe unless said"
    )
    parser.add_argument(
        "--best", metavar="N", type=int, default=_BEST, help=f"how many are told, 0 for all; {_BEST} unless said"
    )
    strategy_first(parser)


def run(args: argparse.Namespace) -> int:
    """Read, say what it will take, run, count the trials, tell the best; Ctrl-C ends it with the best of what was done.
    No instance is needed."""
    from app.cli.main import INTERRUPTED
    from services.trading.between_bars import refuse_between_bars
    from services.trading.kernel.compiling import is_kept
    from services.trading.learning.sweeps import SweptTrials
    from services.trading.scoring.history import require_history
    from services.trading.strategy import load_strategy
    from services.trading.sweep.grid import grid_of
    from services.trading.sweep.ground import Ground
    from services.trading.sweep.in_common import told_in_common
    from services.trading.sweep.sweep import Stopped, plan, run

    _require_numbers(args)
    home = Home.choose(args.home, os.environ)
    path = strategy_at(args.strategy, home, "sweep")
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    grid = grid_of(strategy, args.grid)
    bars, label = candles_for(args, home, strategy)
    require_history(grid.first(), len(bars), label)
    ground = Ground(bars, side_data_for(args, home, strategy, bars))
    planned, workers = plan(grid, ground), args.workers or os.cpu_count() or 1
    if not args.json:
        _announce(planned, strategy.name, label, workers, is_kept(home.compiled))
        _tell_beside(grid, ground)
    trials = SweptTrials(_ledger(home), grid, label, ground.side.digest(bars))
    stopped, begun = False, monotonic()
    with interrupted() as wanted_no_more:
        try:
            with (
                _workers(args, home, ground, planned, workers) as submit,
                watched(len(grid), f"{strategy.name} over {len(bars):,} bars", "combinations") as done,
            ):
                table = run(planned.parts(workers), submit, done, trials.add, wanted_no_more)
        except Stopped as early:
            table, stopped = early.table, True
        tried = trials.count()
    if args.json:
        told = _told(table, planned, strategy.name, label, args) | told_in_common(grid, ground)
        document(told | {"tried_so_far": tried, "stopped": stopped, "seconds": monotonic() - begun})
    else:
        _show(table, planned, args, stopped)
        say(f"Tried so far on {trials.market}: {tried:,} combinations; 'walk-forward' deflates by all of them.")
    return INTERRUPTED if stopped else 0


def _ledger(home: Home) -> TrialLedger:
    """In which every combination counts as tried, for good."""
    from services.trading.learning.trials import TrialLedger

    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return TrialLedger(home.trials)


def _require_numbers(args: argparse.Namespace) -> None:
    from services.trading.sweep.table import COLUMNS

    if args.by not in COLUMNS:
        raise UserError(f"there is no figure called {args.by}", "--by", f"Name one of {', '.join(COLUMNS)}")
    if args.workers is not None and args.workers < 1:
        raise UserError(f"{args.workers} is no number of workers", "--workers", "Give 1 or more, or leave it out")
    if args.best < 0:
        raise UserError(f"{args.best} is no number of combinations", "--best", "Give 1 or more, or 0 for all")


@contextmanager
def _workers(args: argparse.Namespace, home: Home, ground: Ground, planned: Plan, count: int) -> Iterator[Submit]:
    """What takes the parts of a sweep: processes here, or Dask's elsewhere."""
    if args.engine == "dask":
        from services.trading.sweep.dask import workers as elsewhere

        with elsewhere(args.scheduler or os.environ.get("DASK_SCHEDULER_ADDRESS", ""), ground, planned) as submit:
            yield submit
        return
    from services.trading.sweep.local import workers as local

    with local(count, ground, home.compiled) as submit:
        yield submit


def _announce(planned: Plan, name: str, label: str, workers: int, compiled: bool) -> None:
    from services.core.words import counted

    say(
        f"{name} over {label}: {counted(len(planned.grid), 'combination')} x {counted(planned.bars, 'bar')}; about "
        f"{_time(planned.seconds(workers, compiled))} on {counted(workers, 'worker')}"
    )
    if planned.because:
        say(f"Not compiled, for the kernel does not run {', '.join(planned.because)}: one backtest after the other")


def _tell_beside(grid: Grid, ground: Ground) -> None:
    from services.trading.sweep.in_common import common_notes

    if ground.side.posts is not None:
        say(f"Posts, {ground.side.posts.label}")
    for note in common_notes(grid, ground):
        say(f"Note: {note}")


def _time(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"


def _told(table: Table, planned: Plan, name: str, label: str, args: argparse.Namespace) -> dict[str, Any]:
    grid = planned.grid
    return {
        "strategy": name,
        "data": label,
        "bars": planned.bars,
        "engine": planned.engine,
        "not_compiled": list(planned.because),
        "grid": {axis.key: list(axis.values) for axis in grid.axes},
        "combinations": len(grid),
        "trials": len(table),
        "left_out": dict(table.left_out),
        "by": args.by,
        "results": [
            {"parameters": grid.values(table.numbers[place]), **table.row(place)}
            for place in table.best(args.by, args.best or len(table))
        ],
    }


def _show(table: Table, planned: Plan, args: argparse.Namespace, stopped: bool) -> None:
    from app.cli.columns import Column
    from app.cli.columns import table as show
    from services.core.words import counted

    grid = planned.grid
    figures = ["total_return", "max_drawdown", "sharpe", "profit_factor", "trades"]
    if args.by not in figures:
        figures.append(args.by)
    rows = []
    for place, alike in table.distinct(args.by, args.best or len(table)):
        values, row = grid.values(table.numbers[place]), table.row(place)
        told = (_figure(name, row[name]) for name in figures)
        rows.append([*(f"{value:g}" for value in values.values()), *told, f"+{alike:,} alike" if alike else ""])
    if stopped:
        gone_through = len(table) + table.left_out.total()
        say(f"Stopped after {gone_through:,} of {counted(len(grid), 'combination')}.")
    titles = (*(axis.key for axis in grid.axes), *(name.replace("_", " ") for name in figures), "same result")
    if rows:
        show([*map(Column, titles)], rows)
    left_out = table.left_out.most_common()
    for why, count in left_out[:_REASONS]:
        say(f"Left out, {counted(count, 'combination')}: {why}")
    if more := left_out[_REASONS:]:
        gone = counted(sum(count for _, count in more), "combination")
        say(f"And {counted(len(more), 'more reason')}, {gone}; --json has all.")
    say(f"{counted(len(table), 'trial')}. The best of many looks good by chance: judge it by bars it has not seen.")


def _figure(name: str, value: float | None) -> str:
    from services.core.words import number_text

    if value is None:
        return "none"
    return f"{100 * value:.2f} %" if name in _SHARES else number_text(value)
