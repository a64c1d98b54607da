"""The exchange account for the page that shows it: read from its ledger in a worker, every few seconds while seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PyQt6.QtCore import pyqtBoundSignal

from services.core.errors import UserError
from widgets.parts.status import Status

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QFileDialog

    from app.runtime.desk.desk import Desk
    from services.trading.desk.at_a_glance import Glancing
    from services.trading.desk.glance import AccountGlance

EVERY = 60
"""Beats of the pump between two readings: two seconds."""


@runtime_checkable
class ShowsAccount(Protocol):
    """A page that shows the exchange account."""

    fills_wanted: pyqtBoundSignal
    """Every trade of it is wanted in a file."""

    @property
    def shows_account(self) -> bool:
        """Whether somebody looks at it now."""
        ...

    def show_account(self, glance: AccountGlance | None, error: str) -> None: ...


class Accounts:
    """Reads for one page; one reading at a time."""

    def __init__(self, page: ShowsAccount, desk: Desk) -> None:
        self._page, self._desk = page, desk
        self._beats, self._reading = EVERY, False  # the first one comes at once
        self._glancing: Glancing | None = None
        self.asking: QFileDialog | None = None
        """Where the fills are to go, while that is asked."""
        page.fills_wanted.connect(self._ask_where)

    def beat(self) -> None:
        """Begin a reading where one is due."""
        self._beats += 1
        if self._reading or not self._page.shows_account or self._beats < EVERY:
            return
        self._beats, self._reading = 0, True
        self._desk.program.engine.workers.start("the exchange account", self._read)

    def call_off(self) -> None:
        """A reading ends by itself."""

    def _ask_where(self) -> None:
        """By a dialog that nobody waits for: all else goes on meanwhile."""
        from PyQt6.QtWidgets import QFileDialog

        asking = QFileDialog(self._desk.window, "Export fills", str(Path.home() / "fills.csv"), "CSV (*.csv)")
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setDefaultSuffix("csv")
        asking.fileSelected.connect(self.export)
        asking.finished.connect(asking.deleteLater)
        self.asking = asking
        asking.open()

    def export(self, file: str) -> None:
        """Write the fills there, in a worker; what came of it is told in the corner."""

        def work() -> None:
            told, status = self._exported(Path(file))
            self._desk.hand_over(lambda text: self._desk.tell(text, status), told)

        self._desk.program.engine.workers.start("the fills", work)

    def _exported(self, file: Path) -> tuple[str, Status]:
        """What `fills --csv` prints, into a file. Blocks."""
        from services.core.whole_files import write_whole
        from services.core.words import counted
        from services.trading.desk import shown
        from services.trading.desk.at_a_glance import Glancing

        path = self._ledger()
        if path is None:
            return "Nothing is exported: no exchange account is kept", Status.BAD
        try:
            rows = shown.fills(Glancing(path).book())  # its own: the other thread reads with its
            write_whole(file, shown.as_csv(rows).encode(), sync=False)
        except (UserError, OSError) as mistake:
            return f"The fills were not exported: {mistake}", Status.BAD
        return f"{counted(len(rows), 'fill')} written to {file}", Status.OK

    def _read(self) -> None:
        glance, error = self._told()
        self._desk.hand_over(lambda _text: self._show(glance, error), "")

    def _show(self, glance: AccountGlance | None, error: str) -> None:
        self._reading = False
        self._page.show_account(glance, error)

    def _told(self) -> tuple[AccountGlance | None, str]:
        """None where the settings name no account, or nothing was ever kept of it. Blocks."""
        from app.wiring.account import is_live
        from app.wiring.unprotected import unprotected_bots
        from services.trading.desk.at_a_glance import Glancing, glance_at
        from services.trading.venue.arming import confirmation

        program, path = self._desk.program, self._ledger()
        if program.loaded is None or path is None:
            return None, ""
        trading = program.loaded.settings.trading
        if self._glancing is None or self._glancing.path != path:
            self._glancing = Glancing(path)
        try:
            name = trading.exchange or ""
            bots = unprotected_bots(unit.plan for unit in tuple(program.engine.orchestrator.units.values()))
            contact = program.door.contact() if program.door is not None else None
            glance = glance_at(self._glancing.book(), name, confirmation(name, bots), contact)
            return replace(glance, play_money=not is_live(trading)), ""
        except UserError as mistake:
            return None, str(mistake)

    def _ledger(self) -> Path | None:
        """Of the account that the settings name; None where nothing was ever kept of one."""
        from app.wiring.account import ledger_of

        loaded = self._desk.program.loaded
        return ledger_of(self._desk.program.home, loaded.settings.trading) if loaded is not None else None
