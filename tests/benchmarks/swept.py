"""One side of ``bench_sweep``, in a process of its own; prints what it took and leaves its trades in a folder.

    swept.py kernel FOLDER GUARDED              by the part of a sweep that a worker runs, in this interpreter
    swept.py workers FOLDER GUARDED COUNT       by so many workers of a sweep
    swept.py sizes FOLDER GUARDED TIMES         by one, over more and more combinations, and the bars so many times over
    swept.py vectorbt FOLDER GUARDED CHUNK      by vectorbt, which only the benchmarks' interpreter has

Both read the same bars, and neither counts what it imports and compiles. Of each combination the folder gets its fills
(bar, side, price, quantity) and five statistics.
"""

import json
import sys
import time
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COLUMNS = ("opens", "highs", "lows", "closes")
STATISTICS = ("total_return", "max_drawdown", "sharpe", "trades", "final_equity")
STOP, TARGET, FEE, CAPITAL = 0.4, 0.8, 0.02, 1e12
"""Percent, percent, percent, quote: so much that steps stay fine after thousands of fees have taken most of it."""
SPANS = {"fast": range(6, 14), "slow": range(20, 40, 2), "signal": range(5, 14, 2)}
MANY = {"fast": range(4, 14), "slow": range(20, 70), "signal": range(4, 24)}
PART = 1_000
"""Combinations of a worker's part where there are many."""
MINUTE = 60_000_000
WARM_BARS = 2_000


def main() -> None:
    side, folder, guarded = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "1"
    bars = {name: array("d", (folder / name).read_bytes()) for name in COLUMNS}
    if side == "kernel":
        told = by_kernel(bars, folder, guarded)
    elif side == "workers":
        told = by_workers(bars, folder, guarded, int(sys.argv[4]))
    elif side == "sizes":
        told = by_sizes(bars, folder, guarded, int(sys.argv[4]))
    else:
        told = by_vectorbt(bars, folder, guarded, int(sys.argv[4]))
    sys.stdout.write(json.dumps(told))


@contextmanager
def measured(told: dict[str, float]) -> Iterator[None]:
    """CPU and wall seconds, and by how many MB the peak of the memory lies above what was held before."""
    import resource

    held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    told["cpu"], told["wall"] = time.process_time() - cpu, time.perf_counter() - wall
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    told["more_mb"] = max(told["peak_mb"] - held, 0.0)


def combinations() -> list[tuple[int, int, int]]:
    return [(f, s, g) for f in SPANS["fast"] for s in SPANS["slow"] for g in SPANS["signal"]]


