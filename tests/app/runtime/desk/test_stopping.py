"""The emergency stop in the real window, over a real desk at an exchange."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.paths import Home
from app.program import Program
from app.runtime.desk import stopping
from app.runtime.desk.desk import Desk
from app.runtime.window.closing import Closing
from app.wiring.learning import learning_in
from services.trading.desk.commands import Obeying
from services.trading.venue.arming import Wish
from tests.support.desks import Floor
from tests.support.live_world import Serving
from widgets.frame.main_window import MainWindow


class Sitting:
    """A person before the window of a program that keeps an account with a position."""

    def __init__(self, qtbot: Any, home: Home, floor: Floor) -> None:
        self.qtbot, self.floor = qtbot, floor
        self.program = Program(home, {})
        self.program.open_at_rest()
        self.program.engine.assemble(learning_in(self.program.engine))
        self.program.door = Serving(floor)
        for kind, obey in (
            Obeying(self.program.door, lambda typed: Wish("", "", False, False, typed, False, "")).handlers().items()
        ):
            self.program.engine.commands.register(kind, obey)
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.desk = Desk(self.program, self.window)
        self.desk.open()
        self.told: list[str] = []
        self.desk.stopping.told.connect(self.told.append)

    def answer(self, words: str) -> None:
        box = self.desk.stopping.question
        assert box is not None
        next(button for button in box.buttons() if button.text() == words).click()

    def hears(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: any(words in each for each in self.told), timeout=10_000)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db")
    yield made
    made.close()


@pytest.fixture
def sitting(qtbot, tmp_path: Path, floor: Floor, monkeypatch) -> Iterator[Sitting]:
    monkeypatch.setattr(stopping, "LOOK_AGAIN_MS", 1)
    made = Sitting(qtbot, Home(tmp_path / "home"), floor)
    yield made
    made.desk.close()
    made.program.close()


def test_it_asks_once_says_that_it_is_asked_and_then_what_remains_until_nothing_does(sitting):
    sitting.floor.bought()
    sitting.desk.obey("stop_trading")
    first = sitting.desk.stopping.question
    sitting.desk.obey("stop_trading")
    assert sitting.desk.stopping.question is first
    assert sitting.told == []
    sitting.answer("Stop trading")
    sitting.hears("is asked to cancel our orders and to sell our positions")
    for _ in range(10):
        sitting.floor.pass_seconds(1)
    sitting.hears("nothing of ours is open or held")
    assert sitting.floor.owned() < Decimal("0.00001"), "but for what is too little to be sold"
    assert sitting.floor.ours() == []


def test_whoever_leaves_it_as_it_is_has_changed_nothing(sitting):
    sitting.floor.bought()
    held = sitting.floor.owned()
    sitting.desk.obey("stop_trading")
    sitting.answer("Leave it as it is")
    assert sitting.told == []
    assert sitting.floor.owned() == held > 0


def test_the_tray_has_it_while_the_window_is_hidden(sitting):
    closing = Closing(
        sitting.window,
        sitting.program,
        lambda: None,
        lambda name, value: None,
        partial(sitting.desk.stopping.ask, "the tray"),
    )
    actions = {action.text(): action for action in closing.tray_menu().actions() if action.text()}
    assert list(actions) == ["Show Dreamscape", "Stop trading…", "Quit"]
    sitting.window.hide()
    actions["Stop trading…"].trigger()
    assert sitting.desk.stopping.question.isVisible()
    assert not sitting.window.isVisible()
    sitting.answer("Stop trading")
    sitting.hears("is asked to cancel our orders")


def test_the_brake_is_there_although_no_strategy_trades_any_more(sitting):
    assert sitting.desk._frame.view().can_stop_trading
    entry = next(each for each in sitting.desk.actions.palette_entries() if each.id == "stop_trading")
    assert entry.why_not == ""
