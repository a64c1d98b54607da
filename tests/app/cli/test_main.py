import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.commands import COMMANDS
from app.cli.main import main, parser_for


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
    )


def modules_after(*words: str) -> set[str]:
    """What a command has imported when it has ended."""
    script = (
        "import sys, contextlib, io\n"
        "from app.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main(sys.argv[1:])\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_help_names_every_command_but_the_developers() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert set(re.findall(r"^    ([a-z-]+)", done.stdout, re.MULTILINE)) == set(COMMANDS) - {"fault"}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_a_help_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"usage: dreamscape {name}" in told
    assert COMMANDS[name].help[1:] in told, "what it does stands there, too"


def test_the_help_imports_no_command() -> None:
    loaded = modules_after("--help")
    assert not {name for name in loaded if name.startswith(("app.cli.", "PyQt6", "sqlalchemy"))} - {
        "app.cli.main",
        "app.cli.commands",
    }


def test_asking_a_running_instance_needs_neither_the_store_nor_a_window(tmp_path: Path) -> None:
    script = "import sys, app.cli.asking, app.cli.telling, app.control.client; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "rich", "PyQt6.QtGui", "pydantic", "yaml"} & set(done.stdout.split())


def test_an_unknown_command_is_one_line_and_code_2() -> None:
    done = run("paus")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "'paus'" in done.stderr
    assert "'pause'" in done.stderr
    assert "'fault'" not in done.stderr, "what the help hides is not offered"


@pytest.mark.parametrize(
    "words, told",
    [
        (["pause"], "name one process"),
        (["pause", "bot", "--all"], "name one process"),
        (["set", "bot"], "key=value"),
        (["snooze", "403bf5c3", "1h"], "Write dreamscape snooze [--for TIME | --until"),
        (["decisions", "--limit", "5"], "Write dreamscape decisions [--last N]"),
        (["ps", "--bogus"], "dreamscape ps: unrecognized arguments: --bogus."),
        (["--bogus"], "unrecognized arguments: --bogus. Write dreamscape [--version] COMMAND."),
        (["run", "--for", "-1"], "no number of seconds"),
        (["ps", "--last", "0"], "not a number from 1"),
        (["process", "add", "x"], "required"),
        (["screenshot", "--page", "overview", "--size", "big", "x.png"], "no size such as"),
        (["logs", "-f", "--json"], "no JSON document"),
        (["restore", "/nowhere/at/all.db"], "no such file"),
        (["import", "/nowhere/at/all.json"], "cannot be read"),
        (["backup"], "no store to copy yet"),
        (["export", "x.jsonl"], "no store to export yet"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_code_2(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["--home", str(tmp_path / "home"), *words])
    except SystemExit as ended:
        code = ended.code  # type: ignore[assignment]
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert told in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["ps", "inbox", "decisions", "logs", "config", "quit", "backup"])
def test_a_home_that_is_a_file_is_one_clear_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.write_text("")
    assert main(["--home", str(home), command]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"home {home}: {home} is not a folder. "
        "Move it away, or choose another folder with --home DIR or DREAMSCAPE_HOME.\n"
    )


@pytest.mark.parametrize("words", [["--json", "ps"], ["ps", "--json"]])
def test_common_options_stand_before_or_behind_the_command(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--home", str(tmp_path / "home")]) == 0
    assert json.loads(capsys.readouterr().out) == {"running": False, "processes": [], "alerts": []}


def test_common_options_stand_behind_an_action_too() -> None:
    words = ["process", "remove", "x", "--json", "--home", "here"]
    args = parser_for(words).parse_args(words)
    assert (args.json, args.home, args.name) == (True, "here", "x")


def test_no_command_is_run() -> None:
    args = parser_for(["--home", "ps"]).parse_args(["--home", "ps"])
    assert (args.command, args.headless, args.seconds, args.safe_mode) == (None, False, None, False)


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "dreamscape.log"
    log.parent.mkdir()
    line = {"at": "2026-11-21T12:00:00Z", "level": "INFO", "process": "bot", "text": "x" * 500}
    log.write_text((json.dumps(line) + "\n") * 2_000)
    read, write = os.pipe()
    words = [sys.executable, "-m", "app", "--home", str(tmp_path), "logs", "-n", "2000"]
    with subprocess.Popen(words, stdout=write, stderr=subprocess.PIPE, text=True) as process:
        os.close(write)
        os.read(read, 100)
        os.close(read)
        assert process.stderr
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_the_child_switch_starts_an_interpreter_that_waits_for_its_parent() -> None:
    done = run("--child")
    assert done.returncode != 0
    assert "services/orchestrator/children/child.py" in done.stderr.replace(os.sep, "/")
    assert "app.cli" not in done.stderr
