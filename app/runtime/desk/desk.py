"""The desk: connects the pages with the program. All of it runs on the GUI thread and waits for nothing."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.program import Program
from app.runtime.desk.book import ACTIONS, LOG, OPEN, page_actions, pages, process_command, process_entries
from app.runtime.desk.frame import FrameFacts, moment_of
from app.runtime.desk.journey import Journey
from app.runtime.desk.ledger_reading import AsksForParts, read_part
from app.runtime.desk.page_log import PageLog
from app.runtime.desk.past import Past
from app.runtime.desk.stopping import Stopping
from app.runtime.desk.telling import Telling
from app.runtime.desk.undoing import Undoing
from app.runtime.desk.why_not import why_not, why_nothing
from app.runtime.qt.stalls import GuiWatch
from services.core.commands import Command
from services.core.decisions.commands import SnoozeDecision, WakeDecision
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.effects import Outcome
from services.core.projections.views import PastView, View
from services.orchestrator.commands import PauseProcess, ResumeProcess
from services.orchestrator.history.projections import Processes
from widgets.actions import ActionEntry, ActionRegistry, ChangeEntry
from widgets.frame.main_window import MainWindow
from widgets.frame.past_bar import BACK_TO_NOW
from widgets.frame_pump import FramePump, Sink
from widgets.pages.page import Page
from widgets.parts.status import Status
from widgets.parts.text.times import clock_time
from widgets.parts.toast import Offered
from widgets.states.process_lines import process_lines

log = logging.getLogger(__name__)
FRAME_EVERY = 15
"""Beats of the pump between two views of the frame: twice a second."""
_OVER = object()


class Desk(QObject):
    """Refreshes the visible page, dispatches its commands, and takes it back in time."""

    _handed = pyqtSignal(object, str)
    _done = pyqtSignal(object, str)
    """A command and why it failed; told by whatever thread, heard by the window's."""
    _unhandled = pyqtSignal(str)
    page_built = pyqtSignal(str, object)
    wants = pyqtSignal(str)
    """Actions that concern the whole program: quit, themes, forms."""

    def __init__(self, program: Program, window: MainWindow) -> None:
        super().__init__()
        self.program = program
        self.window = window
        self.pump = FramePump(self)
        self.actions = ActionRegistry(self)
        self.actions.add(*ACTIONS)
        self.actions.offer_also(
            lambda: process_entries(process_lines(self.view), program.developing, self._why_nothing())
        )
        self.actions.why_not = self._why_not
        self.pages: dict[str, Page] = {}
        self.past: PastView | None = None
        self._journey = Journey(program, self._set_past, self)
        self.up = False
        """Whether the program has come up behind the pages; until then they show what was known last."""
        self.log = PageLog(program, self.pump, self.pages)
        self._frame = FrameFacts(program, self.pump)
        self._seen: tuple[Any, ...] = ()
        self._parts: Iterator[None] | None = None
        """What is still to be shown of the refresh under way."""
        self._beats = 0
        self._telling = Telling(window)
        self.undoing = Undoing(self)
        self.stopping = Stopping(self)
        self.each_beat: list[Callable[[], None]] = []
        self.each_frame: list[Callable[[], None]] = []
        self._done.connect(self._answered)
        self._handed.connect(self._call)
        self._unhandled.connect(self._tell_unhandled)

    def open(self, last: PastView | None = None) -> None:
        """Fill the window with its pages and begin to beat.

        With ``last``, what was known last, the program is still coming up; ``go_live`` follows when it has.
        """
        self.past, self.up = last, last is None
        self.actions.hold_changes(last is not None)
        self.entries = pages(self._make)
        self.window.fill(self.entries, self.actions)
        self.actions.add(*page_actions())
        self.window.command.connect(self.obey)
        self.window.page_shown.connect(self._page_shown)
        self.window.offer_taken.connect(self._telling.take)
        self.pump.add(_Beat(self.beat))
        self.log.start()
        if self.up:
            self.log.recall()
        self.show_frame()
        self.pump.start()

    def watched_by(self, watch: GuiWatch) -> None:
        """Beat for who looks whether the window keeps up, and show what was seen."""
        self._frame.watch = watch
        self.each_beat.append(lambda: watch.beat(seen=self.window.is_seen))

    def go_live(self) -> None:
        """The program has come up: show what is so now."""
        if self.up:
            return
        self.up = True
        for name, page in self.pages.items():  # for those who could not look after a page before
            self.page_built.emit(name, page)
        if self.window.dashboard is not None:
            self.window.page_shown.emit(self.window.dashboard.pages.current_id)
        self._set_past(None)
        self.show_frame()
        self.log.recall()

    def show_as_left(self, past: Past | None) -> None:
        """Nothing runs: show what was known last as the past moment that it is, and say in the frame that none does."""
        self._frame.running = False
        self._set_past(replace(past, view=replace(past.view, left=True)) if past else None)

    def tell_starting(self) -> None:
        """Something is not done: what would wait in memory for the store to open could be lost with the program."""
        self.tell("Not done: Dreamscape is still starting. Try again in a moment.", Status.WARN)

    def tell_step(self, step: str) -> None:
        """What the start is at, while it goes on behind the pages."""
        self._frame.step = step
        self.show_frame()

    def show_frame(self) -> None:
        """New values around the pages."""
        last = None if self.up else self.past
        self.window.show_frame(self._frame.while_starting(last) if last else self._frame.view(self.past))

    def close(self) -> None:
        self.pump.stop()
        self.log.close()

    @property
    def view(self) -> View:
        """What the pages show: now, or a past moment."""
        return self.past or self.program.engine.view

    def beat(self) -> None:
        """One frame: the visible page gets what has changed."""
        self._beats += 1
        for call in self.each_beat:
            call()
        if self._beats % FRAME_EVERY == 1:
            self.show_frame()
            for call in self.each_frame:
                call()
        name = self.window.dashboard.pages.current_id if self.window.dashboard else ""
        seen = (name, *self._revision(), self._beats // 30, self.past)
        page = self.pages.get(name)
        if page is None or not page.isVisible() or self._seen[:1] != (name,):
            self._parts = None
        if page is not None and page.isVisible() and self._parts is None and seen != self._seen:
            self._seen = seen
            self._parts = page.in_parts(self.view)
        if self._parts is not None and next(self._parts, _OVER) is _OVER:
            self._parts = None

    def _revision(self) -> tuple[int, int]:
        """Moves on whenever the program knows something new."""
        if not self.up:
            return (0, 0)
        engine = self.program.engine
        return (engine.board.revision, engine.samples.taken)

    def dispatch(
        self, command: Command, *, of_now: bool = False, then: "Callable[[Future[Any]], None] | None" = None
    ) -> bool:
        """Have a command obeyed; tells whether it will be. One that is refused is told so.

        In a past moment only what is meant for now, whatever is shown, is obeyed. What came of it is told to the page
        and, where it failed, to the user.
        """
        if not self.up:
            self.tell_starting()
            return False
        if self.past is not None and not of_now:
            self.tell_held()
            return False
        self.undoing.began(command)
        future = self.program.engine.commands.dispatch(command)
        future.add_done_callback(lambda done: self._done.emit(command, _fault(done)))
        if then is not None:
            future.add_done_callback(then)
        return True

    def obey(self, action: str) -> None:
        """Do what an action id says."""
        if self.actions.is_held(action):
            self.tell_held()
            return
        command = process_command(action)
        if command is not None:
            self.dispatch(command)
            return
        for prefix, page_name in ((OPEN, "processes"), (LOG, "logs")):
            if action.startswith(prefix):
                self._go_to(page_name, action.removeprefix(prefix))
                return
        known: dict[str, Callable[[], object]] = {
            "pause_all": lambda: self.dispatch(PauseProcess("*")),
            "resume_all": lambda: self.dispatch(ResumeProcess("*")),
            "stop_trading": self.stopping.wanted,
            "undo_last": self._undo_last,
            "back_to_now": lambda: self.travel(None),
            "inbox": lambda: self.window.go_to("inbox"),
            "environment": lambda: self.window.go_to("settings"),
            "health": lambda: self.window.go_to("processes"),
        }
        act = known.get(action)
        on_page = self.actions.on_a_page(action)
        if act is not None:
            act()
        elif on_page is not None:
            self._obey_on_page(on_page)
        else:
            self.wants.emit(action)

    def travel(self, moment: datetime | None) -> None:
        """Show a past moment on every page, or now."""
        if not self.up:
            self.tell_starting()
            return
        self._journey.to(moment)

    def tell_held(self) -> None:
        """Something was wanted that has no sense in what is shown: say which moment that is, and the way back."""
        if not self.up or self.past is None:
            self.tell_starting()
            return
        moment = moment_of(self.past, self.program.clock.now())
        key = next(entry.shortcut for entry in ACTIONS if entry.id == BACK_TO_NOW)
        self.tell(f"This is {moment}; back to now with {key}", Status.WARN)

    def tell(self, text: str, status: Status = Status.OK, offered: Offered | None = None) -> None:
        """A short word in the corner, with what it offers."""
        self._telling.tell(text, status, offered)

    def show(self, page: str, what: str) -> None:
        """Go to a page and select something there."""
        self._go_to(page, what)

    def hand_over(self, call: Callable[[str], None], text: str) -> None:
        """Have ``call(text)`` done on the window's thread; from any thread."""
        self._handed.emit(call, text)

    def _call(self, call: Callable[[str], None], text: str) -> None:
        call(text)

    def unhandled(self, text: str) -> None:
        """An error nobody handled; from any thread."""
        self._unhandled.emit(text)

    def _make(self, name: str, factory: Callable[[], Page]) -> Callable[[], Page]:
        def made() -> Page:
            page = factory()
            page.command.connect(self.dispatch)
            page.go_to.connect(self._go_to)
            page.offer.connect(self.wants)
            page.held.connect(self.tell_held)
            page.moment_wanted.connect(self.travel)
            if isinstance(page, AsksForParts):
                page.part_wanted.connect(lambda ask: read_part(self, page, ask))
            page.set_live(self.past is None)
            self.pages[name] = page
            self.actions.attach(page, name)
            self.log.begin(page)
            self.page_built.emit(name, page)
            page.refresh(self.view)
            return page

        return made

    def _obey_on_page(self, entry: ActionEntry) -> None:
        """Do what a page can do. One that is not shown is gone to first, and what is selected there is not acted on."""
        elsewhere, made = self.actions.elsewhere(entry), entry.scope in self.pages
        self._go_to(entry.scope, "")
        page = self.pages.get(entry.scope)
        if page is None:  # it could not be built, which the window shows in its place
            return
        if not elsewhere:
            page.obey(entry.id)
            return
        if made:
            page.refresh(self.view)  # it was not kept up while it was not seen
        if why := page.why_not(entry.id):
            self.tell(f"{entry.title}: {why}", Status.WARN)
        elif isinstance(entry, ChangeEntry) and not entry.asks:
            self.tell(f"{entry.title}: look what it is about, then take it here", Status.IDLE)
        else:
            page.obey(entry.id)

    def _go_to(self, name: str, what: str) -> None:
        self.window.go_to(name)
        if what and name in self.pages:
            self.pages[name].select(what)

    def _page_shown(self, name: str) -> None:
        self._seen = ()

    def _answered(self, command: Command, error: str) -> None:
        for page in self.pages.values():
            page.answered(command, error)
        if not self.undoing.answered(command, error) and error:
            self.tell(error, Status.BAD)
        elif isinstance(command, SnoozeDecision):
            self._tell_put_off(command)
        self._seen = ()

    def _tell_put_off(self, command: SnoozeDecision) -> None:
        known: DecisionsValue = self._board(Decisions, DecisionsValue())
        row = known.by_id(command.id)
        until = clock_time(command.until, self.program.clock.now())
        wake = Offered("Wake", lambda: self.dispatch(WakeDecision(command.id)), "Bring it back into the Inbox now")
        self.tell(f"Put off until {until}: {row.what if row else command.id}", Status.IDLE, wake)

    def _undo_last(self) -> None:
        if not self.up:
            self.tell_starting()
        elif self.past is not None:
            self.tell_held()
        else:
            self.undoing.undo_last()

    def _why_nothing(self) -> str:
        return why_nothing(up=self.up, past=self.past is not None)

    def _why_not(self, action: str) -> str:
        if action == BACK_TO_NOW:
            return "" if self.past is not None and self.up else "it is now that is shown"
        if self.actions.is_held(action):
            return self._why_nothing()
        on_page = self.actions.on_a_page(action)
        if on_page is not None:
            page = self.pages.get(on_page.scope)
            return page.why_not(action) if page and not self.actions.elsewhere(on_page) else ""
        return why_not(action, self.view.value(Processes), account=self.stopping.kept)

    def _set_past(self, past: Past | None) -> None:
        self.past = past.view if past else None
        self._seen = ()
        self.actions.hold_changes(past is not None)
        for page in self.pages.values():
            page.set_live(past is None)
        self.log.show_past(past.lines if past else None)
        self.show_frame()

    def _tell_unhandled(self, text: str) -> None:
        self.tell(f"Something went wrong inside Dreamscape: {text}", Status.BAD)

    def _board(self, kind: type[Any], default: Any) -> Any:
        values = self.program.engine.board.values if self.up or self.past is None else self.past.values
        return values.get(kind.name) or default


class _Beat(Sink):
    """Lets the pump's one timer drive the desk."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat

    def drain(self) -> None:
        self._beat()


def _fault(future: "Future[Any]") -> str:
    """Why a command came to nothing; empty when it did what was asked."""
    error = future.exception()
    if error is not None:
        return str(error)
    result = future.result()
    if isinstance(result, Outcome) and not result.done:
        return result.why or str(result.standing)
    return ""
