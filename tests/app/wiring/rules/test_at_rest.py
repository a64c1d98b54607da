"""What a stop has shut is let go by a person while nothing runs too, by the command line alone."""

import json
from typing import Any

import pytest

from app.cli.main import main
from services.core.process import State
from tests.support.own import Mine
from tests.support.stops import FALLS, done
from tests.support.strategies import strategy_text


@pytest.fixture
def stopped(mine: Mine, monkeypatch: pytest.MonkeyPatch) -> str:
    """A trader was paused by its stop, which is told, and the program has ended; gives the id of the pause."""
    monkeypatch.setenv("COLUMNS", "240")
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    paused: str = mine.until(lambda: done(mine, "Pause mine, by rule “drawdown stop”"), "the pause is done")
    mine.until(lambda: mine.open_alerts() == ["mine"], "it is told")
    mine.stop()
    return paused


def test_at_rest_too_a_stop_is_armed_again_before_anything_goes_on(
    mine: Mine, stopped: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def cli(*words: str) -> tuple[int, str]:
        code = main(["--home", str(mine.home.root), *words])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    code, told = cli("resume", "mine")
    assert (code, "rearm 'drawdown stop' mine" in told) == (3, True), "3 is: stopped by a guard"
    code, told = cli("undo", stopped, "--json")
    assert (code, "re-arm the rule first: on the Rules page, or by dreamscape rearm" in told) == (3, True)
    assert "Undo not yet: rule “drawdown stop” has stopped it" in cli("inbox", stopped)[1]
    assert cli("decisions")[1].count("re-arm first") == 1
    assert "by rule “drawdown stop”, " in cli("ps")[1]
    assert " is above 0." in cli("ps")[1], "what the rule saw stands beside who paused it"
    assert '"latched": true' in cli("rules", "--json")[1]
    assert "drawdown stop mine latched" in cli("rules")[1]
    assert cli("rearm", "drawdown stop", "mine", "--reason", "I looked")[0] == 0
    assert "re-armed: I looked" in cli("rules", "--json")[1]
    assert cli("undo", stopped)[0] == 0
    assert '"state": "stopped"' in cli("ps", "mine", "--json")[1], "and goes on with the next start"


def test_at_rest_a_rearming_is_one_of_your_decisions_and_can_be_taken_back(
    mine: Mine, stopped: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def cli(*words: str) -> dict[str, Any]:
        assert main(["--home", str(mine.home.root), *words, "--json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    assert [alert["about"] for alert in cli("ps")["alerts"]] == ["mine"]
    assert cli("rearm", "drawdown stop", "mine", "--reason", "I looked")["state"] == "normal"
    assert cli("ps")["alerts"] == []
    (armed,) = cli("decisions", "--by", "you")["decisions"]
    assert (armed["what"], armed["undoable"]) == ("Re-arm rule “drawdown stop” for mine", True)
    assert cli("undo", armed["id"])["decisions"][0]["verdict"] == "undone"
    (subject,) = cli("rules")["rules"][0]["subjects"]
    assert (subject["state"], subject["because"]) == ("latched", "its re-arming was taken back")
    (undone,) = cli("decisions", "--by", "you")["decisions"]
    assert (undone["verdict"], undone["undoable"]) == ("undone", False)
    assert main(["--home", str(mine.home.root), "resume", "mine"]) == 3
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.until(lambda: mine.open_alerts() == ["mine"], "what was owed is told with the start")
