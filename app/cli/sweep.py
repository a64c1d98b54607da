"""`dreamscape sweep`: one strategy with many values of its numbers over one file of candles."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.cli.backtest import candles_for, strategy_at
from app.cli.output import document, say
from app.cli.watched import watched
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.candles import Bars
    from services.trading.sweep.sweep import Plan, Submit
    from services.trading.sweep.table import Table

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_BEST = 10


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("sweep", help="one strategy with many values of its numbers, over one file")
    parser.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc, or a YAML file")
    parser.add_argument(
        "--grid", metavar="KEY=VALUES", nargs="+", action="extend", required=True,
        help="a number of its file and what it goes through: macd.fast=6:13, macd.slow=20:38:2, stop.percent=1,2.5",
    )  # fmt: skip
    parser.add_argument("--data", metavar="FILE", default="", help="candles: .csv, .parquet or .feather; else its own")
    parser.add_argument("--bars", metavar="TIME", default="", help="make bars of a file of trades, such as 1m")
    parser.add_argument(
        "--workers", metavar="N", type=int, default=0, help="processes; as many as processors unless said"
    )
    parser.add_argument(
        "--engine", choices=("local", "dask"), default="local", help="where they run; local unless said"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", default="", help="Dask's; else DASK_SCHEDULER_ADDRESS")
    parser.add_argument(
        "--by", metavar="FIGURE", default="sharpe", help="what the best have most of; sharpe unless said"
    )
    parser.add_argument("--best", metavar="N", type=int, default=_BEST, help=f"how many are told; {_BEST} unless said")


def run(args: argparse.Namespace) -> int:
    """Read, say what it will take, run, tell the best. Nothing is kept, and no instance is needed."""
    from services.trading.between_bars import refuse_between_bars
    from services.trading.candles import require_timeframe
    from services.trading.strategy import load_strategy
    from services.trading.sweep.grid import grid_of
    from services.trading.sweep.sweep import plan, run

    _require_numbers(args)
    home = Home.choose(args.home, os.environ)
    path = strategy_at(args.strategy, home)
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    grid = grid_of(strategy, args.grid)
    bars, label = candles_for(args, home, strategy)
    if not len(bars):
        raise UserError("there is no candle in it", label, "Give a file that has some")
    require_timeframe(bars, strategy.bar, label)
    planned, workers = plan(grid, len(bars)), args.workers or os.cpu_count() or 1
    if not args.json:
        _announce(planned, strategy.name, label, workers)
    with (
        _workers(args, home, bars, planned, workers) as submit,
        watched(len(grid), f"{strategy.name} over {len(bars):,} bars", "combinations") as done,
    ):
        table = run(planned.parts(workers), submit, done)
    if args.json:
        document(_told(table, planned, strategy.name, label, args))
    else:
        _show(table, planned, args)
    return 0


def _require_numbers(args: argparse.Namespace) -> None:
    from services.trading.sweep.table import COLUMNS

    if args.by not in COLUMNS:
        raise UserError(f"there is no figure called {args.by}", "--by", f"Name one of {', '.join(COLUMNS)}")
    for name in ("workers", "best"):
        if getattr(args, name) < 0:
            raise UserError(f"{getattr(args, name)} is no number of {name}", f"--{name}", "Give 1 or more")


@contextmanager
def _workers(args: argparse.Namespace, home: Home, bars: Bars, planned: Plan, count: int) -> Iterator[Submit]:
    """What takes the parts of a sweep: processes here, or Dask's elsewhere."""
    if args.engine == "dask":
        from services.trading.sweep.dask import workers as elsewhere

        with elsewhere(args.scheduler or os.environ.get("DASK_SCHEDULER_ADDRESS", ""), bars, planned) as submit:
            yield submit
        return
    from services.core.sandbox.environment import scrub
    from services.trading.sweep.local import workers as local

    kept = scrub(os.environ)
    for name in set(os.environ) - set(kept):  # what a worker sees is what this process has
        del os.environ[name]
    with local(count, bars, home.compiled, planned.engine) as submit:
        yield submit


def _announce(planned: Plan, name: str, label: str, workers: int) -> None:
    from services.core.words import counted

    say(
        f"{name} over {label}: {counted(len(planned.grid), 'combination')} x {counted(planned.bars, 'bar')}; about "
        f"{_time(planned.seconds(workers))} on {counted(workers, 'worker')}"
    )
    if planned.because:
        say(f"Not compiled, for the kernel does not run {', '.join(planned.because)}: one backtest after the other")


def _time(seconds: float) -> str:
    if seconds < 1:
        return "a second"
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


def _show(table: Table, planned: Plan, args: argparse.Namespace) -> None:
    from app.cli.columns import Column
    from app.cli.columns import table as show
    from services.core.words import counted, number_text

    grid = planned.grid
    figures = ["total_return", "max_drawdown", "sharpe", "profit_factor", "trades"]
    if args.by not in figures:
        figures.append(args.by)
    rows = []
    for place in table.best(args.by, args.best or len(table)):
        values, row = grid.values(table.numbers[place]), table.row(place)
        told = ("none" if (value := row[name]) is None else number_text(value) for name in figures)
        rows.append([*(f"{value:g}" for value in values.values()), *told])
    show([*(Column(axis.key) for axis in grid.axes), *(Column(name.replace("_", " ")) for name in figures)], rows)
    for why, count in table.left_out.most_common(3):
        say(f"Left out, {counted(count, 'combination')}: {why}")
    say(f"{counted(len(table), 'trial')}. The best of many looks good by chance: judge it by bars it has not seen.")
