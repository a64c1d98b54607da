"""What is added by the command line while the program runs."""

import re
from pathlib import Path

import pytest

from app.cli.main import main
from app.paths import Home
from app.wiring.own_files.files import default_file
from tests.support.command_line import Cli


def test_a_process_is_added_and_removed_while_it_runs(cli: Cli, home: Home, tmp_path: Path) -> None:
    script = 'python3 -c "import time; time.sleep(60)"'
    code, document, _ = cli("process", "add", "hello", "--command", script, "--every", "1h")
    assert (code, document["processes"][0]["state"]) == (0, "waiting")
    assert (home.processes / "hello.yaml").exists()
    assert cli("process", "add", "hello", "--command", "true")[0] == 2
    assert cli("process", "remove", "hello")[0] == 0
    assert [row["name"] for row in cli("ps")[1]["processes"]] == ["bot"]


def test_a_mistake_in_a_file_is_told_with_its_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("kind: script\nwith:\n  comand: echo\n")
    code, _, err = cli("process", "add", "x", "--file", str(tmp_path / "x.yaml"))
    assert code == 2
    assert f"{tmp_path / 'x.yaml'}:3:3" in err
    assert "command" in err


def test_a_project_that_is_no_folder_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert "no folder" in cli("process", "add", "x", "--project", str(tmp_path / "none"))[2]


def test_a_strategy_becomes_a_process_on_recorded_candles(cli: Cli, home: Home) -> None:
    strategy = Path(__file__).parents[3] / "strategies" / "trading" / "macd-eth-btc.yaml"
    home_file = home.processes / "mine.yaml"
    code, document, err = cli("process", "add", "mine", "--strategy", str(strategy), "--every", "1h")
    assert (code, err) == (0, "")
    assert "kind: trading.replay" in home_file.read_text()
    assert document["processes"][0]["service"] == "trading"


@pytest.mark.parametrize("named", ["macd-eth-btc", "macd-eth-btc.yaml", "trading/macd-eth-btc"])
def test_a_strategy_that_comes_with_dreamscape_is_known_by_its_name(cli: Cli, home: Home, named: str) -> None:
    assert cli("process", "add", "mine", "--strategy", named)[0] == 0
    assert str(default_file("trading/macd-eth-btc.yaml")) in (home.processes / "mine.yaml").read_text()


def test_ones_own_strategy_is_known_by_the_name_it_gives_itself(cli: Cli, home: Home) -> None:
    own = home.strategies / "trading" / "slow.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        re.sub("^name: .*$", "name: tides", default_file("trading/macd-eth-btc.yaml").read_text(), flags=re.M)
    )
    assert cli("process", "add", "mine", "--strategy", "tides")[0] == 0
    assert str(own) in (home.processes / "mine.yaml").read_text()


def test_two_strategies_that_call_themselves_alike_are_told_apart_by_their_files(cli: Cli, home: Home) -> None:
    text = default_file("trading/macd-eth-btc.yaml").read_text()
    (home.strategies / "trading").mkdir(parents=True)
    for file in ("slow", "fast"):
        (home.strategies / "trading" / f"{file}.yaml").write_text(re.sub("^name: .*$", "name: tides", text, flags=re.M))
    code, _, err = cli("process", "add", "mine", "--strategy", "tides")
    told = "2 strategies call themselves 'tides'. Write fast or slow, or give each a name of its own."
    assert (code, err) == (2, f"--strategy tides: {told}\n")
    assert cli("process", "add", "mine", "--strategy", "slow")[0] == 0


def test_a_strategy_that_nobody_knows_is_refused_with_those_that_there_are(cli: Cli, home: Home) -> None:
    code, document, err = cli("process", "add", "mine", "--strategy", "macd")
    assert (code, document) == (2, None)
    assert "--strategy macd: there is no strategy called macd. Did you mean 'macd-eth-btc'?" in err
    assert "Write one of macd-eth-btc (comes with Dreamscape), or the path of a file." in err
    assert not home.processes.joinpath("mine.yaml").exists()


@pytest.mark.parametrize(
    "name, shown", [("", "''"), ("x" * 120, "'" + "x" * 64 + "…'"), ("x" * 300, "'" + "x" * 64 + "…'")]
)
def test_a_name_that_no_process_can_have_is_told_in_one_line(cli: Cli, name: str, shown: str) -> None:
    code, _, err = cli("process", "add", name, "--command", "true")
    rule = "a name has letters, digits, '.', '_' and '-', begins with a letter or digit, and has at most 64"
    assert (code, err) == (2, f"A process cannot be called {shown}: {rule}.\n")


def test_a_strategy_under_a_name_of_its_own_is_told_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    assert main(["--home", str(home), "customise", "trading/macd-eth-btc.yaml", "--name", "fast"]) == 0
    told = capsys.readouterr().out
    assert "It runs from the next start of Dreamscape on as process fast, on paper" in told
    assert "'dreamscape pause fast' pauses it" in told
    assert main(["--home", str(home), "customise", "rules/drawdown.yaml"]) == 0
    assert "It runs" not in capsys.readouterr().out
