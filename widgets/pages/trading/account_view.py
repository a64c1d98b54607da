"""The exchange account on the page: its mode, what is held, what stands in the book, and the guards that are closed."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.trading.desk.commands import (
    ArmAccount,
    ClosePosition,
    DisarmAccount,
    RearmGuard,
    ReconcileAccount,
    ResolveOrder,
)
from services.trading.desk.glance import AccountGlance, HeldRow, LatchRow, StandingOrder
from widgets.pages.trading.acts import about
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.controls.reason_row import Asking, ReasonRow
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.split import Split
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.table.cells import CellAction
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import dressed
from widgets.parts.text.times import full_time

_MODES = {"active": Status.OK, "reducing": Status.WARN, "halted": Status.BAD}
_CLOSE = CellAction("close", "Close", tip="Sell all of it within the collar")
_REARM = CellAction("rearm", "Re-arm", tip="Open this guard again, with a reason")
_ARRIVED = CellAction("arrived", "Arrived", tip="You have seen it at the exchange")
_LOST = CellAction("lost", "Never arrived", tip="You have looked, and it is not at the exchange")

HELD = (
    Column[HeldRow]("market", "Position", lambda row: Cell(row.market, tip=row.bot), 92, least=84),
    Column[HeldRow](
        "quantity",
        "Amount",
        lambda row: Cell(f"{_short(row.quantity)} {_base(row.market)}", tip=row.quantity),
        136,
        least=134,
        align="right",
        leaves_below=346,
    ),
    Column[HeldRow](
        "stops",
        "Stops",
        lambda row: Cell(_levels(row) or "none", "tx1" if row.stops else "bad", tip=row.stops),
        90,
        stretch=True,
        least=60,
    ),
    Column[HeldRow]("act", "", lambda row: Cell("selling", "tx2") if row.leaving else Cell(actions=(_CLOSE,)), 66),
)
ORDERS = (
    Column[StandingOrder](
        "market", "Order", lambda row: Cell(f"{row.role} {row.market}", tip=row.bot), 130, stretch=True, least=78
    ),
    Column[StandingOrder](
        "side", "Side", lambda row: Cell(row.side, "ok" if row.side == "buy" else "bad"), 46, leaves_below=310
    ),
    Column[StandingOrder](
        "amount",
        "Filled",
        lambda row: Cell(
            f"{_short(row.filled)} of {_short(row.quantity)} {_base(row.market)}", tip=f"since {full_time(row.since)}"
        ),
        130,
        align="right",
        leaves_below=440,
    ),
    Column[StandingOrder]("price", "Price", lambda row: Cell(_priced(row)), 110, align="right", leaves_below=600),
    Column[StandingOrder]("state", "State", lambda row: Cell(row.state, "tx1", tip=row.why), 80, least=70),
    Column[StandingOrder](
        "act", "", lambda row: Cell(actions=(_ARRIVED, _LOST) if row.state == "unknown" else (), tip=row.why), 180
    ),
)
_STATE, _WORD = len(ORDERS) - 2, len(ORDERS) - 1
"""Where a person's word is asked for, it says of the order what its state would."""
GUARDS = (
    Column[LatchRow]("guard", "Guard", lambda row: Cell(row.guard, "tx0", Status.BAD, tip=row.why), 120, stretch=True),
    Column[LatchRow]("scope", "For", lambda row: Cell(row.scope, "tx1"), 80, leaves_below=260),
    Column[LatchRow]("act", "", lambda row: Cell(actions=(_REARM,)), 80),
)


def _short(amount: str) -> str:
    """An exact amount without the noughts that tell nothing."""
    return amount.rstrip("0").rstrip(".") if "." in amount else amount


def _base(market: str) -> str:
    """The currency of an amount."""
    return market.partition("/")[0]


def _priced(row: StandingOrder) -> str:
    """With its currency; an order at market has no price."""
    return f"{_short(row.price)} {row.market.partition('/')[2]}" if row.price else "—"


