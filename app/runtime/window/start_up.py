"""The start as it is seen: real steps, done in a worker, ticked as they truly finish."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.steps import WINDOW, Step
from services.core.errors import UserError, UserErrors
from services.core.words import counted
from services.core.workers import Workers
from widgets.frame.main_window import MainWindow
from widgets.frame.views import FailureView, StepView
from widgets.parts.panels.empty_state import Offer

if TYPE_CHECKING:
    from app.program import Program

log = logging.getLogger(__name__)
GO_ON, AGAIN, OPEN_SETTINGS, QUIT = "go_on", "again", "open_settings", "quit"


class Refused(Exception):
    """The user chose not to go on."""


class StartUp:
    """Runs the steps one after another and shows each; a failed one says what failed and how to go on."""

    def __init__(self, program: Program, window: MainWindow, workers: Workers) -> None:
        self._program, self._window, self._workers = program, window, workers
        self._views = [StepView(step.name) for step in program.steps()] + [StepView(WINDOW)]
        self._choice: asyncio.Future[str] | None = None
        self._next = 0
        self._leaving = False
        self.on_step: Callable[[str], None] = lambda step: None
        """Told the name of each step that begins."""
        window.splash_chosen.connect(self._chosen)
        self._show()

    async def run(self, at_most: int | None = None) -> None:
        """The program's steps from where the last call ended: all, or ``at_most`` so many.

        Raises ``Refused`` when the user gives up.
        """
        steps = self._program.steps()
        until = len(steps) if at_most is None else min(self._next + at_most, len(steps))
        while self._next < until:
            self._go_on_unless_leaving()
            while not await self._try(self._next, steps[self._next]):
                await self._ask(self._next)
            self._next += 1

    def leave(self) -> None:
        """The user quits: no further step is begun, and nothing that failed is asked about."""
        self._leaving = True
        self._chosen(QUIT)

    async def window_step(self, *builds: Callable[[], Any]) -> None:
        """The last step, on this thread: the window itself, part by part, in one call or two. Raises ``Refused``."""
        index = len(self._views) - 1
        began = time.perf_counter()
        self.on_step(WINDOW)
        for build in builds:
            self._go_on_unless_leaving()
            self._set(index, state="running")
            await asyncio.sleep(0)
            while not self._try_here(index, build):
                await self._ask(index)
        self._set(index, state="done", result="ready", seconds=time.perf_counter() - began)
        await asyncio.sleep(0)

    def _try_here(self, index: int, build: Callable[[], Any]) -> bool:
        try:
            build()
        except Exception as error:
            self._failed(index, error)
            return False
        return True

    def _go_on_unless_leaving(self) -> None:
        if self._leaving:
            raise Refused

    async def _try(self, index: int, step: Step) -> bool:
        began = time.perf_counter()
        self._set(index, state="running", result="", seconds=None)
        self.on_step(step.name)
        try:
            told = await in_worker(self._workers, f"start {step.name}", step.act)
        except Exception as error:
            self._failed(index, error, time.perf_counter() - began)
            return False
        took = time.perf_counter() - began
        log.info("%s: %s (%.0f ms)", step.name, told, 1000 * took)
        self._set(index, state="done", result=told, seconds=took)
        return True

    def _failed(self, index: int, error: Exception, seconds: float | None = None) -> None:
        if not isinstance(error, UserError):
            log.exception("step %s failed", self._views[index].name)
        self._failure = error
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        self._set(index, state="failed", result=first, seconds=seconds)

    async def _ask(self, index: int) -> None:
        """Show what failed, and wait for what the user chooses. Raises ``Refused`` when that is to quit."""
        self._go_on_unless_leaving()
        self._window.show_failure(_failure_view(self._views[index].name, self._failure))
        self._choice = asyncio.get_running_loop().create_future()
        chosen = await self._choice
        if chosen == QUIT:
            raise Refused
        if chosen == GO_ON:
            self._program.with_mistakes = True
        if chosen == OPEN_SETTINGS:
            from PyQt6.QtCore import QUrl
            from PyQt6.QtGui import QDesktopServices

            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._program.home.settings)))
        self._window.splash.clear_failure()

    def _chosen(self, choice: str) -> None:
        if self._choice is not None and not self._choice.done():
            self._choice.set_result(choice)

    def _set(self, index: int, **values: Any) -> None:
        self._views[index] = replace(self._views[index], **values)
        self._show()

    def _show(self) -> None:
        self._window.show_steps(tuple(self._views))


async def in_worker(workers: Workers, name: str, work: Callable[[], Any]) -> Any:
    """Await something that blocks, done in a worker."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # whatever ends the work: who awaits it must hear of it
            future.set_exception(error)

    workers.start(name, run)
    return await asyncio.wrap_future(future)


def _failure_view(step: str, error: Exception) -> FailureView:
    again = Offer(AGAIN, "Try again", "primary")
    leave = Offer(QUIT, "Quit")
    if isinstance(error, UserErrors):
        offers = (Offer(GO_ON, "Go on with the defaults for these", "primary"), Offer(OPEN_SETTINGS, "Open settings"))
        return FailureView(
            counted(len(error.errors), "mistaken setting"),
            "\n".join(f"{each.where}: {each.what}" for each in error.errors),
            "\n".join(dict.fromkeys(each.mend for each in error.errors if each.mend)),
            str(error),
            (*offers, again, leave),
        )
    if isinstance(error, UserError):
        return FailureView(error.what, error.where, error.mend, str(error), (again, leave))
    told = f"{type(error).__name__}: {error}"
    # A window that is half built is not built over.
    left = (leave,) if step == WINDOW else (again, leave)
    return FailureView(f"{step} failed", told, "The log has the whole account.", told, left)
