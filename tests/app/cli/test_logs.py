import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.main import main
from app.paths import Home


def say(home: Home, text: str, process: str = "bot") -> None:
    line = {"at": "2026-11-21T12:00:00Z", "level": "INFO", "process": process, "text": text}
    with home.log.open("a") as file:
        file.write(json.dumps(line) + "\n")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").create()
    for number in range(5):
        say(home, f"word {number}", "bot" if number % 2 else "other")
    return home


def test_the_last_lines_come_as_one_document(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home.root), "logs", "-n", "2", "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(line["text"], line["process"]) for line in lines] == [("word 3", "bot"), ("word 4", "other")]


def test_the_lines_of_one_process(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home.root), "logs", "--process", "bot"]) == 0
    assert [row.rpartition(": ")[2] for row in capsys.readouterr().out.splitlines()] == ["word 1", "word 3"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_new_lines_follow_until_ctrl_c(home: Home) -> None:
    words = [sys.executable, "-m", "app", "--home", str(home.root), "logs", "-f", "-n", "1"]
    # A suite in the background of a shell ignores Ctrl-C, and so would what it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with process:
        assert process.stdout
        assert process.stdout.readline().endswith("other: word 4\n")
        say(home, "fresh")
        assert process.stdout.readline().endswith("bot: fresh\n")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("more", [(), ("--json",), ("-f",)])
def test_a_name_that_nobody_bears_is_refused(
    home: Home, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert main(["--home", str(home.root), "logs", "--process", "dreamscap", *more]) == 2
    told = "The log has no line of 'dreamscap', and no process is called so; did you mean 'dreamscape'?\n"
    assert capsys.readouterr() == ("", told)
