"""Live, terms of posts hear what a backtest hears, and the user's own terms are asked at each bar."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.process import ConfigurationFault
from services.core.yamlfile import parse_model
from services.trading.candles import Bars, Candle
from services.trading.candles.moments import microseconds_of
from services.trading.plugins.series import PluginTerms
from services.trading.social.post import Beat, Row
from services.trading.strategy import Strategy
from tests.support.bar_world import BarWorld
from tests.support.candles import BAR
from tests.support.posts import chatter, posts_of
from tests.support.strategies import strategy_text

MOODY = strategy_text(
    macd=None, entry=None, enter=0.2, exit=-0.2, social_alone=True, stop={"percent": 1},
    terms={"mood": {"kind": "sentiment", "window": 6}, "crowd": {"kind": "post_volume", "weight": 0.3}},
)  # fmt: skip
DEAD, SILENT = range(700, 740), range(800, 830)
"""Bars without any word of a feed, and bars with its beats alone."""
FOREIGN = strategy_text(
    macd=None, entry=None, enter=0.5, exit=-0.5,
    terms={"mine": {"kind": "plugin", "file": "mine.py", "weight": 1, "looks_back": 10, "deadline": "30s"}},
)  # fmt: skip
ZIGZAG = """
def term(bars):
    return [1.0 if later > earlier else -1.0 for earlier, later in zip([0.0, *bars.closes], bars.closes)]
"""


@dataclass
class Journal:
    """Rows that become known as time goes on, as a home's journal records them."""

    world: BarWorld
    rows: Sequence[Row]
    told: int = 0
    locked: int = 0
    """So many of the next questions find it in use."""

    def next(self) -> Sequence[Row]:
        if self.locked:
            self.locked -= 1
            raise UserError("its journal cannot be read: database is locked", "dreamscape.db", "Look who uses it")
        now = microseconds_of(self.world.now())
        known = [row for row in self.rows if row.known_at <= now]
        new, self.told = known[self.told :], len(known)
        return new


@pytest.fixture
def stream(bars: list[Candle]) -> Sequence[Row]:
    begin, length = microseconds_of(bars[0].time), BAR // timedelta(microseconds=1)
    said = [row for row in chatter(bars, Random(3)) if (row.known_at - begin) // length not in {*DEAD, *SILENT}]
    return posts_of([*said, *(Beat(microseconds_of(bars[index].time), "net") for index in SILENT)]).rows


def test_it_trades_by_what_a_backtest_hears(world: BarWorld, tmp_path: Path, stream: Sequence[Row]) -> None:
    world.parts["posts"] = lambda: Journal(world, stream)
    fills = world.lived(MOODY, tmp_path)
    assert len(fills) > 12
    assert fills == world.backtested(MOODY, posts=posts_of(stream))


def test_a_feed_that_is_dead_is_told_from_one_that_is_silent(
    world: BarWorld, tmp_path: Path, stream: Sequence[Row]
) -> None:
    world.parts["posts"], world.RESTARTS = lambda: Journal(world, stream), ()
    world.lived(MOODY, tmp_path)
    told = ["no feed of posts is alive" in doing for doing in world.doings if "live, bars of" in doing]
    assert told == [False, True, False]  # for as long as nothing came, and not while nobody said anything


def test_a_record_that_cannot_be_read_ends_nothing_and_is_read_on(
    world: BarWorld, tmp_path: Path, stream: Sequence[Row]
) -> None:
    world.parts["posts"], world.RESTARTS = lambda: Journal(world, stream, locked=3), ()
    fills = world.lived(MOODY, tmp_path)
    assert any("posts are not heard now" in doing for doing in world.doings)
    assert fills[3:] == world.backtested(MOODY, posts=posts_of(stream))[3:]


@pytest.fixture
def plugins(tmp_path: Path) -> PluginTerms:
    folder = tmp_path / "plugins"
    folder.mkdir()

    def approved(file: str) -> str:
        return hashlib.sha256((folder / file).read_bytes()).hexdigest()

    return PluginTerms(folder, tmp_path / "cache", approved, SystemClock())


def test_a_term_of_a_plugin_is_asked_at_each_bar_and_trades_as_in_a_backtest(
    world: BarWorld, tmp_path: Path, plugins: PluginTerms
) -> None:
    (plugins.folder / "mine.py").write_text(ZIGZAG, encoding="utf-8")
    world.parts["plugins"], world.RESTARTS = plugins, ()
    world.candles = world.candles[: world.first + 25]
    fills = world.lived(FOREIGN, tmp_path)
    series = plugins.series(parse_model(FOREIGN, Strategy, "test.yaml"), Bars.of(world.candles))
    assert len(fills) > 5
    assert fills == world.backtested(FOREIGN, series=series)


def test_while_a_term_of_a_plugin_is_late_the_strategy_holds_and_says_so(
    world: BarWorld, tmp_path: Path, plugins: PluginTerms
) -> None:
    (plugins.folder / "mine.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    world.parts["plugins"], world.RESTARTS = plugins, ()
    world.candles = world.candles[: world.first + 2]
    assert world.lived(FOREIGN.replace("30s", "10ms"), tmp_path) == []
    assert any("terms.mine did not answer within 10 ms, so it holds" in doing for doing in world.doings)


def test_a_term_of_a_plugin_that_fails_ends_the_bot_with_its_words(
    world: BarWorld, tmp_path: Path, plugins: PluginTerms
) -> None:
    (plugins.folder / "mine.py").write_text("def term(bars):\n    return 1 / 0\n", encoding="utf-8")
    world.parts["plugins"], world.RESTARTS = plugins, ()
    with pytest.raises(ConfigurationFault, match="it raised ZeroDivisionError"):
        world.lived(FOREIGN, tmp_path)
