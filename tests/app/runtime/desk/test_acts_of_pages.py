"""What a page can do is found from every page, in a window just opened too, and leads to its page."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.paths import Home
from app.program import Program
from app.runtime.desk.desk import Desk
from widgets.frame.main_window import MainWindow
from widgets.pages.trading.acts import ACTIONS
from widgets.palette import matching

IMPORTED = """
import json, sys
from app.runtime.desk import desk
desk.page_actions()
print(json.dumps([name for name in ("pyqtgraph", "widgets.pages.trading.page") if name in sys.modules]))
"""


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    program = Program(Home(tmp_path / "home"), {})
    program.open_at_rest()
    window = MainWindow()
    qtbot.addWidget(window)
    made = Desk(program, window)
    made.open()
    window.show()
    window.open_dashboard()
    made._go_to("overview", "")
    yield made
    made.close()
    program.close()


@pytest.fixture
def told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the window says in its corner."""
    heard: list[str] = []
    monkeypatch.setattr(desk._telling, "tell", lambda text, status, offered: heard.append(text))
    return heard


def shown(desk: Desk) -> str:
    assert desk.window.dashboard is not None
    return desk.window.dashboard.pages.current_id


def test_every_act_of_trading_can_be_taken_in_a_window_just_opened(desk: Desk) -> None:
    assert "trading" not in desk.pages
    known = {entry.id: entry.why_not for entry in desk.actions.palette_entries()}
    assert {entry.id: known.get(entry.id) for entry in ACTIONS} == {entry.id: "" for entry in ACTIONS}
    assert matching(desk.actions.palette_entries(), "arm the")[0].id == "trading.arm"


def test_knowing_them_imports_no_charts() -> None:
    ran = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


@pytest.mark.parametrize("seen_before", [False, True])
def test_one_of_another_page_goes_there_and_is_done(desk: Desk, seen_before: bool) -> None:
    if seen_before:
        desk._go_to("trading", "")
        desk._go_to("overview", "")
    desk.actions.trigger("trading.account")
    assert shown(desk) == "trading"
    assert desk.pages["trading"].below.current == "account"  # type: ignore[attr-defined]


def test_one_that_cannot_be_done_there_goes_there_and_says_why(desk: Desk, told: list[str]) -> None:
    desk.actions.trigger("trading.close")
    assert shown(desk) == "trading"
    (words,) = told
    assert words.startswith("Close the position of the bot shown: ")


def test_what_is_selected_on_a_page_nobody_sees_is_not_acted_on(
    desk: Desk, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk._go_to("inbox", "")
    obeyed: list[str] = []
    monkeypatch.setattr(desk.pages["inbox"], "obey", obeyed.append)
    monkeypatch.setattr(desk.pages["inbox"], "why_not", lambda act: "")
    desk._go_to("overview", "")
    desk.actions.trigger("inbox.approve")
    assert (shown(desk), obeyed) == ("inbox", [])
    assert told == ["Approve or look again: look what it is about, then take it here"]
    desk.actions.trigger("inbox.approve")
    assert obeyed == ["inbox.approve"]


def test_in_a_past_moment_it_is_said_that_it_is_one(desk: Desk) -> None:
    desk.past = desk.view  # type: ignore[assignment]
    desk.actions.hold_changes(True)
    known = {entry.id: entry.why_not for entry in desk.actions.palette_entries()}
    assert known["trading.arm"] == "a past moment is shown: Ctrl+0 goes back to now"
    assert known["trading.orders"] == ""
