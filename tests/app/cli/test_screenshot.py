import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage

from app.cli.main import main
from app.runtime.pictures import screenshot


def test_what_is_asked_for_reaches_the_painter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(screenshot, "take", lambda **given: asked.update(given) or given["size"])
    out = tmp_path / "page.png"
    words = ["screenshot", "--page", "inbox", "--size", "800x600", str(out), "--theme", "light", "--demo", "--json"]
    assert main(["--home", str(tmp_path), *words]) == 0
    assert json.loads(capsys.readouterr().out) == {"page": "inbox", "path": str(out)}
    assert asked.pop("home").root == tmp_path
    assert callable(asked.pop("tell"))
    assert asked == {
        "page": "inbox",
        "size": (800, 600),
        "out": out,
        "demo": True,
        "theme": "light",
        "exchange": False,
    }


def test_an_exchange_is_for_a_demonstration_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screenshot", "--page", "inbox", str(tmp_path / "page.png"), "--with-exchange"]) == 2
    assert "Add --demo" in capsys.readouterr().err


def test_a_picture_that_had_to_be_larger_is_told_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screenshot, "take", lambda **given: (1008, 600))
    words = ["screenshot", "--page", "inbox", "--size", "800x600", str(tmp_path / "page.png"), "--json"]
    assert main(["--home", str(tmp_path), *words]) == 0
    assert "800x600 was asked for" in (told := capsys.readouterr()).err
    assert told.err.endswith("the picture is 1008x600.\n")
    assert json.loads(told.out)["page"] == "inbox"


@pytest.mark.parametrize(
    ("page", "theme", "lightness"), [("overview", "dark", range(70)), ("decisions", "light", range(200, 256))]
)
def test_a_page_is_really_painted_in_its_theme(tmp_path: Path, page: str, theme: str, lightness: range) -> None:
    out = tmp_path / "page.png"
    words = [
        "--home",
        str(tmp_path / "home"),
        "screenshot",
        "--page",
        page,
        "--theme",
        theme,
        "--size",
        "1100x700",
        str(out),
    ]
    subprocess.run([sys.executable, "-m", "app", *words], check=True, timeout=120, capture_output=True)
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1100, 700)
    small = picture.scaled(110, 70, transformMode=Qt.TransformationMode.SmoothTransformation)
    colours = [small.pixelColor(x, y) for x in range(110) for y in range(70)]
    assert sum(colour.lightness() for colour in colours) // len(colours) in lightness
    assert len({colour.name() for colour in colours}) > 100, "there is something to be seen"
