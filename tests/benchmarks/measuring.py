"""What all benchmarks share: alternating repetitions, medians, and the one JSON document each of them prints.

A benchmark asserts no time. It measures both sides of a comparison in the same run, by turns, so that whatever else
the machine does meets both alike, and says beside each figure what it is meant to be.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

Side = Callable[[], float]


@dataclass(frozen=True)
class Figure:
    """One number that is promised: at most, or at least, its goal."""

    name: str
    measured: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none and the figure only stands beside others."""
        if self.at_most is not None:
            return self.measured <= self.at_most
        return self.measured >= self.at_least if self.at_least is not None else None

    def told(self) -> dict[str, Any]:
        goal = {name: value for name in ("at_most", "at_least") if (value := getattr(self, name)) is not None}
        return {"name": self.name, "measured": rounded(self.measured), "unit": self.unit, **goal, "met": self.met}


@dataclass
class Report:
    """What a benchmark found; ``told`` is its JSON document."""

    benchmark: str
    quick: bool
    figures: list[Figure] = field(default_factory=list)
    sides: dict[str, Any] = field(default_factory=dict)
    """Every repetition of each side, with its median."""
    note: str = ""
    load_before: tuple[float, ...] = field(default_factory=lambda: load())

    def side(self, name: str, values: Sequence[float], unit: str) -> float:
        """Keep what one side measured; returns its median."""
        middle = statistics.median(values)
        ends = [rounded(min(values)), rounded(max(values))]
        each = [rounded(value) for value in values]
        self.sides[name] = {"median": rounded(middle), "unit": unit, "range": ends, "each": each}
        return middle

    def told(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "quick": self.quick,
            "figures": [figure.told() for figure in self.figures],
            "sides": self.sides,
            "load": {"before": self.load_before, "after": load()},
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
            "note": self.note,
        }

    def print(self) -> None:
        """Put the document on standard output."""
        sys.stdout.write(json.dumps(self.told(), indent=2) + "\n")


def asked(benchmark: str, about: str | None) -> Report:
    """Read the command line and begin a report. ``--quick`` only shows that the benchmark runs."""
    parser = argparse.ArgumentParser(prog=benchmark, description=about)
    parser.add_argument("--quick", action="store_true", help="a smoke run: few repetitions, little data")
    return Report(benchmark, parser.parse_args().quick)


def by_turns(sides: Mapping[str, Side], repetitions: int) -> dict[str, list[float]]:
    """Run each side so often, one after another; each side tells its own measurement."""
    measured: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repetitions):
        for name, side in sides.items():
            measured[name].append(side())
    return measured


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of all stay at or under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def load() -> tuple[float, ...]:
    """The machine's load averages over 1, 5 and 15 minutes; empty where the system tells none."""
    return tuple(round(each, 2) for each in os.getloadavg()) if hasattr(os, "getloadavg") else ()


def memory_mb() -> float:
    """The memory this process holds now (resident), in MB. Only Linux tells it without a further package."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        raise SystemExit("this benchmark measures memory, and knows how on Linux alone")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def folder_mb(folder: Path) -> float:
    """What a folder holds on disk, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the benchmark's files, on the disk that temporary files are on; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dreamscape-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}") if isinstance(value, float) else value
