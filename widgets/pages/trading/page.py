"""The Trading page: a bot's price with its entries and exits, its orders with why, its decision term by term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.projections.views import View
from services.orchestrator.commands import PauseProcess, ResumeProcess
from services.trading.chart.charted import Charted
from services.trading.chart.marked import equity_of, underwater
from services.trading.desk.commands import ClosePosition
from services.trading.desk.glance import AccountGlance
from services.trading.paper.commands import ClosePaper
from widgets.pages.page import Page
from widgets.pages.process_acts import Act, holding
from widgets.pages.trading.account_view import AccountView
from widgets.pages.trading.acts import ACTIONS, ON_ACCOUNT
from widgets.pages.trading.anomalies_table import anomalies_table
from widgets.pages.trading.below import BelowCard
from widgets.pages.trading.equity_charts import EquityCharts
from widgets.pages.trading.header import Header
from widgets.pages.trading.known_candles import KnownCandles, NotKnown
from widgets.pages.trading.learning_card import LearningCard
from widgets.pages.trading.orders_card import orders_table
from widgets.pages.trading.override_card import OverrideCard
from widgets.pages.trading.price_card import PriceCard
from widgets.pages.trading.side import DecisionCard, FactsCard
from widgets.pages.trading.studies import Studies
from widgets.pages.trading.sure_row import SureRow
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.panels.split import Split
from widgets.states.trading.bots import BotState, CandlesAsk, TradingState, trading_state
from widgets.states.trading.closing import NOTHING_HELD, close_told, held_by
from widgets.states.trading.decision import DecisionShown, decision_at
from widgets.states.trading.held import position_of
from widgets.states.trading.learning import learning_of
from widgets.states.trading.orders import OrderLines
from widgets.states.trading.risk import risk_note, risk_rows

_LEAST_SIDE = 262
_PAST = "a past moment is shown"
_NO_TERMS = "The terms of the strategy stand here once its candles are read."
_NO_RISK = "What it holds, what it is worth and what limits it stand here once it trades."


class TradingPage(Page):
    """Reads the same over a past view: candles that had not been taken then are not shown."""

    ACTIONS = ACTIONS
    candles_wanted = pyqtSignal(object)
    """A ``CandlesAsk``, answered by ``show_candles``."""
    fills_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Trading")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._view: View | None = None
        self._state = TradingState((), None)
        self._wanted = ""
        self._candles = KnownCandles(self.candles_wanted.emit)
        self._known: Charted | None = None
        self._pointed = -1
        self._shown_bot = ""
        self._working: dict[str, Act] = {}
        self._lines = OrderLines()
        self.header, self.price = Header(), PriceCard()
        self.override, self.sure = OverrideCard(), SureRow("Close position")
        self.decision, self.risk, self.learning = DecisionCard(), FactsCard("Risk"), LearningCard()
        self.orders, self.anomalies = orders_table(), anomalies_table()
        self.studies, self.account = Studies(self), AccountView()
        self.below = BelowCard(
            {
                "orders": lambda: self.orders,
                "equity": lambda: EquityCharts("trading.equity"),
                "anomalies": lambda: self.anomalies,
                "sweep": lambda: self.studies.sweep,
                "backtest": lambda: self.studies.backtest,
                "account": lambda: self.account,
            }
        )
        self._lay_out()
        self._wire()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if event is not None and not event.spontaneous():
            self.setFocus()  # so that the page's keys count at once

    def refresh(self, view: View) -> None:
        for _ in self.in_parts(view):
            pass

    def in_parts(self, view: View) -> Iterator[None]:
        self._view = view
        self._state = trading_state(view, self._wanted)
        if self._state.chosen is None:
            self._faces.show_empty(
                "No strategy trades yet",
                "A strategy's price, orders, decisions and risk stand here once it runs on paper.",
                (
                    Offer(
                        "add.strategy", "Add a strategy", "primary", tip="Your own copy of a strategy that comes along"
                    ),
                ),
            )
            return
        if self._faces.currentWidget() is not self._faces.content:
            self._faces.show_content()
        self._show(self._state.chosen, view)
        yield
        self._show_rest()

    def set_live(self, live: bool) -> None:
        super().set_live(live)
        if not live:
            self.show_account(None, "")
        if self._view is not None:
            self.refresh(self._view)

    def select(self, what: str) -> None:
        """Show a bot."""
        self._wanted = what
        self._pointed = -1
        self.price.chart.hide_crosshair()
        if self._view is not None:
            self.refresh(self._view)

    def obey(self, action_id: str) -> None:
        chosen = self._state.chosen
        names = [each.name for each in self._state.choices]
        match action_id:
            case "trading.hold" if chosen is not None and self.can_act:
                self._act(holding(chosen.choice.line))
            case "trading.override" if chosen is not None and self.can_act:
                self.override.toggle(chosen)
            case "trading.close" if chosen is not None and self.can_act and (told := close_told(chosen)):
                self.sure.ask(told, held_by(chosen))
            case "trading.next" if chosen is not None:
                self.select(names[(names.index(chosen.choice.name) + 1) % len(names)])
            case "trading.backtest":
                self.below.turn_to("backtest")
                self.studies.begin_backtest()
            case "trading.sweep":
                self.below.turn_to("sweep")
                if not self.studies.has_swept:
                    self.studies.sweep.begin()
            case "trading.promote" | "trading.demote" if self.can_act:
                self.learning.begin(action_id.partition(".")[2])
            case "trading.orders" | "trading.equity" | "trading.anomalies" | "trading.account":
                self.below.turn_to(action_id.partition(".")[2])
            case _ if (act := action_id.partition(".")[2]) in ON_ACCOUNT and self.can_act:
                self.below.turn_to("account")
                self.account.begin(act)

    def why_not(self, action_id: str) -> str:
        act, chosen = action_id.partition(".")[2], self._state.chosen
        if act in ON_ACCOUNT:
            return self._why_not or (self.account.why_not(act) if chosen else "no strategy trades yet")
        if act in ("promote", "demote"):
            return self.learning.why_not(act)
        return NOTHING_HELD if act == "close" and not (chosen and close_told(chosen)) else ""

    def answered(self, command: Command, error: str) -> None:
        self.learning.answered(command, error)
        self.override.answered(command, error)
        self.header.answered(command, error)
        if isinstance(command, PauseProcess | ResumeProcess) and self._working.pop(command.process, None) is not None:
            if error:
                self.header.hold.show_failed("Not done", error)
            elif self._view is not None:
                self.refresh(self._view)

    def ask_again(self) -> None:
        """Ask for the candles once more: nobody could answer before."""
        self._candles.ask_again()
        if self._view is not None:
            self.refresh(self._view)

    def show_candles(self, ask: CandlesAsk, charted: Charted | None, error: str) -> None:
        """What was asked for, or why it cannot be had."""
        self._candles.answer(ask, charted, error)
        if self._view is not None:
            self.refresh(self._view)

    @property
    def at_rest(self) -> bool:
        return not self.studies.busy

    @property
    def shows_account(self) -> bool:
        """Whether somebody looks at it now."""
        return self.isVisible() and self.below.current == "account" and self.can_act

    def show_account(self, glance: AccountGlance | None, error: str) -> None:
        """How it stands now; None where there is none, or why it cannot be read."""
        if not self.can_act:
            self.account.show_none("Of now alone", "The account is read as it is now; go back to now to see it.")
        elif error:
            self.account.show_none("The account cannot be read", error)
        elif glance is not None:
            self.account.show_glance(glance, can_act=True)
        else:
            self.account.show_no_account()

    # Inside

    def _show(self, bot: BotState, view: View) -> None:
        name = bot.choice.name
        if name != self._shown_bot:
            self._shown_bot = name
            self.studies.show_bot(bot)
            self.sure.hide()
            self.override.hide()
        self.header.show_bots(self._state.choices, bot, working=self._working.get(name), why_not=self._why_not)
        self.override.show_bot(bot, can_act=self.can_act)
        if self.sure.isVisible() and not (self.can_act and held_by(bot) == self.sure.about):
            self.sure.leave()  # it has been left meanwhile
        traded = self._show_price(bot)
        self._show_decision()
        self.studies.propose(self._known)
        if traded:
            self._show_risk(bot, view)  # beside the mark of a fill never stands what was held before it

    def _show_rest(self) -> None:
        """What stands around the chart: with it, a candle that trades would be more than one frame has time for."""
        bot, view = self._state.chosen, self._view
        if bot is None or view is None:
            return
        self._show_risk(bot, view)
        strategy = bot.tape.strategy if bot.tape else bot.choice.name
        self.learning.show_learning(learning_of(view, strategy), self._why_not)
        lines = self._lines.of(bot.tape, view.at) if bot.tape else ()
        self.orders.rows.show_rows(lines)
        self.below.show_count("orders", len(lines))
        self._show_anomalies(bot)
        self._show_equity()

    def _show_risk(self, bot: BotState, view: View) -> None:
        rows = risk_rows(bot, self._known, view)
        self.risk.show_rows(rows, "" if rows else _NO_RISK)
        self.risk.show_note(risk_note(view, bot))

    @property
    def _why_not(self) -> str:
        return "" if self.can_act else _PAST

    def _show_price(self, bot: BotState) -> bool:
        """The candles that the bot has taken, or why there are none; tells whether other fills are marked on them."""
        found = self._candles.of(bot)
        self._known = None if isinstance(found, NotKnown) else found
        self.price.show_title(f"Price in {bot.tape.market.partition('/')[2]}" if bot.tape else "Price")
        if isinstance(found, NotKnown):
            self.price.show_failure(found.why) if found.failed else self.price.show_none(found.why)
        elif bot.tape is not None:
            return self.price.show_charted(found, bot.tape)
        return False

    def _show_decision(self) -> None:
        known, bot = self._known, self._state.chosen
        if known is None or bot is None or bot.tape is None:
            self.decision.show_decision(DecisionShown("", (), _NO_TERMS), "")
            return
        held = position_of(bot.tape)
        pointed = 0 <= self._pointed < known.count - 1
        bar = self._pointed if pointed else known.count - 1
        at = datetime.fromtimestamp(known.bars.times[bar] / 1e6, UTC).astimezone()
        told = decision_at(known, bar, holds=held is not None and held.side > 0)
        self.decision.show_decision(told, f"{at.day} {at:%b, %H:%M}" if pointed else "")

    def _show_anomalies(self, bot: BotState) -> None:
        tape = bot.tape
        seen = tuple(each for each in reversed(tape.anomalies) if each.session == tape.session) if tape else ()
        self.anomalies.rows.show_rows(seen)
        self.below.show_count("anomalies", len(seen))
        self.price.show_notes([each.candle for each in reversed(seen)])

    def _show_equity(self) -> None:
        charts, known, bot = self.below.view("equity"), self._known, self._state.chosen
        if self.below.current != "equity" or not isinstance(charts, EquityCharts):
            return
        if known is None or bot is None or bot.tape is None or not bot.tape.complete:
            charts.show_curves((), (), (), "")
            return
        worth = equity_of(known, bot.tape.of_session, bot.tape.capital)
        under = underwater(worth, bot.tape.capital)
        charts.show_curves(known.bars.times, worth, under, bot.tape.market.partition("/")[2])

    def _point(self, bar: int) -> None:
        self._pointed = bar
        self._show_decision()

    def _go_to_candle(self, key: object) -> None:
        """Show the candle of an order or an anomaly."""
        tape = self._state.chosen.tape if self._state.chosen else None
        if tape is None:
            return
        candles: dict[object, datetime] = {row.id: row.candle for row in tape.rows}
        candles |= {seen.id: seen.candle for seen in tape.anomalies}
        if key in candles:
            self.price.chart.go_to(candles[key].timestamp())

    def _act(self, act: Act) -> None:
        chosen = self._state.chosen
        if chosen is None or not self.can_act or chosen.choice.name in self._working:
            return
        self._working[chosen.choice.name] = act
        self.header.hold.show_working()
        self.command.emit(act.command(chosen.choice.name))

    def _close(self) -> None:
        if (chosen := self._state.chosen) is not None and self.can_act:
            self.header.close_button.show_working()
            tape = chosen.tape
            if tape is not None and tape.exchange:
                self.command.emit(ClosePosition(chosen.choice.name, tape.market))
            else:
                self.command.emit(ClosePaper(chosen.choice.name, self.sure.about))

    def _wire(self) -> None:
        self.header.chosen.connect(self.select)
        self.header.act.connect(self._act)
        self.header.override.connect(lambda: self.obey("trading.override"))
        self.header.closing.connect(lambda: self.obey("trading.close"))
        self.sure.sure.connect(self._close)
        for above in (self.sure, self.override):
            above.left.connect(self.setFocus)
        self.override.process_wanted.connect(lambda name: self.go_to.emit("processes", name))
        self.price.pointed.connect(self._point)
        self.below.turned.connect(lambda _name: self._show_equity())
        self._faces.chosen.connect(self.offer)
        for asking in (self.account, self.learning, self.override):
            asking.command.connect(self.command)
        self.account.fills_wanted.connect(self.fills_wanted)
        self.learning.wanted.connect(lambda decision: self.go_to.emit("inbox", decision))
        for table in (self.orders, self.anomalies):
            table.opened.connect(self._go_to_candle)
        self.header.backtest.connect(lambda: self.obey("trading.backtest"))

    def _lay_out(self) -> None:
        side = QWidget()
        cards = QVBoxLayout(side)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        for card in (self.decision, self.risk):
            cards.addWidget(card)
        cards.addWidget(self.learning, 1)  # down to where the card beside it ends
        right = Scrolled(side)
        right.setMinimumWidth(_LEAST_SIDE)
        main = Split("trading.main", Qt.Orientation.Vertical).fill((self.price, 19), (self.below, 10))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for above in (self.header, self.sure, self.override):
            column.addWidget(above)
        column.addWidget(Split("trading", Qt.Orientation.Horizontal).fill((main, 19), (right, 7)), 1)
        self._faces = Faces(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._faces)
