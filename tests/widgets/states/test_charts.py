"""What the notes of Overview's charts tell about their lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.core.process import State
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow
from services.trading.kpis import BotKpis, TradingKpis
from tests.support.manual_clock import START
from tests.support.pages import Moment
from widgets.parts.text.times import clock_time
from widgets.states.charts import money_chart, second_chart
from widgets.states.curves import curve
from widgets.states.tiles import tiles

BEGAN = START - timedelta(minutes=2)


def seen(*bots: BotKpis, at: datetime = START) -> Moment:
    rows = tuple(ProcessRow(each.bot, "trading", State.RUNNING, "", "", BEGAN) for each in bots)
    return Moment({TradingKpis: bots, Processes: ProcessesValue(rows)}, at)


def bot(name: str = "macd", session: int = 1) -> BotKpis:
    anew = (BEGAN,) if session > 1 else ()
    return BotKpis(name, name, "ETH/BTC", "recorded: c.csv", session, equity=1.0, began=BEGAN, anew=anew)


class Sampled(Moment):
    """Whatever was measured stood at 2 until BEGAN, and has gone up by a thousandth a second since, from 1."""

    def first(self, metric: str, seconds: int) -> int | None:
        return int(self.at.timestamp()) - min(seconds, 290)

    def values_before(self, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
        began = BEGAN.timestamp()
        return [2.0 if edge <= began else 1 + (edge - began) / 1000 for edge in edges]


def sampled(*bots: BotKpis) -> Sampled:
    view = seen(*bots)
    return Sampled(view.values, view.at)


def test_a_line_that_jumps_back_is_explained_by_the_replay_that_began_anew() -> None:
    view = seen(bot(session=2))
    told = f", replay 2 since {clock_time(BEGAN, START)}"
    assert money_chart(view).note.endswith(told)
    assert second_chart(view).note.endswith(told)


def test_a_first_replay_and_one_that_began_before_the_window_explain_nothing() -> None:
    for view in (seen(bot()), seen(bot(session=2), at=START + timedelta(days=2))):
        assert "replay" not in money_chart(view).note


def test_of_several_bots_is_told_that_one_began_anew() -> None:
    view = seen(bot("a"), bot("b", 3))
    assert money_chart(view).note.endswith(f", a replay began anew at {clock_time(BEGAN, START)}")


def test_the_line_is_broken_where_a_replay_began_anew() -> None:
    view = sampled(bot(session=2))
    for line in (money_chart(view).lines[0].curve, second_chart(view).lines[0].curve):
        (gap,) = line.breaks
        assert BEGAN.timestamp() <= gap
        assert gap not in line.xs
        assert {y for x, y in zip(line.xs, line.ys, strict=True) if x < gap} == {2.0}
        assert max(y for x, y in zip(line.xs, line.ys, strict=True) if x > gap) < 2
    assert money_chart(sampled(bot())).lines[0].curve.breaks == ()


def test_replays_that_begin_anew_all_the_time_leave_a_line_to_be_seen() -> None:
    often = tuple(START - timedelta(seconds=each) for each in range(1, 250, 2))
    line = curve(sampled(bot()), ["trading.equity:macd"], 300, 240, often)
    assert (line.breaks, len(line.xs)) == ((), 300)


def test_the_result_of_a_replay_that_began_anew_is_not_held_against_the_one_before() -> None:
    tile = next(tile for tile in tiles(sampled(bot(session=2))) if tile.id == "pnl")
    assert (tile.change, tile.direction) == ("0.11", "up"), "since it began, and not down from 2"
    assert None in tile.course


def test_how_a_figure_moved_says_over_what_time() -> None:
    tile = next(tile for tile in tiles(sampled(bot(session=2))) if tile.id == "pnl")
    assert tile.note == "in 2 min · macd"
