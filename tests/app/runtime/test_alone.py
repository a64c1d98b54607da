"""A start that fails before there is a window is told on the screen where nobody reads the terminal."""

import io
import sys
from pathlib import Path

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QMessageBox

from app.cli.main import WRONG, main
from app.runtime.alone import nobody_reads, show


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("platform", "stream", "unread"),
    [("xcb", None, True), ("xcb", io.StringIO(), True), ("xcb", Terminal(), False), ("offscreen", None, False)],
)
def test_only_a_person_at_a_screen_without_a_terminal_needs_it(
    monkeypatch: pytest.MonkeyPatch, platform: str, stream: io.StringIO | None, unread: bool
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setattr(sys, "stderr", stream)
    assert nobody_reads() is unread


def test_it_says_what_is_wrong_until_it_is_closed(qapp: QApplication) -> None:
    told: list[str] = []

    def read_and_close() -> None:
        (box,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
        told.append(f"{box.windowTitle()}: {box.text()}")
        box.accept()

    QTimer.singleShot(0, read_and_close)
    show("home /x: its disk is full. Free some space.")
    assert told == ["Dreamscape does not start: home /x: its disk is full. Free some space."]


def test_a_home_that_cannot_be_one_is_shown_to_who_clicked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("app.runtime.alone.nobody_reads", lambda: True)
    monkeypatch.setattr("app.runtime.alone.show", shown.append)
    file = tmp_path / "a-file"
    file.write_text("")
    assert main(["--home", str(file), "run"]) == WRONG
    assert main(["--home", str(file), "run", "--headless"]) == WRONG
    assert [f"{each}\n" for each in shown] == [capsys.readouterr().err.splitlines(keepends=True)[0]]
