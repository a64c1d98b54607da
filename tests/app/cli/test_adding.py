"""What is added by the command line while the program runs."""

import re
from pathlib import Path

import pytest

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


def test_a_strategy_that_nobody_knows_is_refused_with_those_that_there_are(cli: Cli, home: Home) -> None:
    code, document, err = cli("process", "add", "mine", "--strategy", "macd")
    assert (code, document) == (2, None)
    assert "Did you mean 'macd-eth-btc'? Write one of macd-eth-btc (comes with Dreamscape), or the path" in err
    assert not home.processes.joinpath("mine.yaml").exists()
