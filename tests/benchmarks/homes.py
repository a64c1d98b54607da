"""Homes for the benchmarks, with a past in them."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measuring import ROOT  # noqa: F401  puts the house on the path
from week import Week

from app.engine import Engine, Places
from app.paths import Home
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.core.journal import Transaction
from services.core.samples import Rollup
from services.core.samples.files import SampleFiles
from services.core.workers import ThreadWorkers

METRICS = (
    *(f"trading.{name}:trading-{bot}" for name in ("pnl_percent", "equity", "price") for bot in range(6)),
    *(
        f"{name}-{number}"
        for name in ("debugger.tests.passing:debugger", "engagement.sentiment:engagement")
        for number in range(3)
    ),
)
PROCESSES = {
    f"importer-{number}": f"""name: importer-{number}
kind: script
with:
  command: [{sys.executable}, -c, "import time; print('step 1/400', flush=True); time.sleep(600)"]
"""
    for number in range(3)
}


def lived_in(root: Path, *, quick: bool = False) -> Path:
    """A home after an hour: 7,200 events, their snapshots, and an hour of roll-ups of twenty-four metrics."""
    home = Home(root)
    home.create()
    for name, text in PROCESSES.items():
        (home.processes / f"{name}.yaml").write_text(text)
    clock = SystemClock()
    engine = Engine(Places(home.store, home.samples, home.backups), clock, ThreadWorkers(clock))
    engine.open(all_projections())
    length = timedelta(minutes=3 if quick else 60)
    shift = clock.now() - length
    events = list(Week().events(length))

    def tell(tx: Transaction) -> None:
        for at, source, event in events:
            tx.at = shift + (at - events[0][0])
            tx.record(event, source=source)

    engine.journal.write(tell).result()
    engine.ask(lambda: None)
    engine.close()
    files, now = SampleFiles(home.samples), int(datetime.now(UTC).timestamp())
    for second in range(now - int(length.total_seconds()), now, 60):
        rolled = [_rollup(metric, at) for at in range(second, second + 60) for metric in METRICS]
        files.write(rolled, second + 60)
    return root


def _rollup(metric: str, at: int) -> Rollup:
    value = 100.0 + at % 300 / 10
    return Rollup(metric, at, 5, 5 * value, value - 1, value + 1, value)
