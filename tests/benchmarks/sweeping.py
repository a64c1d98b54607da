"""A sweep that keeps all cores busy until it is ended: ``sweeping.py FOLDER ENGINE``.

From its second line on it is at work. ``ENGINE`` is kernel, or incremental for who has no time to compile. The
processes are those that ``dreamscape sweep`` starts, by the same code, at the priority that it gives them.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from measuring import ROOT  # noqa: F401  puts the house on the path

from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.strategy import Strategy
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.local import workers
from services.trading.sweep.part import INCREMENTAL, KERNEL
from services.trading.sweep.sweep import plan, run

BARS = {KERNEL: 100_000, INCREMENTAL: 2_000}
AXES = ("macd.fast=5:24", "macd.slow=25:124", "macd.signal=3:22", "stop.percent=0.5:5:0.5")
"""400,000 combinations: some minutes on two cores, and nobody waits for the end of it."""


def main() -> None:
    folder, engine, count = Path(sys.argv[1]), sys.argv[2], os.cpu_count() or 1
    fields = {"name": "bench", "timeframe": "1m", "capital": 1000, "macd": {}, "stop": {"percent": 1.0}}
    market = {"symbol": "AAA/BBB", "tick": 1e-8, "step": 1e-8}
    strategy = Strategy.model_validate(fields | {"market": market})
    ground = Ground(Bars.of(generate(strategy.bar, strategy.market.tick, BARS[engine])))
    planned = replace(plan(grid_of(strategy, AXES), ground), engine=engine)

    def told(combinations: int) -> None:
        sys.stdout.write(f"{combinations}\n")
        sys.stdout.flush()

    while True:
        with workers(count, ground, folder / "compiled") as submit:
            run(planned.parts(count), submit, told)


if __name__ == "__main__":
    main()
