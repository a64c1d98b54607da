"""What the README shows to be written is taken out of it, and does what it says."""

import re
from pathlib import Path

import pytest

from services.core.decisions.commands import ApproveDecision
from services.core.decisions.inbox import Decisions
from services.core.process import ConfigurationFault, State
from services.orchestrator.commands import PauseProcess, RunNow, SetParameters
from services.orchestrator.events import Result, RunEnded
from services.orchestrator.triggers.trigger import Every
from services.trading.events import SessionStarted
from tests.support.own import Mine

README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")


def shown(language: str, begins: str) -> str:
    """The one example of the README that begins so."""
    (found,) = (text for text in re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S) if begins in text)
    return found


def test_the_script_of_the_readme_is_taken_and_runs(
    mine: Mine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = tmp_path / "bots" / "old"
    folder.mkdir(parents=True)
    (folder / "main.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    mine.write("processes/old.yaml", shown("yaml", "kind: script"))
    mine.start()
    (trigger,) = mine.unit("old").plan.triggers
    assert isinstance(trigger, Every)
    mine.tell(RunNow("old", {}))
    (ended,) = mine.until(lambda: [run for run in mine.events(RunEnded) if run.process == "old"], "it has run")
    assert (ended.result, (folder / "ran").exists()) == (Result.FINISHED, True)


def test_the_plugin_of_the_readme_is_taken_and_runs(mine: Mine) -> None:
    mine.write("plugins/tides.py", shown("python", "class Tides(Process):"))
    mine.write("processes/tides.yaml", shown("yaml", "kind: tides.py:Tides"))
    mine.start()
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    (row,) = engine.view.value(Decisions).waiting
    mine.tell(ApproveDecision(row.id))
    mine.sees("tides", State.RUNNING)
    (run,) = mine.unit("tides").runs.values()
    mine.until(
        lambda: (run.control.progress.done, run.control.progress.doing) == (1, "Husum"), "it tells how far it is"
    )
    mine.until(lambda: engine.samples.last("tide"), "its number is rolled up")
    mine.tell(PauseProcess("tides"))
    mine.sees("tides", State.PAUSED)
    assert engine.orchestrator.records.position("tides") == {"number": 1}
    with pytest.raises(ConfigurationFault, match="every: it should be greater than or equal to 1, and is -5"):
        mine.tell(SetParameters("tides", {"every": -5}, once=False))


def test_the_strategy_of_the_readme_is_taken_and_traded(mine: Mine) -> None:
    mine.write("strategies/trading/curl-eth-btc.yaml", shown("yaml", "name: curl-eth-btc"))
    mine.start()
    mine.sees("curl-eth-btc", State.RUNNING)
    (begun,) = mine.until(
        lambda: [event for event in mine.events(SessionStarted) if event.strategy == "curl-eth-btc"], "it begins"
    )
    assert begun.market == "ETH/BTC"
