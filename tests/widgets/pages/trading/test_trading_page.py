"""The Trading page over a trader that has really traded for half an hour."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt

from app.runtime.desk.market_desk import _charted
from services.core.projections.projection import Projection
from services.core.words import number_text
from services.orchestrator.commands import PauseProcess, RunAnew, SetParameters
from services.orchestrator.history.projections import Parameter, ParameterOrigin, Processes
from services.trading.chart.charted import Charted
from services.trading.paper.commands import ClosePaper
from services.trading.tape import BotTape, TradingTapes
from tests.support.pages import Moment, with_keys
from widgets.pages.processes.parameters import NOW
from widgets.pages.trading.equity_charts import EquityCharts
from widgets.pages.trading.page import TradingPage
from widgets.parts.table.delegate import told as told_of
from widgets.states.ahead import read_ahead
from widgets.states.trading.bots import CandlesAsk, trading_state
from widgets.states.trading.orders import OrderLines

BOT = "macd-eth-btc"


class AsDefined:
    """A view in which the bot was given its file as a parameter, as every bot outside of tests is."""

    def __init__(self, view: Any, path: Path) -> None:
        self._view, self._path = view, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        found = self._view.value(projection)
        if projection is not Processes:
            return found
        given = (Parameter("strategy", str(self._path), ParameterOrigin.DEFINITION),)
        return replace(found, rows=tuple(replace(r, parameters=given) if r.name == BOT else r for r in found.rows))


class AsKnown:
    """A view with other values of some projections."""

    def __init__(self, view: Any, values: dict[Any, Any]) -> None:
        self._view, self._values = view, values

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        return self._values[projection] if projection in self._values else self._view.value(projection)


@pytest.fixture
def view(household):
    return AsDefined(household.program.engine.view, household.folder / f"{BOT}.yaml")


@pytest.fixture(scope="session")
def candles() -> dict[CandlesAsk, tuple[Charted | None, str]]:
    """What was read once for all tests."""
    return {}


@pytest.fixture
def page(qtbot, view, candles, household) -> TradingPage:
    page = TradingPage()
    qtbot.addWidget(page)
    page.resize(1100, 760)

    def answer(ask: CandlesAsk) -> None:
        if ask not in candles:
            candles[ask] = _charted(ask, household.folder)
        page.show_candles(ask, *candles[ask])

    page.candles_wanted.connect(answer, Qt.ConnectionType.QueuedConnection)
    page.refresh(view)
    qtbot.waitUntil(lambda: page._known is not None, timeout=5000)
    page.show()
    return page


def tape_of(view) -> BotTape:
    (tape,) = view.value(TradingTapes)
    return tape


def test_it_says_which_bot_it_shows_and_that_nothing_of_it_is_live(page):
    assert page.header.title.text() == f"{BOT} · ETH/BTC"
    assert page.header.market.text() == "5m · paper · generated"
    assert page.header.state.text() == "Running"
    assert page.header.file.text().endswith(f"{BOT}.yaml")


def test_no_candle_is_shown_that_the_bot_has_not_taken(page, view):
    bot = trading_state(view, BOT).chosen
    assert bot is not None
    assert 0 < bot.taken < 5760
    assert len(page.price.chart.candles) == bot.taken


def test_every_fill_is_an_order_with_its_reason_and_a_mark_on_the_chart(page, view):
    fills = tape_of(view).of_session
    rows = page.orders.rows
    assert rows.total == len(fills) > 2
    assert all("MACD cross" in rows.cell(rows.index(row, 7)).text for row in range(rows.total))
    assert page.price.chart._marks.marks.times.size == len(fills)


def test_an_order_is_shown_in_the_chart_by_enter(qtbot, page, view):
    row = tape_of(view).of_session[0]
    page.orders.select_key(row.id)
    qtbot.keyClick(page.orders, Qt.Key.Key_Return)
    chart = page.price.chart
    assert chart.candles.times[chart.crosshair_at] == row.candle.timestamp()
    assert page.decision.accessibleName().startswith("Decision at ")


def test_the_decision_is_that_of_the_newest_bar_until_another_is_pointed_at(qtbot, page):
    assert page.decision.accessibleName() == "Decision now"
    assert "MACD cross" in page.decision.facts.accessibleName()
    assert "Buys at +1.00 combined" in page.decision.sentence.text()
    page.price.chart.setFocus()
    qtbot.keyClick(page.price.chart, Qt.Key.Key_Left)
    qtbot.keyClick(page.price.chart, Qt.Key.Key_Left)
    assert page.decision.accessibleName().startswith("Decision at ")
    qtbot.keyClick(page.price.chart, Qt.Key.Key_Escape)
    assert page.decision.accessibleName() == "Decision now"


def test_the_risk_is_told_in_the_money_of_the_market(page):
    told = page.risk.facts.accessibleName()
    assert "Equity" in told
    assert "BTC" in told
    assert "Stop-loss none in the strategy" in told


def test_equity_ends_at_what_the_account_is_worth(page, view):
    page.obey("trading.equity")
    charts = page.below.view("equity")
    assert isinstance(charts, EquityCharts)
    xs, ys = charts.equity.points("equity")
    account = tape_of(view).account
    assert account is not None
    assert len(xs) == len(page.price.chart.candles)
    assert ys[-1] == pytest.approx(account.cash + account.held * page.price.chart.candles.closes[-1])
    assert charts.underwater.points("underwater")[1].max() <= 0
    assert charts.equity.spec.tick(0.98, 2) == "0.98 BTC"


def test_the_bot_is_paused_by_a_key_and_by_its_button(qtbot, page):
    with_keys(page, page.ACTIONS, "trading")
    page.setFocus()
    with qtbot.waitSignal(page.command) as told:
        qtbot.keyClick(page, Qt.Key.Key_Space)
    assert told.args == [PauseProcess(BOT)]
    assert page.header.hold.state == "working"
    page.answered(PauseProcess(BOT), "the program ends")
    assert page.header.hold.state == "failed"


def test_nothing_is_done_in_a_past_moment(qtbot, page):
    page.set_live(False)
    told: list[object] = []
    page.command.connect(told.append)
    page.obey("trading.hold")
    assert told == []
    assert not page.header.hold.isEnabled()


def test_candles_that_cannot_be_read_say_why_and_the_rest_stands(page, view):
    ask = trading_state(view, BOT).chosen.ask
    page.show_candles(ask, None, "the strategy or its candles have changed since this session began")
    assert page.price.faces.currentWidget() is not page.price.chart
    assert page.orders.rows.total > 2
    assert "Equity" in page.risk.facts.accessibleName()


def test_without_a_bot_it_says_how_to_begin(qtbot):
    page = TradingPage()
    qtbot.addWidget(page)
    page.refresh(Moment())
    assert page._faces.currentWidget() is not page._faces.content
    with qtbot.waitSignal(page.offer) as told:
        page._faces.chosen.emit("add.strategy")
    assert told.args == ["add.strategy"]


def test_what_was_unusual_is_listed_noted_on_the_chart_and_led_to(qtbot, page, view):
    seen = [each for each in tape_of(view).anomalies if each.session == tape_of(view).session]
    assert page.anomalies.rows.total == len(seen)
    assert len(page.price.chart._notes.times) == len(seen)
    page.obey("trading.anomalies")
    assert page.below.current == "anomalies"
    if seen:
        page.anomalies.select_key(seen[0].id)
        qtbot.keyClick(page.anomalies, Qt.Key.Key_Return)
        assert page.price.chart.candles.times[page.price.chart.crosshair_at] == seen[0].candle.timestamp()


def test_what_is_equal_costs_no_redrawing(page, view):
    drawn: list[object] = []
    page.price.chart.moved.connect(lambda: drawn.append(None))
    page.refresh(view)
    assert drawn == []


def test_a_page_of_a_past_moment_asks_the_disk_for_nothing_that_was_not_read_ahead(household):
    program = household.program
    from app.wiring.projections import KINDS
    from services.core.projections.views import past_view

    past = past_view(program.engine.projections, program.engine.files, program.clock.now(), KINDS)
    read_ahead(past)
    known = len(past._newest)
    trading_state(past, BOT)
    assert len(past._newest) == known


def test_a_picture_of_it(page, picture, theme):
    assert picture(page, f"trading-{theme}").stat().st_size > 20_000


def test_the_file_is_named_as_the_user_knows_it(view):
    bot = trading_state(view, BOT).chosen
    assert bot is not None
    assert Path(bot.file).name == f"{BOT}.yaml"


def test_every_action_of_the_page_does_something_in_it(page, qtbot):
    for entry in TradingPage.ACTIONS:
        page.obey(entry.id)
    page.obey("trading.account")
    assert page.below.current == "account"
    assert page.account.isVisible()


def test_what_stands_around_the_chart_comes_with_the_frame_after_it(page, view):
    page.orders.rows.show_rows(())
    parts = page.in_parts(view)
    next(parts)
    assert page.orders.rows.total == 0
    assert next(parts, "over") == "over"
    assert page.orders.rows.total > 0


def test_what_a_bot_holds_is_closed_after_a_question_that_says_what_where_and_with_which_money(page, view):
    told: list[Any] = []
    page.command.connect(told.append)
    tape = tape_of(view)
    bought = next(row for row in reversed(tape.rows) if row.held)
    held = tuple(row for row in tape.rows if row.at <= bought.at)
    holding = AsKnown(view, {TradingTapes: (replace(tape, rows=held, ended=False),)})
    page.refresh(holding)
    page.header.close_button.click()
    assert f"Sell all {number_text(bought.held, 6)} ETH of {BOT} on ETH/BTC" in page.sure.told.text()
    assert "Play money" in page.sure.told.text()
    assert told == []
    page.sure.yes.click()
    assert told == [ClosePaper(BOT, f"{tape.session}/{bought.trades}")]
    assert page.hasFocus() or page.window().focusWidget() is page
    page.answered(told[0], "")
    page.obey("trading.close")
    assert page.sure.isVisible()
    flat = AsKnown(view, {TradingTapes: (replace(tape, ended=True),)})
    page.refresh(flat)
    assert not page.sure.isVisible(), "what it asked about is held no more"
    page.obey("trading.close")
    assert not page.sure.isVisible()


def test_an_override_for_now_runs_the_bot_anew_and_one_for_good_counts_from_its_next_run(page, view):
    told: list[Any] = []
    page.command.connect(told.append)
    page.header.override_button.click()
    page.override.parameters.field.setText("speed=5")
    page.override.parameters.set()
    page.answered(told[0], "")
    page.override.parameters.field.setText("speed=5")
    page.override.parameters.span.choose(NOW)
    page.override.parameters.set()
    assert told == [SetParameters(BOT, {"speed": 5}, False), RunAnew(BOT, {"speed": 5})]
    page.override.back.click()
    assert not page.override.isVisible()


def test_each_sum_of_an_order_has_its_currency(view):
    lines = OrderLines().of(tape_of(view), view.at)
    line = next(each for each in lines if each.state == "Filled")
    assert (line.amount[-4:], line.price[-4:], line.fee[-4:]) == (" ETH", " BTC", " BTC")


def test_beside_the_mark_of_an_exit_never_stands_what_was_held_before_it(page, view):
    tape = tape_of(view)
    fills = tape.of_session
    sold = next(place for place in range(len(fills) - 1, 0, -1) if not fills[place].held)
    for count in (sold, sold + 1):
        page.refresh(AsKnown(view, {TradingTapes: (replace(tape, rows=fills[:count]),)}))
        assert page.price.chart._marks.marks.times.size == count
        flat = "Position none" in page.risk.facts.accessibleName()
        assert flat is (count > sold), "at once, not a frame later"


def test_the_marks_of_another_session_are_its_own_however_many_there_were(page, view):
    tape = tape_of(view)
    first, second = tape.of_session[:2], tape.of_session[2:4]
    for rows in (first, second):
        again = tuple(replace(row, session=tape.session) for row in rows)
        page.refresh(AsKnown(view, {TradingTapes: (replace(tape, rows=again),)}))
        assert list(page.price.chart._marks.marks.prices) == [row.price for row in rows]


def test_the_last_card_beside_the_chart_goes_down_to_where_the_one_under_the_chart_ends(page):
    page.resize(1200, 900)
    page.grab()
    foot = [card.mapTo(page, card.rect().bottomLeft()).y() for card in (page.learning, page.below)]
    assert abs(foot[0] - foot[1]) <= 1


def test_a_bot_that_has_not_begun_says_what_will_stand_where(page, view):
    page.refresh(AsKnown(view, {TradingTapes: ()}))
    page._show_rest()
    assert page.price.chart.nothing == "No candle yet: the bot has not begun to trade"
    assert page.price.accessibleName() == "Price"
    assert page.decision._note.text() == ""
    assert "once its candles are read" in page.decision.sentence.text()
    assert "once it trades" in page.risk.sentence.text()
    page.refresh(view)
    page._show_rest()
    assert not page.risk.sentence.isVisible()


@pytest.mark.parametrize("width", [662, 706, 750, 853, 1200])
def test_no_sum_of_an_order_is_cut(page, view, width):
    table = page.orders
    table.setFixedWidth(width)
    table.grab()
    for name in ("amount", "price", "fee"):
        place = [column.id for column in table.rows.columns].index(name)
        for row in range(table.rows.rowCount() if not table.isColumnHidden(place) else 0):
            index = table.rows.index(row, place)
            cell = replace(table.rows.cell(index), tip="")
            assert told_of(cell, table.visualRect(index)) == "", f"{cell.text} is cut at {table.columnWidth(place)} px"


def test_a_figure_of_the_histogram_is_told_in_plain_decimals(page):
    page.price.chart.point_at(len(page.price.chart.candles) - 5)
    said = page.price.chart._readout.text()
    assert "MACD" in said
    assert "e-0" not in said
