"""A plug-in is repaired while its bot holds: what is held is judged by the version that opened it, until it is flat."""

import hashlib
import json
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.process import ConfigurationFault
from services.core.yamlfile import parse_model
from services.trading.candles.moments import microseconds_of
from services.trading.live.decided_by import DecidedBy
from services.trading.plugins.kept import KeptVersions
from services.trading.plugins.series import PluginTerms
from services.trading.strategy import Strategy
from tests.support.bar_world import BarWorld
from tests.support.strategies import strategy_text

FOREIGN = strategy_text(
    macd=None, entry=None, enter=0.5, exit=-0.5,
    terms={"mine": {"kind": "plugin", "file": "mine.py", "weight": 1, "looks_back": 10, "deadline": "30s"}},
)  # fmt: skip
BUYS, SELLS = (f"def term(bars):\n    return [{said}] * len(bars.closes)\n" for said in ("1.0", "-1.0"))
BUYS_ON = BUYS + "# and goes on\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Repaired:
    """A bot, its plug-in's file, and the versions of it that a person has approved."""

    def __init__(self, world: BarWorld, root: Path) -> None:
        self.world, self.folder = world, root / "plugins"
        self.folder.mkdir()
        self.approved = {sha(text) for text in (BUYS, SELLS, BUYS_ON)}
        self.kept = KeptVersions(root / "kept")
        terms = PluginTerms(self.folder, root / "cache", self._approved, SystemClock(), self.kept)
        world.parts["plugins"] = terms
        world.candles = world.candles[: world.first + 25]
        self.strategy = root / "strategy.yaml"
        self.strategy.write_text(FOREIGN, encoding="utf-8")

    def _approved(self, file: str) -> str:
        version = hashlib.sha256((self.folder / file).read_bytes()).hexdigest()
        if version not in self.approved:
            raise UserError("you have not approved this version of the plug-in", file, "The Inbox asks")
        return version

    def write(self, text: str) -> None:
        (self.folder / "mine.py").write_text(text, encoding="utf-8")

    def write_at(self, bar: int, text: str) -> None:
        """The file is changed while the bot runs, so many bars after the first."""
        go_on = self.world.pause_for

        def pause_for(timeout: float) -> None:
            if self.world.index == self.world.first + bar:
                self.write(text)
            go_on(timeout)

        self.world.pause_for = pause_for  # type: ignore[method-assign]

    def trade(self, beats: int | None = None) -> None:
        self.world.end_after = beats
        self.world.trade(str(self.strategy))

    def bought(self) -> None:
        """By the first version; then the program is ended."""
        self.write(BUYS)
        self.trade(30)
        assert self.holds
        self.world.floor.restart()

    @property
    def holds(self) -> bool:
        return self.world.floor.desk.book.holding("live", self.world.symbol).opened

    @property
    def opened_by(self) -> str:
        """The version that opened what is held."""
        asked = self.world.floor.desk.book.opened_by("live", self.world.symbol)
        assert asked is not None
        return str(json.loads(asked.terms)["plugins"]["mine.py"])

    @property
    def sides(self) -> list[str]:
        return ["buy" if each.order.buys else "sell" for each in self.world.floor.venue.engine.ledger.trades]


@pytest.fixture
def bot(world: BarWorld, tmp_path: Path) -> Repaired:
    return Repaired(world, tmp_path)


def test_what_is_held_is_not_sold_by_a_version_that_was_approved_while_the_bot_was_off(bot: Repaired) -> None:
    bot.bought()
    bot.write(SELLS)
    bot.trade()
    assert bot.holds
    assert bot.opened_by == sha(BUYS)


def test_nor_by_one_that_was_approved_while_it_ran(bot: Repaired) -> None:
    bot.write(BUYS)
    bot.write_at(12, SELLS)
    bot.trade()
    assert bot.holds
    assert bot.sides == ["buy"]
    assert bot.opened_by == sha(BUYS)


def test_the_bar_at_which_a_repair_is_seen_still_leaves_by_the_version_that_opened_it(bot: Repaired) -> None:
    leaves_at = microseconds_of(bot.world.candles[bot.world.first + 13].time)
    leaves = f"def term(bars):\n    return [-1.0 if time == {leaves_at} else 1.0 for time in bars.times]\n"
    bot.approved.add(sha(leaves))
    bot.write(leaves)
    bot.write_at(13, SELLS)
    bot.trade()
    assert bot.sides == ["buy", "sell"]


def test_a_version_that_waits_for_approval_ends_no_bot_that_holds_and_lets_it_enter_nothing_once_it_is_flat(
    bot: Repaired,
) -> None:
    bot.bought()
    bot.write(BUYS + "# nobody has approved this\n")
    bot.trade(30)
    assert bot.holds
    bot.world.floor.restart()
    bot.world.floor.desk.leave("live", bot.world.symbol, "a person", "closed")
    with pytest.raises(ConfigurationFault, match="you have not approved this version"):
        bot.trade()
    assert bot.sides == ["buy", "sell"]


def test_the_new_version_counts_from_the_next_entry_on(bot: Repaired) -> None:
    bot.bought()
    bot.write(BUYS_ON)
    bot.world.floor.desk.leave("live", bot.world.symbol, "a person", "closed")
    bot.trade()
    assert bot.sides == ["buy", "sell", "buy"]
    assert bot.opened_by == sha(BUYS_ON)


def test_one_that_holds_nothing_goes_on_with_the_new_version_at_the_next_bar(bot: Repaired) -> None:
    bot.write(SELLS)
    bot.write_at(8, BUYS)
    bot.trade()
    assert bot.sides == ["buy"]
    assert bot.opened_by == sha(BUYS)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text(SELLS)])
def test_where_the_version_cannot_be_had_any_more_it_holds_and_tells_a_person(bot: Repaired, harm) -> None:
    bot.bought()
    bot.write(SELLS)
    harm(bot.kept.path(sha(BUYS)))
    bot.trade(60)
    assert bot.holds
    assert bot.sides == ["buy"]
    told = "was opened by a version of mine.py that is not kept any more, so its score leaves nothing: 'close live'"
    assert any(told in waits for waits in bot.world.waits)


def test_no_version_is_bought_by_that_cannot_be_kept(bot: Repaired) -> None:
    bot.kept.folder.write_text("a file stands in the way")
    bot.write(BUYS)
    with pytest.raises(ConfigurationFault, match="a copy cannot be kept"):
        bot.trade()
    assert bot.sides == []


def test_what_decided_is_read_as_it_was_written_and_an_older_ledgers_entry_is_judged_by_the_versions_of_today() -> None:
    strategy = parse_model(FOREIGN, Strategy, "test.yaml")
    written = DecidedBy(strategy, {"mine.py": sha(BUYS)})
    assert DecidedBy.from_json(written.to_json()) == written
    older = DecidedBy.from_json(strategy.to_json())
    assert older is not None
    assert older.is_as(written)
    assert not DecidedBy(strategy, {"mine.py": sha(SELLS)}).is_as(written)
