"""A shadow run of a strategy that decides by posts and by plug-ins too: both trade as their backtests with the same."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.process import ConfigurationFault
from services.orchestrator.definitions.plugin_files import digest
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.generated import generate
from services.trading.learning.events import ShadowTrade
from services.trading.learning.parameters import varied
from services.trading.learning.shadow import ShadowState
from services.trading.learning.shadow_live import LiveShadowTrader
from services.trading.learning.shadow_process import ShadowTrader
from services.trading.plugins.approved import Versions
from services.trading.plugins.series import PluginTerms
from services.trading.social.post import Posts, in_order
from services.trading.strategy import Strategy
from tests.support.candles import BAR, save_candles
from tests.support.host import MemoryHost, told
from tests.support.paper_world import PaperWorld
from tests.support.posts import Recording, chatter, posts_of, save_posts
from tests.support.strategies import strategy_text, strategy_with

SURF = "def term(bars):\n    return [0.0] + [1.0 if b > a else -1.0 for a, b in zip(bars.closes, bars.closes[1:])]\n"
STUCK = "def term(bars):\n    while True:\n        pass\n"
KNOWN, COUNT = 300, 800
"""Bars that the challenger was chosen on, and all."""
CHANGED = {"terms.level.window": 3, "terms.surf.weight": 2.0}


def changes(deadline: str = "30s", data: str = "m.csv") -> dict[str, Any]:
    surf = {"kind": "plugin", "file": "surf.py", "looks_back": 1, "deadline": deadline}
    level = {"kind": "sentiment", "window": 6, "full": 0.5}
    own = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "social_alone": True, "data": data}
    return {**own, "terms": {"level": level, "surf": surf}}


@pytest.fixture(scope="module")
def candles() -> tuple[Candle, ...]:
    return generate(BAR, 1e-8, COUNT)


@pytest.fixture(scope="module")
def posts(candles: tuple[Candle, ...]) -> Posts:
    return posts_of(in_order(chatter(candles, Random(3))))


@pytest.fixture
def folder(tmp_path: Path, candles: tuple[Candle, ...], posts: Posts) -> Path:
    save_candles(tmp_path / "m.csv", candles)
    save_posts(tmp_path / "p.jsonl", posts.rows)  # type: ignore[arg-type]
    return plugged(tmp_path, SURF)


def plugged(folder: Path, source: str, **more: Any) -> Path:
    (folder / "surf.py").write_text(source)
    (folder / "bot.yaml").write_text(strategy_text(**changes(**more)))
    return folder


def given(folder: Path, candles: Sequence[Candle]) -> dict[str, Any]:
    known = {"until": candles[KNOWN - 1].time.isoformat(), "windows": 4, "trials": str(folder / "trials.db")}
    approved = {"surf.py": digest((folder / "surf.py").read_bytes())}
    plug_ins = {"plugins": str(folder), "approved": approved, "cache": str(folder / "terms")}
    told = {"strategy": str(folder / "bot.yaml"), "challenger": CHANGED, "data": str(folder), "embargo": 20}
    return {**told, **known, **plug_ins, "posts": str(folder / "p.jsonl")}


def terms(folder: Path) -> PluginTerms:
    sha = digest((folder / "surf.py").read_bytes())
    return PluginTerms(folder, folder / "other terms", Versions({"surf.py": sha}), SystemClock())


def backtested(strategy: Strategy, folder: Path, bars: Bars, posts: Posts, first: int) -> list[tuple[float, object]]:
    """The closed trades of a backtest that begins with the bar of that number: profit, and the bar they ended in."""
    series = terms(folder).series(strategy, bars)
    fills = Backtest(strategy, posts, series=series, warm=first).run(bars, "same bars").fills
    profit, closed = 0.0, []
    for fill in fills:
        profit += fill.cash
        if not fill.position:
            closed.append((pytest.approx(profit), bars.candle(fill.bar).time))
            profit = 0.0
    return closed


def traded(host: MemoryHost, who: str) -> list[tuple[float, object]]:
    return [(trade.profit, trade.candle) for trade in told(host, ShadowTrade) if trade.who == who]


def both() -> Iterator[tuple[str, Strategy]]:
    champion = strategy_with(**changes())
    yield "champion", champion
    yield "challenger", varied(champion, CHANGED)


def test_on_recorded_candles_both_trade_as_their_backtests_with_the_same_posts_and_plug_ins(
    folder: Path, candles: tuple[Candle, ...], posts: Posts
) -> None:
    whole, broken = MemoryHost(), MemoryHost(end_after=200)
    whole.run(ShadowTrader(**given(folder, candles)), "shadow")
    bars = Bars.of(candles)
    for who, strategy in both():
        expected = backtested(strategy, folder, bars, posts, KNOWN + 20)
        assert traded(whole, who) == expected
        assert len(expected) > 10
    assert traded(whole, "champion") != traded(whole, "challenger")
    for _ in range(10):
        broken.run(ShadowTrader(**given(folder, candles)), "shadow")
    assert broken.position == whole.position


def test_where_no_file_is_named_it_hears_its_own_and_else_what_the_home_recorded(
    folder: Path, candles: tuple[Candle, ...], posts: Posts
) -> None:
    class AtHome(ShadowTrader):
        """One whose home is known."""

        def recorded(self) -> Posts | None:
            return posts

    named, home, own = MemoryHost(), MemoryHost(), MemoryHost()
    named.run(ShadowTrader(**given(folder, candles)), "shadow")
    home.run(AtHome(**given(folder, candles) | {"posts": None}), "shadow")
    (folder / "bot.yaml").write_text(strategy_text(**changes(), posts={"recorded": "p.jsonl"}))
    own.run(ShadowTrader(**given(folder, candles) | {"posts": None}), "shadow")
    assert traded(named, "challenger") == traded(home, "challenger") == traded(own, "challenger") != []


@pytest.mark.parametrize(
    ("lacks", "why"),
    [
        ({"posts": None}, "its terms listen to posts, and there are none here"),
        ({"approved": {}}, "no version of this plug-in is approved"),
        ({"approved": None}, r"its plug-ins \(surf\.py\) may not run here"),
    ],
)
def test_what_there_is_not_is_said_before_anything_is_told_to_run(
    folder: Path, candles: tuple[Candle, ...], lacks: dict[str, Any], why: str
) -> None:
    host = MemoryHost()
    with pytest.raises(ConfigurationFault, match=why):
        host.run(ShadowTrader(**given(folder, candles) | lacks), "shadow")
    assert (host.events, host.position) == ([], None)


def test_another_version_of_a_plug_in_begins_another_run(folder: Path, candles: tuple[Candle, ...]) -> None:
    host = MemoryHost(end_after=100)
    host.run(ShadowTrader(**given(folder, candles)), "shadow")
    before = ShadowState.of(host.position)
    plugged(folder, SURF + "# the same, and another file\n")
    host.run(ShadowTrader(**given(folder, candles)), "shadow")
    after = ShadowState.of(host.position)
    assert before is not None
    assert after is not None
    assert before.version != after.version


def live(folder: Path, world: PaperWorld, **more: Any) -> LiveShadowTrader:
    made = LiveShadowTrader(**given(folder, world.candles) | more)
    made.equip(world.markets)
    return made


def test_on_live_bars_posts_are_heard_as_they_come_and_plug_ins_asked_at_each_bar(
    folder: Path, candles: tuple[Candle, ...], posts: Posts
) -> None:
    plugged(folder, SURF, data="live")
    until = KNOWN + 40
    world = PaperWorld(folder, candles[:until], BAR, KNOWN, "0.00000001")
    world.stride = 20.0
    world.parts = {"posts": lambda: Recording(posts.rows, world.clock), "plugins": terms(folder)}
    for beats in (200, None):
        world.end_after = beats
        world.run(live(folder, world), "shadow")
    at = ShadowState.of(world.position)
    assert at is not None
    assert at.first is not None
    bars = Bars.of(candles[:until])
    first = next(index for index, candle in enumerate(candles) if candle.time == at.first)
    for who, strategy in both():
        expected = backtested(strategy, folder, bars, posts, first)
        assert traded(world, who) == expected[: len(traded(world, who))]
        assert len(traded(world, who)) >= max(len(expected) - 1, 3), "the last bar may be under way still"


def test_while_a_plug_in_is_late_both_hold(
    folder: Path, candles: tuple[Candle, ...], posts: Posts, caplog: pytest.LogCaptureFixture
) -> None:
    plugged(folder, STUCK, data="live", deadline="200ms")
    world = PaperWorld(folder, candles[: KNOWN + 4], BAR, KNOWN, "0.00000001")
    world.stride = 20.0
    world.parts = {"posts": lambda: Recording(posts.rows, world.clock), "plugins": terms(folder)}
    world.run(live(folder, world), "shadow")
    at = ShadowState.of(world.position)
    assert at is not None
    assert at.bars >= 2
    assert at.champion.equity == at.challenger.equity == strategy_with().capital
    assert caplog.text.count("terms.surf did not answer within") == 1


def test_on_live_bars_where_nobody_runs_plug_ins_that_is_said(folder: Path, candles: tuple[Candle, ...]) -> None:
    plugged(folder, SURF, data="live")
    world = PaperWorld(folder, candles, BAR, KNOWN, "0.00000001")
    with pytest.raises(ConfigurationFault, match=r"surf\.py: nobody runs plug-ins here"):
        world.run(live(folder, world), "shadow")
    assert (world.events, world.position) == ([], None)
