"""The emergency stop as the window gives it: asked once, told at once, and followed until nothing of ours is left."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QMessageBox

from app.runtime.desk.remaining import is_over, what_remains
from services.core.effects import Refused
from services.orchestrator.commands import StopService
from widgets.parts.status import Status

if TYPE_CHECKING:
    from app.runtime.desk.front import Front

LOOK_AGAIN_MS = 3_000
"""How long until the account is asked anew what is still to do."""
PATIENCE_MS = 6_000
"""How long the account's first answer is waited for before a person is told that there is another way."""
_WITHOUT_US = "'dreamscape stop-trading' does it without the program"


class Stopping(QObject):
    """Every trading process ends and is held; the exchange account, where one is kept, is brought to rest."""

    told = pyqtSignal(str)
    """What was told in the window, for who shows it where the window is hidden."""

    def __init__(self, desk: Front) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._last = ""
        self._silence = QTimer(desk.window)  # what is told in the window is not told without it
        self._silence.setSingleShot(True)
        self._silence.setInterval(PATIENCE_MS)
        self._silence.timeout.connect(lambda: self._tell(f"The account has not answered yet; {_WITHOUT_US}"))
        self._again = QTimer(desk.window)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look)
        self.question: QMessageBox | None = None
        """The one that is asked now."""

    @property
    def kept(self) -> bool:
        """Whether there is an exchange account to bring to rest."""
        return self._desk.up and self._desk.program.door is not None

    def wanted(self, by: str = "the window's button") -> None:
        """On paper it is done at once, for it can be taken back; what sells at an exchange is asked for once."""
        if self.kept:
            self.ask(by)
        else:
            self.stop(by)

    def ask(self, by: str) -> None:
        """Ask once; a second wish while the question stands shows it again."""
        if self.question is None:
            self.question = self._question()
            self.question.finished.connect(lambda _how: self._answered(by))
        self.question.open()
        self.question.raise_()
        self.question.activateWindow()

    def stop(self, by: str) -> None:
        """Without asking."""
        kept = self.kept
        if kept:
            from services.trading.desk.commands import StopAccount

            self._desk.dispatch(StopAccount(by), of_now=True, then=self._answer)
            self._silence.start()
        if self._desk.dispatch(StopService("trading"), of_now=True):
            told = "Every trading process is asked to end, and paused until you resume it"
            closing = "; the account is asked to cancel our orders and to sell our positions" if kept else ""
            self._tell(told + closing)

    def _question(self) -> QMessageBox:
        box = QMessageBox(self._desk.window)
        box.setWindowTitle("Stop trading")
        box.setText("Stop all trading now?")
        sold = " Our open orders are cancelled and our positions sold at the exchange; yours are left alone."
        paper = "Every trading process is ended, and paused until you resume it."
        box.setInformativeText(paper + (sold if self.kept else ""))
        self._sure = box.addButton("Stop trading", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Leave it as it is", QMessageBox.ButtonRole.RejectRole)
        return box

    def _answered(self, by: str) -> None:
        box, self.question = self.question, None
        if box is not None:
            box.deleteLater()
            if box.clickedButton() is self._sure:
                self.stop(by)

    def _answer(self, stopped: Future[Any]) -> None:
        """From whatever thread; what failed is told as of any command."""
        if stopped.exception():
            self._desk.hand_over(self._follow, "")
            return
        follow = self._end if is_over(stopped.result()) else self._follow
        self._desk.hand_over(follow, what_remains(stopped.result()))

    def _end(self, told: str) -> None:
        """Nothing is left to do: tell that, once."""
        self._follow(told)
        self._again.stop()
        self._last = ""

    def _follow(self, told: str) -> None:
        """Tell what is new; look again as long as something remains. Without words it was refused, and that is told."""
        self._silence.stop()
        if told and told != self._last:
            self._last = told
            self._tell(told)
        if told:
            self._again.start(LOOK_AGAIN_MS)
        else:
            self._last = ""

    def _look(self) -> None:
        door = self._desk.program.door
        if door is None:
            return
        from services.trading.desk.commands import stopped

        try:
            asked = door.hand(stopped)
        except Refused as no:
            self._tell(f"Nobody can tell what remains: {no}; {_WITHOUT_US}")
            return
        asked.add_done_callback(self._answer)

    def _tell(self, text: str) -> None:
        self._desk.tell(text, Status.WARN)
        self.told.emit(text)
