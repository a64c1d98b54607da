"""What the user's own terms say at each bar: run once over the bars in a child, kept by their file and their data."""

import hashlib
import json
import math
import os
import sys
import tempfile
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from services.core.clock import Clock
from services.core.durations import format_duration
from services.core.errors import UserError
from services.core.sandbox import CannotStart, Ending, Line, Stream, Tree, scrub
from services.core.whole_files import write_whole
from services.trading.candles import Bars
from services.trading.language.terms import PluginTerm
from services.trading.plugins import child
from services.trading.plugins.kept import KeptVersions
from services.trading.strategy import Strategy

CUTS = 8
"""Prefixes that a term is asked about once more."""
KEPT = 64
"""Series that are kept, the newest."""
_MEND = "Mend the file: a changed one is shown to you and runs once you approve it"


@dataclass(frozen=True)
class Series:
    """By a term's name: its value at each bar, by the bar's open in microseconds; or why it was late."""

    values: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    late: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[str, ...] = ()
    """The SHA-256 of each file."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody must know beside the numbers."""
        return tuple(
            f"{why}: the strategy held, and neither entered nor left by its score" for why in self.late.values()
        )


@dataclass(frozen=True)
class PluginTerms:
    """Runs the files of ``folder``. ``approved`` gives the SHA-256 of the version that may run, or raises.

    Where ``versions`` are told, by file, their copies in ``kept`` are run instead, whatever the files are by now.
    """

    folder: Path
    cache: Path
    approved: Callable[[str], str]
    clock: Clock
    kept: KeptVersions | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def of(self, versions: Mapping[str, str]) -> "PluginTerms":
        """The same, asking these versions; as it is where none are kept."""
        return replace(self, versions=versions) if self.kept is not None else self

    def keep(self, strategy: Strategy) -> dict[str, str]:
        """The versions of its plug-ins that may run now, each kept from here on.

        Raises ``UserError`` for one that is not approved, or cannot be kept.
        """
        told = {file: self.approved(file) for file in plugin_files(strategy)}
        if self.kept is not None:
            for file, version in told.items():
                self.kept.keep(self.folder / file, version)
        return told

    def series(self, strategy: Strategy, bars: Bars, heed: Callable[[], None] = lambda: None) -> Series:
        """What every plug-in term of the strategy says of the bars. Blocks until each has said it, or its deadline;
        ``heed`` is called meanwhile, and may raise to end it.

        Raises ``UserError`` for one that is not approved, that fails, that says no numbers from -1 to 1, and that
        looks ahead.
        """
        values: dict[str, Mapping[int, float]] = {}
        late: dict[str, str] = {}
        versions: list[str] = []
        for name, term in strategy.weighed.items():
            if not isinstance(term, PluginTerm):
                continue
            versions.append(self.versions.get(term.file) or self.approved(term.file))
            said = self._kept_or_run(term, versions[-1], bars, heed)
            if said is None:
                late[name] = f"terms.{name} did not answer within {format_duration(term.patience)}"
            else:
                values[name] = dict(zip(bars.times, said, strict=True))
        return Series(values, late, tuple(versions))

    def _kept_or_run(
        self, term: PluginTerm, version: str, bars: Bars, heed: Callable[[], None]
    ) -> "array[float] | None":
        digest = hashlib.sha256("\n".join((version, term.function, bars.digest)).encode()).hexdigest()
        kept = self.cache / f"{digest}.series"
        if kept.is_file() and kept.stat().st_size == 8 * len(bars):
            return array("d", kept.read_bytes())
        said = self._run(term, version, bars, digest, heed)
        if said is not None:
            self.cache.mkdir(0o700, parents=True, exist_ok=True)
            write_whole(kept, said.tobytes(), sync=False)
            _forget_old(self.cache)
        return said

    def _run(
        self, term: PluginTerm, version: str, bars: Bars, digest: str, heed: Callable[[], None]
    ) -> "array[float] | None":
        path = self._path(term.file)
        with tempfile.TemporaryDirectory(prefix="dreamscape-term-") as scratch:
            given, made = Path(scratch, "bars"), Path(scratch, "series")
            columns = (bars.times, bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)
            given.write_bytes(b"".join(column.tobytes() for column in columns))
            cuts = ",".join(map(str, cuts_of(len(bars), digest)))
            words = (str(path), version, term.function, str(given), str(made), cuts)
            argv = (sys.executable, "-I", child.__file__, *words)
            ending, word = self._follow(argv, scratch, term.patience, path, heed)
            if ending is Ending.DEADLINE:
                return None
            if "refused" in word:
                line = f":{word['line']}" if word["line"] else ""
                raise UserError(f"{term.function}: {word['refused']}", f"{path}{line}", _MEND)
            if "done" not in word:
                raise UserError(f"{term.function}: it ended its interpreter", str(path), _MEND)
            return array("d", made.read_bytes())

    def _path(self, file: str) -> Path:
        version = self.versions.get(file)
        return self.kept.path(version) if version and self.kept is not None else self.folder / file

    def _follow(
        self, argv: tuple[str, ...], scratch: str, deadline: timedelta, path: Path, heed: Callable[[], None]
    ) -> tuple[Ending, dict[str, object]]:
        """Run the child to its end, with nothing of ours in its environment; its last line of JSON is its word."""
        word: dict[str, object] = {}

        def take(line: Line) -> None:
            if line.stream is Stream.ERR and line.text.startswith('{"'):
                word.clear()
                word.update(_decoded(line.text))

        try:
            with Tree(argv, cwd=scratch, env=scrub(os.environ), clock=self.clock) as tree:
                return tree.follow(take, heed, deadline).how, word
        except CannotStart as error:
            raise UserError(str(error), str(path), "Check that this Python can be started") from error


def plugin_files(strategy: Strategy) -> tuple[str, ...]:
    """The files of the plug-ins that its terms are made by."""
    return tuple(term.file for term in strategy.weighed.values() if isinstance(term, PluginTerm))


def require_series(strategy: Strategy, series: Series | None) -> None:
    """Raise ``UserError`` where a term is a plug-in's and nobody has asked it."""
    if series is None and (files := plugin_files(strategy)):
        what = f"its terms of plug-ins ({', '.join(files)}) were not asked here"
        mend = "Run it by 'dreamscape backtest', 'sweep' or 'walk-forward', or take them out"
        raise UserError(what, strategy.name, mend)


def cuts_of(count: int, digest: str) -> tuple[int, ...]:
    """Where the truncation test cuts: spread by chance that the data seeds, and once just before the end."""
    chance = Random(digest)
    return tuple(sorted({chance.randrange(1, count) for _ in range(CUTS - 1)} | {count - 1})) if count > 1 else ()


def value_at(series: Series, name: str, time: int) -> float:
    """NaN, no data, where nothing is said."""
    return series.values.get(name, {}).get(time, math.nan)


def _decoded(text: str) -> dict[str, object]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _forget_old(cache: Path) -> None:
    newest_first = sorted(cache.glob("*.series"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
        path.unlink(missing_ok=True)
