"""Closing the window asks once: stay in the tray, or quit. Quitting tells what is open."""

from collections.abc import Callable

from PyQt6.QtWidgets import QMenu, QMessageBox, QSystemTrayIcon

from app.program import Program
from services.core.process import ALIVE, PAUSED
from services.orchestrator.history.projections import Processes, ProcessesValue
from widgets.frame.main_window import MainWindow
from widgets.parts.controls.check_box import CheckBox
from widgets.parts.status import Status
from widgets.parts.toast import ToastView
from widgets.theme import app_icon

_READ_FOR_MS = 10_000
"""How long a word beside the tray's icon stands."""


class Closing:
    """Asks, remembers the answer if told to, and keeps the tray."""

    def __init__(
        self,
        window: MainWindow,
        program: Program,
        quit_: Callable[[], None],
        change: Callable[[str, object], None],
        stop_trading: Callable[[], None],
    ) -> None:
        self._window, self._program, self._quit, self._change = window, program, quit_, change
        self._stop_trading = stop_trading
        self._tray: QSystemTrayIcon | None = None
        self.question: QMessageBox | None = None

    def asked(self) -> None:
        """The user closed the window."""
        assert self._program.loaded is not None
        how = self._program.loaded.settings.general.close
        if how == "quit":
            self._quit()
        elif how == "tray":
            self.stay()
        elif self.question is None:
            self._ask()

    def stay(self) -> None:
        """Go on without the window; the tray, or ``dreamscape run``, brings it back."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._show_tray()
        self._window.hide()

    def tell_hidden(self, text: str) -> None:
        """Say it beside the tray's icon where the window, which says it too, is not seen."""
        if self._tray is not None and self._tray.isVisible() and not self._window.isVisible():
            self._tray.showMessage("Dreamscape", text, QSystemTrayIcon.MessageIcon.Warning, _READ_FOR_MS)

    def ending(self) -> None:
        """The end has begun: nothing is asked any more."""
        if self.question is not None:
            self.question.close()
        if self._tray is not None:
            self._tray.hide()
        self._window.setWindowTitle("Dreamscape – ending")
        self._window.show_toast(ToastView("", f"Ending. {self.what_is_open()}", "", Status.WARN))

    def what_is_open(self) -> str:
        """What runs now, for someone about to quit."""
        shown: ProcessesValue = self._program.engine.board.values.get(Processes.name) or ProcessesValue()
        alive = [row.name for row in shown.rows if row.state in ALIVE - PAUSED]
        paused = sum(row.state in PAUSED for row in shown.rows)
        stays = f" {paused} paused, and so they stay." if paused else ""
        if not alive:
            return f"Nothing runs.{stays}"
        return (
            f"{len(alive)} running: {', '.join(alive)}. They are asked to end at their next checkpoint, "
            f"and run again at the next start.{stays}"
        )

    def _ask(self) -> None:
        tray = QSystemTrayIcon.isSystemTrayAvailable()
        back = "" if tray else " There is no tray here: start Dreamscape again to see the window."
        box = QMessageBox(self._window)
        box.setWindowTitle("Close Dreamscape")
        box.setText("Keep running without the window, or quit?")
        box.setInformativeText(self.what_is_open() + back)
        stay = "Stay in the tray" if tray else "Go on without the window"
        self._stay = box.addButton(stay, QMessageBox.ButtonRole.AcceptRole)
        self._leave = box.addButton("Quit", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        self._remember = CheckBox("Do not ask again")
        box.setCheckBox(self._remember)
        box.buttonClicked.connect(self._answered)
        box.finished.connect(self._closed)
        self.question = box
        box.open()

    def _answered(self, button: object) -> None:
        choice = "tray" if button is self._stay else "quit" if button is self._leave else ""
        if choice and self._remember.isChecked():
            self._change("general.close", choice)
        if choice == "tray":
            self.stay()
        elif choice == "quit":
            self._quit()

    def _closed(self) -> None:
        self.question = None

    def _show_tray(self) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(app_icon(), self._window)
            self._tray.setToolTip("Dreamscape")
            self._tray.setContextMenu(self.tray_menu())
            self._tray.activated.connect(self._window.show)
        self._tray.show()

    def tray_menu(self) -> QMenu:
        """What can be done without the window; the brake stands apart from what is pressed without thinking."""
        menu = QMenu(self._window)
        menu.addAction("Show Dreamscape", self._window.show)
        menu.addSeparator()
        menu.addAction("Stop trading…", self._stop_trading)
        menu.addSeparator()
        menu.addAction("Quit", self._quit)
        return menu
