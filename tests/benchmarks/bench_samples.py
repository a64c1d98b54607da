"""Samples: a hundred thousand a second taken in by four threads, rolled up and written each second, by the real engine.

The cost of one sample stands against the cost of keeping the same number as an event of its own.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measuring import Figure, Report, asked, scratch

from app.engine import Engine, Places
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.core.events import Event
from services.core.samples.files import SECONDS
from services.core.workers import ThreadWorkers

RATE = 100_000
THREADS = 4
METRICS = 50
PULSE = 0.01
"""Seconds between two handfuls of a thread."""


class Ticked(Event, name="bench.ticked"):
    """What a sample would be, were it an event."""

    metric: str
    value: float


def main() -> None:
    report = asked("samples", __doc__)
    repetitions, seconds, events = (1, 1.0, 1_000) if report.quick else (5, 6.2, 20_000)
    taken, written, shares, costs, event_costs = [], [], [], [], []
    with scratch() as folder:
        for turn in range(repetitions):
            with running(folder / str(turn)) as engine:
                idle = idle_share(seconds / 4)
                sent, cpu, wall = feed(engine, seconds)
                taken.append(sent / wall)
                shares.append(100 * (cpu / wall - idle))
                costs.append(1e6 * (cpu - idle * wall) / sent)
                event_costs.append(keep_as_events(engine, events))
                engine.clock.wakeup().wait(1.1)  # the last second is rolled up
                written.append(kept(engine, sent))
    rate = report.side("samples a second taken in", taken, "samples/s")
    share = report.side("processor time beyond idle, of one core", shares, "%")
    cost = report.side("as a sample", costs, "us")
    event_cost = report.side("as an event", event_costs, "us")
    fill_in(report, rate, share, event_cost / cost, min(written))
    report.print()


def fill_in(report: Report, rate: float, share: float, ratio: float, written: float) -> None:
    report.figures = [
        Figure("samples taken in and rolled up", rate, "samples/s", at_least=0.99 * RATE),
        Figure("of them found in the roll-ups on disk", 100 * written, "%", at_least=100),
        Figure("share of one core, feeding threads included", share, "%", at_most=50),
        Figure("an event costs so many samples", ratio, "x"),
    ]


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """The engine as the program runs it, with nothing to supervise."""
    folder.mkdir()
    clock = SystemClock()
    engine = Engine(Places(folder / "store.db", folder / "samples", folder / "backups"), clock, ThreadWorkers(clock))
    engine.open(all_projections())
    engine.assemble(lambda learner, arms, rewards, origin, also: {})
    engine.start(())
    yield engine
    engine.close()


def idle_share(seconds: float) -> float:
    """How much of one core is used while nothing is fed."""
    began, cpu = time.perf_counter(), time.process_time()
    time.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - began)


def feed(engine: Engine, seconds: float) -> tuple[int, float, float]:
    """Put samples at the wanted rate; tells how many, the processor's seconds and the wall's."""
    handful = int(RATE * PULSE / THREADS)
    handfuls = round(seconds / PULSE)
    names = [f"bench.metric:{number}" for number in range(METRICS)]

    def put() -> None:
        due = time.perf_counter()
        for _ in range(handfuls):
            for number in range(handful):
                engine.samples.put(names[number % METRICS], float(number))
            due += PULSE
            time.sleep(max(0.0, due - time.perf_counter()))

    threads = [threading.Thread(target=put) for _ in range(THREADS)]
    began, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return THREADS * handful * handfuls, time.process_time() - cpu, time.perf_counter() - began


def kept(engine: Engine, sent: int) -> float:
    """The part of the samples sent that the roll-ups on disk account for."""
    now = int(time.time())
    return sum(rollup.count for rollup in engine.files.read_all(now - 120, now + 1, SECONDS)) / sent


def keep_as_events(engine: Engine, amount: int) -> float:
    """Microseconds of processor time for each of ``amount`` numbers kept as events."""
    cpu = time.process_time()
    for number in range(amount):
        last = engine.journal.append(Ticked(f"bench.metric:{number % METRICS}", float(number)), source="bench")
    last.result()
    return 1e6 * (time.process_time() - cpu) / amount


if __name__ == "__main__":
    main()
