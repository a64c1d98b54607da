"""Closing the window: asked once what is meant, with what is open; the answer may be kept."""

import pytest
from PyQt6.QtWidgets import QMessageBox, QSystemTrayIcon

from services.core.journal import Transaction
from services.core.process import State
from services.orchestrator.events import Alert
from tests.journeys.conftest import Life, Person
from tests.journeys.test_first_day import CAMPAIGN, TRADER


async def closes(person: Person) -> QMessageBox:
    """Close the window and read the question."""
    person.window.close()
    found: QMessageBox = await person.until(lambda: person.session.closing.question, "it is asked what is meant")
    return found


STAY = "Stay in the tray", "Go on without the window"


def press(box: QMessageBox, label: str) -> None:
    next(button for button in box.buttons() if button.text() == label).click()


def test_it_tells_what_is_open_and_goes_on_without_the_window_or_quits(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        await person.sees(CAMPAIGN, State.RUNNING)
        box = await closes(person)
        assert TRADER in box.informativeText()
        assert CAMPAIGN in box.informativeText()
        assert person.window.isVisible(), "nothing is closed while it is asked"
        press(box, "Cancel")
        assert person.window.isVisible()
        box = await closes(person)
        without = not QSystemTrayIcon.isSystemTrayAvailable()
        assert ("start Dreamscape again" in box.informativeText()) is without, "a window is never lost"
        press(box, STAY[without])
        assert not person.window.isVisible()
        await person.sees(TRADER, State.RUNNING)
        person.session.show_window()
        press(await closes(person), "Quit")
        await person.until(lambda: person.session._ending and person.session._ending.done(), "the end begins")

    life.live(story)


def test_an_answer_that_is_kept_is_not_asked_for_again(life: Life) -> None:
    async def answers(person: Person) -> None:
        await person.sees_the_dashboard()
        box = await closes(person)
        remember = box.checkBox()
        assert remember is not None
        remember.setChecked(True)
        press(box, "Quit")
        settings = person.program.home.settings
        await person.until(lambda: settings.exists() and 'close = "quit"' in settings.read_text(), "the answer is kept")

    async def is_not_asked(person: Person) -> None:
        await person.sees_the_dashboard()
        person.window.close()
        await person.until(lambda: person.session._ending and person.session._ending.done(), "the end begins")
        assert person.session.closing.question is None

    life.live(answers)
    life.live(is_not_asked)


def test_a_window_whose_last_words_found_no_room_on_the_disk_says_so_and_exits_with_1(
    life: Life, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fill(person: Person) -> None:
        await person.sees_the_dashboard()
        engine = person.session.program.engine
        engine.patience = 0.2
        engine.journal.write(_leave_no_room).result()
        engine.journal.append(Alert("x" * 100_000, "a test"))

    life.live(fill, safe_mode=True)
    assert life.code == 1
    assert "dreamscape.db: not everything reached the disk; see that it has room." in capfd.readouterr().err


def _leave_no_room(tx: Transaction) -> None:
    pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
