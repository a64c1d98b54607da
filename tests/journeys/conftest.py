"""A person before the real window: starts it on a home, looks, presses, waits, quits."""

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import qasync
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from app.control.lock import HomeLock
from app.paths import Home
from app.program import Program
from app.runtime.qt.qt_workers import QtWorkers
from app.runtime.window.window import Session, existing_application
from services.core.process import State
from services.orchestrator.history.projections import ProcessesValue
from widgets.frame.dashboard import Dashboard
from widgets.frame.main_window import MainWindow
from widgets.parts.table import Table

PATIENCE = 40.0
"""Seconds that a person waits for something before calling it broken: generous, since test machines are slow."""


class Person:
    """What a person can see and do."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.window = session.window
        self.program = session.program

    async def until(self, condition: Callable[[], object], what: str) -> Any:
        """Wait until something is so; ``what`` says it in words."""
        end = time.monotonic() + PATIENCE
        while True:
            seen = condition()
            if seen:
                return seen
            assert time.monotonic() < end, f"it did not come to this: {what}"
            await asyncio.sleep(0.02)

    async def sees_the_dashboard(self) -> None:
        """All steps of the start are done, and what is shown is so now."""
        await self.until(lambda: self.session.up and self.dashboard.isVisible(), "the dashboard opens")

    @property
    def dashboard(self) -> Dashboard:
        assert self.window.dashboard is not None
        return self.window.dashboard

    @property
    def shown(self) -> ProcessesValue:
        """The processes as the pages read them."""
        found: ProcessesValue | None = self.program.engine.board.values.get("processes")
        return found or ProcessesValue()

    def state(self, name: str) -> State | None:
        row = self.shown.named(name)
        return row.state if row else None

    async def sees(self, name: str, state: State) -> None:
        await self.until(lambda: self.state(name) is state, f"{name} is {state}, not {self.state(name)}")

    async def goes_to(self, page: str) -> Any:
        """Open a page and wait until it is built."""
        self.window.go_to(page)
        await self.until(lambda: page in self.session.desk.pages, f"the page {page} is built")
        return self.session.desk.pages[page]

    async def clicks_to(self, page: str) -> Any:
        """Press the page's button in the rail and wait until it is built."""
        self.click(self.dashboard.rail.button(page))
        await self.until(lambda: page in self.session.desk.pages, f"the page {page} is built")
        return self.session.desk.pages[page]

    def reads(self, table: Table, key: object, title: str) -> str:
        """What a row says under a heading; empty where the row, or the column, is not to be seen."""
        row = table.rows.index_of(key)
        place = [column.title for column in table.rows.columns].index(title)
        seen = row.isValid() and table.isVisible() and not table.isColumnHidden(place)
        return str(table.rows.index(row.row(), place).data()) if seen else ""

    async def reads_there(self, table: Table, key: object, title: str, word: str) -> None:
        await self.until(lambda: self.reads(table, key, title) == word, f"{key} has {word!r} under {title}")

    async def clicks_in_row(self, table: Table, key: object, button: str) -> None:
        """Press the button that a row has."""

        def place() -> QRect:
            row = table.rows.index_of(key)
            if row.isValid():
                table.scrollTo(row)
            return table.button_place(row.row(), button) if row.isValid() else QRect()

        await self.until(lambda: place().isValid(), f"the row of {key} has the button {button}")
        viewport = table.viewport()
        assert viewport is not None
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place().center())

    async def clicks_row(self, table: Table, key: object) -> None:
        """Select a row with the mouse."""
        await self.until(lambda: table.rows.index_of(key).isValid(), f"the row of {key} is there")
        row, viewport = table.rows.index_of(key), table.viewport()
        assert viewport is not None
        table.scrollTo(row)
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=table.visualRect(row).center())

    def row_with(self, table: Table, title: str, words: str) -> str:
        """The key of the first row that has some words under a heading; empty where none has."""
        return next((key for key in self.rows_of(table) if words in self.reads(table, key, title)), "")

    def row_with_button(self, table: Table, button: str) -> str:
        """The key of the first row that has a button; empty where none has."""
        found = (key for row, key in enumerate(self.rows_of(table)) if table.button_place(row, button).isValid())
        return next(found, "") if table.isVisible() else ""

    def rows_of(self, table: Table) -> list[str]:
        """The keys of the rows from above."""
        return [str(table.rows.key_at(table.rows.index(row, 0))) for row in range(table.rows.rowCount())]

    def press(self, widget: QWidget, key: Qt.Key | str, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key while ``widget`` has the focus."""
        widget.setFocus()
        pressed = modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier
        if isinstance(key, str):
            QTest.keyClick(widget, key, pressed)
        else:
            QTest.keyClick(widget, key, pressed)

    def click(self, button: QWidget) -> None:
        """Press a button; a person cannot press one that is grey, and a test must not believe that it did."""
        name = button.accessibleName() or str(button)
        assert button.isVisible(), f"{name} is not to be seen"
        assert button.isEnabled(), f"{name} is grey"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


Story = Callable[[Person], Awaitable[None]]


class Life:
    """A home in which the program is started and ended as often as a story needs."""

    def __init__(self, root: Path, application: QApplication) -> None:
        self.home = Home(root / "home", "a test")
        self.application = application
        self.environment = {"PATH": os.environ.get("PATH", "")}
        self.code = 0
        """With which the last life ended."""

    def live(self, story: Story, **options: Any) -> Program:
        """Start the real window, let the person act, quit."""
        self.home.create()
        with HomeLock(self.home).take() as lock:
            return self._live(story, lock, options)

    def _live(self, story: Story, lock: HomeLock, options: dict[str, Any]) -> Program:
        workers = QtWorkers()
        program = Program(self.home, self.environment, workers=workers, **options)
        window = MainWindow()
        window.show()
        session = Session(self.application, window, program, workers, lock)
        loop = qasync.QEventLoop(self.application)
        asyncio.set_event_loop(loop)
        with loop:
            self.code = loop.run_until_complete(_both(session, story))
        assert workers.wait(5_000), "a thread of the program did not end"
        window.deleteLater()
        self.application.processEvents()
        return program


async def _both(session: Session, story: Story) -> int:
    living = asyncio.ensure_future(session.run())
    try:
        await story(Person(session))
    finally:
        session.quit()
        await living
    return living.result()


@pytest.fixture
def life(tmp_path: Path, qapp: QApplication) -> Iterator[Life]:
    existing_application()
    yield Life(tmp_path, qapp)
    gc.enable()
    gc.collect()