def program() -> None:
    """Let this process import the program."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def grid_over(guarded: bool, spans: Mapping[str, range]) -> Any:
    from services.trading.strategy import Strategy
    from services.trading.sweep.grid import grid_of

    fields: dict[str, Any] = {
        "name": "bench", "timeframe": "1m", "capital": CAPITAL, "fill": "close", "slippage": {"ticks": 0},
        "market": {"symbol": "AAA/BBB", "tick": 1e-12, "step": 1e-10}, "fee": {"percent": FEE}, "macd": {},
    }  # fmt: skip
    if guarded:
        fields |= {"stop": {"percent": STOP}, "target": {"percent": TARGET}}
    axes = [f"macd.{name}={','.join(map(str, values))}" for name, values in spans.items()]
    return grid_of(Strategy.model_validate_json(json.dumps(fields)), axes)


def bars_of(bars: dict[str, "array[float]"], times: int = 1) -> Any:
    """The bars so many times over, one after the other."""
    from services.trading.candles import Bars

    columns = [bars[name] * times for name in COLUMNS]
    count = len(columns[0])
    return Bars(array("q", range(0, count * MINUTE, MINUTE)), *columns, array("d", [1e18]) * count)


def by_kernel(bars: dict[str, "array[float]"], folder: Path, guarded: bool) -> dict[str, float]:
    program()
    from services.trading.sweep.part import Part, run_part
    from services.trading.sweep.warming import warm

    warm(folder / "compiled")
    from services.trading.kernel.run import Kernel
    from services.trading.sweep.ground import Ground

    grid, whole = grid_over(guarded, SPANS), bars_of(bars)
    run_part(Part(grid, 0, 9), Ground(bars_of({name: column[:WARM_BARS] for name, column in bars.items()})))
    told: dict[str, float] = {}
    with measured(told):
        table = run_part(Part(grid, 0, len(grid)), Ground(whole))
    kernel = Kernel(whole)
    for number in range(len(grid)):
        outcome = kernel.outcomes([grid.strategy(number)], logs=True)[0]
        row = table.row(number)
        leave(folder, "kernel", number, outcome.log, [row[name] or 0.0 for name in STATISTICS])
    return told


def by_workers(bars: dict[str, "array[float]"], folder: Path, guarded: bool, count: int) -> dict[str, float]:
    """Seconds from the first part that is given to workers who have begun and compiled to the last that they give."""
    program()
    from services.trading.sweep.ground import Ground
    from services.trading.sweep.local import workers
    from services.trading.sweep.part import Part

    grid, size = grid_over(guarded, SPANS), -(-len(combinations()) // (4 * count))
    parts = [Part(grid, start, min(start + size, len(grid))) for start in range(0, len(grid), size)]
    told: dict[str, float] = {}
    with workers(count, Ground(bars_of(bars)), folder / "compiled") as submit:
        for waits in [submit(part) for part in parts]:
            waits.result()
        with measured(told):
            for waits in [submit(part) for part in parts]:
                waits.result()
    return told


def by_sizes(bars: dict[str, "array[float]"], folder: Path, guarded: bool, times: int) -> dict[str, float]:
    """CPU seconds by how many bars times combinations, each ten times the one before; the last two over more bars.

    With ``times`` 1 a few show that it runs.
    """
    program()
    from services.trading.sweep.ground import Ground
    from services.trading.sweep.part import Part, run_part
    from services.trading.sweep.warming import warm

    warm(folder / "compiled")
    grid, told = grid_over(guarded, MANY), {}
    run_part(Part(grid, 0, 9), Ground(bars_of({name: column[:WARM_BARS] for name, column in bars.items()})))
    sizes = ((100, 1), (1_000, 1), (1_000, times), (10_000, times)) if times > 1 else ((40, 1), (400, 1))
    for number, over in sizes:
        ground, took = Ground(bars_of(bars, over)), {}
        with measured(took):
            for start in range(0, number, PART):
                run_part(Part(grid, start, min(start + PART, number)), ground)
        told[str(number * over * len(bars["closes"]))] = took["cpu"]
    return told


def by_vectorbt(bars: dict[str, "array[float]"], folder: Path, guarded: bool, chunk: int) -> dict[str, float]:
    import numpy as np
    import pandas as pd
    import vectorbt as vbt

    series = {name: np.frombuffer(column) for name, column in bars.items()}
    mean = vbt.generic.nb.ewm_mean_1d_nb

    def run(part: list[tuple[int, int, int]], opens: Any, highs: Any, lows: Any, closes: Any) -> tuple[Any, list[Any]]:
        spans = {span for fast, slow, _ in part for span in (fast, slow)}
        means = {span: mean(closes, span, 0, False) for span in spans}
        histogram = np.empty((len(closes), len(part)))
        for column, (fast, slow, signal) in enumerate(part):
            line = means[fast] - means[slow]
            histogram[:, column] = line - mean(line, signal, 0, False)
        ups, downs = np.zeros(histogram.shape, dtype=bool), np.zeros(histogram.shape, dtype=bool)
        ups[1:] = (histogram[1:] > 0) & (histogram[:-1] <= 0)
        downs[1:] = (histogram[1:] < 0) & (histogram[:-1] >= 0)
        ups[-1] = downs[-1] = False  # what the last bar decides is not filled
        for column, (_, slow, signal) in enumerate(part):
            ups[: slow + signal - 1, column] = downs[: slow + signal - 1, column] = False
        within = {}
        if guarded:
            within = {"open": pd.Series(opens), "high": pd.Series(highs), "low": pd.Series(lows)}
            within |= {"sl_stop": STOP / 100, "tp_stop": TARGET / 100}
        portfolio = vbt.Portfolio.from_signals(
            pd.Series(closes), ups, downs, init_cash=CAPITAL, fees=FEE / 100, freq="1min", **within
        )
        return portfolio, [
            portfolio.total_return().to_numpy(), -portfolio.max_drawdown().to_numpy(),
            portfolio.sharpe_ratio().to_numpy(), portfolio.trades.closed.count().to_numpy(),
            portfolio.final_value().to_numpy(),
        ]  # fmt: skip

    every = combinations()
    run(every[:2], *(column[:WARM_BARS] for column in series.values()))
    told: dict[str, float] = {}
    with measured(told):
        for start in range(0, len(every), chunk):
            run(every[start : start + chunk], *series.values())
    for start in range(0, len(every), chunk):
        portfolio, statistics = run(every[start : start + chunk], *series.values())
        records = portfolio.orders.values
        for column in range(len(every[start : start + chunk])):
            own = records[records["col"] == column]
            fills = [(row["idx"], 1 - 2 * row["side"], row["size"], row["price"]) for row in own]
            leave(folder, "vectorbt", start + column, fills, [float(each[column]) for each in statistics])
    return told


def leave(folder: Path, side: str, number: int, fills: Any, statistics: list[float]) -> None:
    """Write down what one combination did: rows of bar, side, quantity and price, and its statistics."""
    rows = array("d", [float(each) for fill in fills for each in fill[:4]])
    (folder / f"{side}-{number}.fills").write_bytes(rows.tobytes())
    (folder / f"{side}-{number}.statistics").write_bytes(array("d", map(float, statistics)).tobytes())


if __name__ == "__main__":
    main()