def _levels(row: HeldRow) -> str:
    """At which prices, with their currency; how much of the position each covers is in the tooltip."""
    if not row.stops:
        return ""
    prices = ", ".join(_short(each.rpartition(" ")[2]) for each in row.stops.split(", "))
    return f"{prices} {row.market.partition('/')[2]}"


def _armed(glance: AccountGlance) -> str:
    money = "play money" if glance.play_money else "real money"
    if not glance.armed:
        return f"not armed, {money}"
    return f"armed: {money}, but nothing is bought: {glance.unarmed}" if glance.unarmed else f"armed: {money}"


class AccountView(QWidget):
    """``command`` is what a person wants done; what cannot be taken back asks first."""

    command = pyqtSignal(object)
    fills_wanted = pyqtSignal()
    """Every trade of ours is wanted in a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Chip("", Status.IDLE)
        self.name = dressed(ElidedLabel(""), "hint", "label")
        self.contact = dressed(ElidedLabel(""), "hint", "label")
        self.arm = ActionButton("Arm…", tip="Allow that real money is traded; asks for a typed word")
        self.reconcile = ActionButton("Reconcile", tip="Bring ledger and exchange to one, now")
        self.export = ActionButton("Export fills…", "quiet", tip="Every trade of ours, as CSV")
        self.held = Table(RowsModel(HELD, key=lambda row: (row.bot, row.market)), name="Positions", dense=True)
        self.orders = Table(RowsModel(ORDERS, key=lambda row: row.id), name="Standing orders", dense=True)
        self.guards = Table(RowsModel(GUARDS, key=lambda row: (row.guard, row.scope)), name="Guards", dense=True)
        self.held.nothing, self.orders.nothing = "No position", "No order stands"
        self._glance: AccountGlance | None = None
        self._can_act = True
        self._none = ""
        self._begun = ""
        """An act that waits until the account is read."""
        self._wanted: Callable[[str], Command] | None = None
        self._asked: ReasonRow | None = None
        self._lay_out()
        self._wire()
        self.show_no_account()
        self._none = ""  # nobody has looked yet

    def show_glance(self, glance: AccountGlance, *, can_act: bool) -> None:
        """The account as its ledger has it now."""
        self._glance, self._can_act, self._none = glance, can_act, ""
        if glance.unasked:
            self.mode.show_text("NOT ASKED", Status.BAD)
        else:
            self.mode.show_text(glance.mode.upper(), _MODES.get(glance.mode, Status.IDLE))
        guards = "" if glance.latches else " · every guard is open"
        armed = f"{glance.name} · {_armed(glance)}{guards}"
        self.name.setText(f"{glance.unasked} · by our ledger {armed}" if glance.unasked else armed)
        told = glance.contact.told if glance.contact is not None else "no program keeps the account now"
        self.contact.setText(f"Exchange: {told}")
        self.arm.show_label("Disarm…" if glance.armed else "Arm…", tip="Buy nothing any more" if glance.armed else "")
        for button in (self.arm, self.reconcile):
            button.setEnabled(can_act)
        self.export.setEnabled(bool(glance.fills))
        self.held.rows.show_rows(glance.held)
        self.orders.rows.show_rows(glance.orders)
        self.guards.rows.show_rows(glance.latches)
        self.guards.setVisible(bool(glance.latches))
        asks = any(row.state == "unknown" for row in glance.orders)
        self.orders.setColumnHidden(_WORD, not asks)
        self.orders.setColumnHidden(_STATE, asks)
        self.faces.show_content()
        if begun := self._begun:
            self.begin(begun)

    def why_not(self, act: str) -> str:
        """Why an act of ``ON_ACCOUNT`` cannot be done now; empty where it can, or nobody has looked yet."""
        if self._glance is None:
            return self._none
        return about(act, self._glance, self._chosen(act)).why_not

    def begin(self, act: str) -> None:
        """What the button or the row's own act does, asking as they do; once the account is read."""
        self._begun = "" if self._glance is not None else act
        if self._glance is None or not self._can_act or self.why_not(act):
            return
        match act:
            case "arm" | "disarm":
                self.arm.click()
            case "reconcile":
                self.reconcile.click()
            case "fills":
                self.export.click()
            case _:
                key = about(act, self._glance, self._chosen(act)).key
                self._act("close" if act == "sell" else act, key)

    def _chosen(self, act: str) -> object:
        table = {"sell": self.held, "rearm": self.guards}.get(act, self.orders)
        return table.current_key

    def show_no_account(self) -> None:
        """The settings name none."""
        self._none = "no exchange account is kept"
        self.show_none("No exchange account", "Everything trades on paper. An exchange and its key go into Settings.")

    def show_none(self, title: str, sentence: str) -> None:
        """There is nothing to show, and why."""
        self._glance, self._begun = None, ""
        self.faces.show_empty(title, sentence)

    def _act(self, action: str, key: object) -> None:
        if not self._can_act:
            return
        match action, key:
            case "close", (str(bot), str(market)):
                self._ask(self._closing(bot, market), "Close", lambda _why: ClosePosition(bot, market), needs=False)
            case "rearm", (str(guard), str(scope)):
                self._ask(
                    f"Why is it safe to open “{guard}” again?", "Re-arm", lambda why: RearmGuard(guard, why, scope)
                )
            case "arrived" | "lost", str(order):
                told = "has it arrived" if action == "arrived" else "has it never arrived"
                self._ask(
                    f"How do you know: {told}?", "Resolve", lambda why: ResolveOrder(order, action == "arrived", why)
                )

    def _closing(self, bot: str, market: str) -> str:
        """What would be sold, where, and whose money that is."""
        glance = self._glance
        rows = glance.held if glance is not None else ()
        held = next((_short(row.quantity) for row in rows if (row.bot, row.market) == (bot, market)), "")
        money = "play money" if glance is not None and glance.play_money else "REAL money"
        return f"Sell all {held} {_base(market)} of {bot} on {market} at the exchange, {money}?"

    def _ask_to_arm(self) -> None:
        if self._glance is not None and self._glance.armed:
            self._ask("Why is it disarmed? What is held stays protected", "Disarm", DisarmAccount, needs=False)
        elif self._glance is not None:
            self._ask(f"Real money: type “{self._glance.to_arm}”", "Arm", ArmAccount)

    def _ask(self, words: str, sure: str, wanted: Callable[[str], Command], *, needs: bool = True) -> None:
        self._leave()
        asking = Asking(words, words, sure, f"{sure} (Enter)", "Leave it as it is (Esc)", required=needs)
        self._wanted = wanted
        self._asked = ReasonRow(self, asking)
        self._asked.given.connect(self._give)
        self._asked.left.connect(self._leave)
        self._column.insertWidget(2, self._asked)
        self._asked.ask()

    def _give(self, reason: str) -> None:
        wanted = self._wanted
        self._leave()
        if wanted is not None:
            self.command.emit(wanted(reason))

    def _leave(self) -> None:
        self._wanted = None
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked = None

    def _wire(self) -> None:
        for table in (self.held, self.orders, self.guards):
            table.acted.connect(self._act)
        self.reconcile.clicked.connect(lambda: self.command.emit(ReconcileAccount()))
        self.arm.clicked.connect(self._ask_to_arm)
        self.export.clicked.connect(lambda: self.fills_wanted.emit())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.mode)
        row.addWidget(self.name, 1)
        row.addWidget(self.export)
        row.addWidget(self.reconcile)
        row.addWidget(self.arm)
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(6)
        self._column.addLayout(row)
        self._column.addWidget(self.contact)
        panes = Split("trading.account", Qt.Orientation.Horizontal)
        self._column.addWidget(panes.fill((self.held, 6), (self.orders, 8), (self.guards, 4)), 1)
        self.faces = Faces(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.faces)
