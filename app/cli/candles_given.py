"""The strategy, its candles and what is known beside them, as `backtest`, `sweep` and `walk-forward` are given them."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING

from app.cli.output import clean, say
from services.core.errors import UserError

if TYPE_CHECKING:
    import argparse
    from datetime import timedelta
    from pathlib import Path

    from app.paths import Home
    from services.trading.candles import Bars
    from services.trading.side_data import SideData
    from services.trading.strategy import Strategy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc, or a YAML file")
    parser.add_argument("--data", metavar="FILE", default="", help="candles: .csv, .parquet or .feather; else its own")
    parser.add_argument("--posts", metavar="FILE", default="", help="posts: .jsonl; else its own, or this home's")
    parser.add_argument("--bars", metavar="TIME", default="", help="make bars of a file of trades, such as 1m")


def strategy_first(parser: argparse.ArgumentParser) -> None:
    """Have the usage name the strategy before the options, of which one takes all words after it."""
    options = " ".join(parser.format_usage().split()).partition(parser.prog)[2].removesuffix(" STRATEGY")
    parser.usage = textwrap.fill(f"{parser.prog} STRATEGY{options}", 100, subsequent_indent=" " * 12,
                                 break_on_hyphens=False)  # fmt: skip


def candles_for(args: argparse.Namespace, home: Home, strategy: Strategy) -> tuple[Bars, str]:
    """The bars that were asked for, else the strategy's own, with a truthful label; at least one."""
    from services.trading.candles import require_tick, require_timeframe

    bars, label = _candles(args, home, strategy)
    if not len(bars):
        raise UserError("there is no candle in it", label, "Give a file that has some")
    require_timeframe(bars, strategy.bar, label)
    require_tick(bars, strategy.market.tick, label)
    _warn_of_another_market(strategy, label)
    return bars, label


def _warn_of_another_market(strategy: Strategy, label: str) -> None:
    """On standard error, beside a document too."""
    from services.trading.candles.named_market import other_market

    if told := other_market(label, strategy.market.symbol, strategy.name):
        sys.stderr.write(f"{clean(f'Note: {told}')}\n")


def _candles(args: argparse.Namespace, home: Home, strategy: Strategy) -> tuple[Bars, str]:
    from pathlib import Path

    from services.trading.candles import Bars, bars_of, read_bars, read_trades
    from services.trading.feed import open_feed
    from services.trading.strategy import GENERATED

    if args.bars and not args.data:
        raise UserError("--bars makes bars of a file of trades", args.command, "Name the file with --data")
    if not args.data:
        feed = open_feed(strategy, _folder(home))
        if feed.because and strategy.data != GENERATED and not args.json:
            say(f"Note: the candles are generated, for {feed.because}; name some with --data FILE")
        return Bars.of(feed.candles), feed.label
    path = Path(args.data)
    if args.bars:
        length = _bar_length(args.bars)
        return bars_of(read_trades(path), length), f"recorded: {path.name}, bars of {args.bars}"
    return read_bars(path), f"recorded: {path.name}"


def _bar_length(told: str) -> timedelta:
    """Raises ``UserError`` for what is no length of a bar."""
    from services.core.durations import parse_duration

    try:
        length = parse_duration(told)
    except ValueError as error:
        raise UserError(str(error), "--bars") from error
    if not length:
        raise UserError(f"{told!r} is no length of a bar", "--bars", "Give one such as 1m or 1h")
    return length


def side_data_for(args: argparse.Namespace, home: Home, strategy: Strategy, bars: Bars) -> SideData:
    """Raises ``UserError`` for posts that are not there, and for posts that nobody listens to."""
    from pathlib import Path

    from app.side_data import side_data_of

    if args.posts and not strategy.listens:
        refuse_unheard(strategy, "--posts")
    return side_data_of(home, strategy, bars, _folder(home), Path(args.posts) if args.posts else None)


def refuse_unheard(strategy: Strategy, asked: str) -> None:
    """Raise ``UserError``: no term of it listens, and ``asked`` is about posts."""
    mend = f"Leave {asked} out, or write a term such as {{kind: sentiment}}"
    raise UserError("no term of it listens to posts", strategy.name, mend)


def _folder(home: Home) -> Path | None:
    from app.settings import load
    from app.wiring.plans.plans import data_folder

    return data_folder(home, load(home, os.environ).settings)
