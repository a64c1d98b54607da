"""Orders and fills with their reasons."""

from __future__ import annotations

from widgets.parts.status import Status
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.states.trading.orders import OrderLine

_SIDES = {"Buy": "ok", "Sell": "bad"}
_STATES = {"Not placed": Status.IDLE, "Unknown": Status.WARN, "Open": Status.INFO}

COLUMNS = (
    Column[OrderLine]("when", "Time", lambda line: Cell(line.when, "tx1", mono=True, tip=line.exactly), 112, least=80),
    Column[OrderLine](
        "candle",
        "Candle",
        lambda line: Cell(line.bar, "tx2", mono=True, tip=line.exactly),
        110,
        tip="Open of the bar that decided; Enter shows it in the chart",
        leaves_below=780,
    ),
    Column[OrderLine]("side", "Side", lambda line: Cell(line.side, _SIDES.get(line.side, "tx1")), 52),
    Column[OrderLine](
        "amount", "Amount", lambda line: Cell(line.amount), 118, align="right", leaves_below=430, least=104
    ),
    Column[OrderLine]("price", "Price", lambda line: Cell(line.price, tip=_fee(line)), 134, align="right", least=128),
    Column[OrderLine](
        "fee", "Fee", lambda line: Cell(line.fee, "tx1"), 118, align="right", leaves_below=740, least=110
    ),
    Column[OrderLine](
        "state", "State", lambda line: Cell(line.state, "tx1", _STATES.get(line.state, Status.OK)), 96, least=88
    ),
    Column[OrderLine](
        "why", "Why", lambda line: Cell(line.why, "tx1", tip=line.tip or line.why), 180, stretch=True, least=120
    ),
)


def _fee(line: OrderLine) -> str:
    """For where its column has no room."""
    return f"Fee {line.fee}" if line.fee != "—" else ""


def orders_table() -> Table:
    table = Table(RowsModel(COLUMNS, key=lambda line: line.id), name="Orders and fills", dense=True)
    table.nothing = "No order in this session yet"
    return table
