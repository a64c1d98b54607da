"""What the notes of Overview's charts tell about their lines."""

from datetime import datetime, timedelta

from services.core.process import State
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow
from services.trading.kpis import BotKpis, TradingKpis
from tests.support.manual_clock import START
from tests.support.pages import Moment
from widgets.parts.text.times import clock_time
from widgets.states.charts import money_chart, second_chart

BEGAN = START - timedelta(minutes=2)


def seen(*bots: BotKpis, at: datetime = START) -> Moment:
    rows = tuple(ProcessRow(each.bot, "trading", State.RUNNING, "", "", BEGAN) for each in bots)
    return Moment({TradingKpis: bots, Processes: ProcessesValue(rows)}, at)


def bot(name: str = "macd", session: int = 1) -> BotKpis:
    return BotKpis(name, name, "ETH/BTC", "recorded: c.csv", session, equity=1.0, began=BEGAN)


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
