"""A backtest on the page: offered, under way with a way out, and its result."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.trading.backtest.ordered import BacktestDone
from widgets.pages.trading.equity_charts import EquityCharts
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import padded
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.error_state import ErrorView
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.panels.split import Split
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.text.labels import text_label
from widgets.parts.text.times import signed
from widgets.states.trading.backtest import TripLine, figure_rows, told_of, trip_lines

RUN = "backtest"

_COLUMNS = (
    Column[TripLine](
        "entry", "Entry", lambda trip: Cell(trip.when, "tx1", mono=True), 104, sort=lambda trip: trip.entry, least=90
    ),
    Column[TripLine](
        "exit",
        "Exit",
        lambda trip: Cell(trip.until, "tx1", mono=True),
        104,
        sort=lambda trip: trip.exit,
        leaves_below=310,
    ),
    Column[TripLine](
        "profit",
        "Profit",
        lambda trip: Cell(f"{signed(trip.percent)}%", "ok" if trip.profit > 0 else "bad"),
        80,
        align="right",
        sort=lambda trip: trip.percent,
        stretch=True,
    ),
)


class BacktestView(QWidget):
    """``run`` is wanted, or ``called_off`` while it is under way."""

    run = pyqtSignal()
    called_off = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = Facts("Figures")
        self.charts = EquityCharts("trading.backtest.curves", Qt.Orientation.Vertical)
        self.trips = Table(RowsModel(_COLUMNS, key=lambda trip: trip.id), name="Trades", dense=True)
        self.trips.nothing = "No trade was closed"
        self.told = text_label("", "hint", "label", wrap=True)
        self.bar = Facts("Progress")
        self.cancel = ActionButton("Cancel", icon_name="close", tip="End it; nothing of it is kept")
        self.faces = Faces(self._result())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._under_way = self._waiting()
        column.addWidget(self._under_way, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.faces, 1)
        self._under_way.hide()
        self.cancel.clicked.connect(self.called_off)
        self.faces.chosen.connect(lambda _offer: self.run.emit())

    def offer(self, bot: str, why_not: str = "") -> None:
        """Nothing has been tested yet."""
        self._is_under_way(False)
        sentence = f"All candles of {bot} in one pass, in another process: figures, equity and every trade."
        again = Offer(RUN, "Run backtest", "primary", "It takes some seconds, and changes nothing", why_not)
        self.faces.show_empty("No backtest yet", sentence, (again,))

    def show_progress(self, part: float) -> None:
        """It is under way; 0 to 1."""
        self.bar.show_facts((Fact("Backtest under way", f"{100 * part:.0f}%", part, bar_role="trading"),))
        self._is_under_way(True)

    def show_done(self, done: BacktestDone) -> None:
        """Its result."""
        self._is_under_way(False)
        rows = figure_rows(done.told)
        self.figures.show_facts(tuple(Fact(row.name, row.value, row.part, row.role) for row in rows))
        self.told.setText(told_of(done.told))
        self.trips.rows.show_rows(trip_lines(done.told))
        quote = str(done.told["conventions"]["market.symbol"]).partition("/")[2]
        self.charts.show_curves(done.times, done.equity, done.underwater, quote)
        self.faces.show_content()

    def show_failure(self, why: str) -> None:
        """It came to nothing."""
        self._is_under_way(False)
        mend = "Mend what it says, and run it again."
        self.faces.show_error(ErrorView("The backtest failed", why, mend, offers=(Offer(RUN, "Run again"),)))

    def _is_under_way(self, under_way: bool) -> None:
        self._under_way.setVisible(under_way)
        self.faces.setVisible(not under_way)

    def _waiting(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 8, 14, 8)
        line.setSpacing(12)
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)
        return row

    def _result(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.figures)
        column.addWidget(self.told)
        column.addStretch(1)
        panes = Split("trading.backtest", Qt.Orientation.Horizontal)
        return panes.fill((Scrolled(padded(body)), 4), (self.charts, 5), (self.trips, 5))
