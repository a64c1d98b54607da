"""The three first steps: a script, a project, a strategy of one's own, added and taken away while the program runs."""

from pathlib import Path

import pytest

from app.wiring.own_files.files import SHIPPED
from app.wiring.own_files.new_processes import NewScript, add_project, add_script, add_strategy
from services.core.commands import CommandGiven
from services.core.errors import UserError
from services.core.process import State
from services.orchestrator.commands import AddProcess, CancelProcess, Customise, NoSuchProcess, RemoveProcess
from services.orchestrator.events import ParametersTold, ProcessRemoved
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every, OnFiles
from services.trading.events import SessionStarted
from services.trading.strategy import load_strategy
from tests.support.faulty import stuck_at
from tests.support.own import Mine
from tests.support.strategies import DEFAULT, strategy_text


def given(mine: Mine) -> list[str]:
    return [event.command for event in mine.events(CommandGiven)]


def test_a_script_runs_as_soon_as_it_is_added(mine: Mine) -> None:
    mine.start()
    new = NewScript("nap", "sleep 1000", environment={"MODE": "deep"}, alive="output within 60s")
    done = mine.tell(add_script(new))
    assert done == {"name": "nap", "path": str(mine.home.processes / "nap.yaml")}
    mine.sees("nap", State.RUNNING)
    assert given(mine) == ["process.add"]
    mine.tell(RemoveProcess("nap"))
    mine.until(lambda: not mine.knows("nap"), "the script is forgotten")
    assert not (mine.home.processes / "nap.yaml").exists()
    assert mine.events(ProcessRemoved) == [ProcessRemoved("nap", "user")]
    assert given(mine) == ["process.add", "process.remove"]


def test_a_script_has_the_schedule_that_was_given(mine: Mine) -> None:
    mine.start()
    mine.tell(add_script(NewScript("nap", "sleep 1", every="15m", files=("~/inbox/*.csv",))))
    mine.sees("nap", State.WAITING)
    assert [type(trigger) for trigger in mine.unit("nap").plan.triggers] == [Every, OnFiles]


@pytest.mark.parametrize("point", ["command.accepted", "command.obeyed"])
def test_what_was_told_and_not_answered_before_a_crash_is_obeyed_at_the_next_start(mine: Mine, point: str) -> None:
    mine.start()
    mine.write("processes/old.yaml", "kind: script\nwith: {command: sleep 1000}\n")
    mine.sees("old", State.RUNNING)
    for command in (add_script(NewScript("nap", "sleep 1000")), RemoveProcess("old")):
        with stuck_at(point) as stuck:
            mine.running.engine.commands.dispatch(command)
            stuck.wait()
            mine.stop()
        mine.start()
    mine.sees("nap", State.RUNNING)
    assert not mine.knows("old")
    assert not (mine.home.processes / "old.yaml").exists()
    assert given(mine) == ["process.add", "process.remove"]
    mine.tell(RemoveProcess("nap"))
    mine.stop()
    mine.start()
    assert not mine.knows("nap"), "what was obeyed is not obeyed again"
    assert mine.alerts() == []


def test_what_was_told_before_a_crash_and_cannot_be_done_any_more_is_an_alert(mine: Mine) -> None:
    mine.start()
    with stuck_at("command.accepted") as stuck:
        mine.running.engine.commands.dispatch(add_script(NewScript("nap", "sleep 1000")))
        stuck.wait()
        mine.stop()
        path = mine.write("processes/nap.yaml", "kind: script\nwith: {command: sleep 900}\n")
        mine.start()
        mine.sees("nap", State.RUNNING)
        assert mine.unit("nap").plan.parameters["command"] == "sleep 900"
        assert mine.alerts() == [
            "Adding 'nap' was accepted before the program ended, and cannot be done now: "
            f"{path}: a process is called 'nap' already. Give the new one another name."
        ]


def test_a_project_is_tested_when_it_is_new_on_change_and_by_the_clock(mine: Mine, tmp_path: Path) -> None:
    root = tmp_path / "old [tool]"
    root.mkdir()
    mine.start()
    mine.tell(add_project(root, name="old-tool"))
    mine.until(lambda: mine.unit("old-tool").epoch == 1, "it is new")
    mine.sees("old-tool", State.WAITING)
    plan = mine.unit("old-tool").plan
    assert plan.parameters["path"] == str(root)
    assert (plan.overlap, plan.most) == (Overlap.QUEUED, 1)
    own = mine.running.own
    assert own is not None
    mine.until(lambda: own.triggers.watches("old-tool"), "its files are watched")
    (root / "pyproject.toml").write_text("[project]\nname = 'old'\n")
    mine.until(lambda: mine.unit("old-tool").epoch == 2, "its change makes it due")


def test_a_folder_that_is_not_there_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"it is no folder. Give the project's root"):
        add_project(tmp_path / "nowhere")


def test_names_that_are_taken_are_refused_with_who_has_them(mine: Mine) -> None:
    mine.write("processes/nap.yaml", "kind: script\nwith: {command: sleep 1000}\n")
    mine.start()
    with pytest.raises(UserError, match=r"nap.yaml: a process is called 'nap' already. Give the new one another name"):
        mine.tell(add_script(NewScript("nap", "sleep 1")))
    with pytest.raises(UserError, match="'retention' already"):
        mine.tell(add_script(NewScript("retention", "sleep 1")))
    assert given(mine) == []


def test_a_mistake_is_told_with_its_place_and_nothing_is_written(mine: Mine) -> None:
    mine.start()
    with pytest.raises(UserError, match=r"process nap:1:7: kind: no process is of the kind 'scrip'"):
        mine.tell(AddProcess("nap", "kind: scrip\n"))
    with pytest.raises(UserError, match="process cannot be called"):
        mine.tell(AddProcess("../nap", "kind: script\nwith: {command: 'true'}\n"))
    with pytest.raises(NoSuchProcess, match="'dreamscape ps' lists them"):
        mine.tell(RemoveProcess("nap"))
    assert list(mine.home.processes.iterdir()) == []
    assert given(mine) == []


def test_a_secret_gets_into_no_file_and_no_journal() -> None:
    with pytest.raises(UserError, match=r"BROKER_TOKEN looks like a secret.*pass_on") as told:
        add_script(NewScript("nap", "sleep 1", environment={"BROKER_TOKEN": "precious"}))
    assert "precious" not in str(told.value)


def test_what_belongs_to_the_house_cannot_be_removed(mine: Mine) -> None:
    mine.start()
    with pytest.raises(UserError, match=r"'retention' belongs to Dreamscape itself. Pause it instead"):
        mine.tell(RemoveProcess("retention"))


def test_a_strategy_of_ones_own_is_the_default_under_another_name(mine: Mine, tmp_path: Path) -> None:
    folder = tmp_path / "no-defaults" / "trading"
    folder.mkdir()
    default = folder / DEFAULT.name
    default.write_text("# as it comes\n" + strategy_text(data="generated"))
    mine.start()
    done = mine.tell(add_strategy("quick"))
    path = mine.home.strategies / "trading" / "quick.yaml"
    assert done == {"name": "quick", "path": str(path)}
    assert path.read_text().startswith("# as it comes\n")
    assert load_strategy(path).name == "quick"
    mine.sees("quick", State.RUNNING)
    mine.until(lambda: "quick" in {event.strategy for event in mine.events(SessionStarted)}, "it trades")
    with pytest.raises(UserError, match="called 'quick' already"):
        mine.tell(add_strategy("quick"))
    with pytest.raises(UserError, match=r"comes with Dreamscape.*Cancel it instead"):
        mine.tell(RemoveProcess(DEFAULT.stem))
    fixed = {told.process: told.fixed for told in mine.events(ParametersTold)}
    assert (fixed[DEFAULT.stem], fixed["quick"]) == (SHIPPED, "")
    mine.tell(CancelProcess(DEFAULT.stem))
    mine.sees(DEFAULT.stem, State.STOPPED)
    mine.stop()
    mine.start()
    mine.sees(DEFAULT.stem, State.STOPPED)
    assert Path(mine.tell(Customise(f"trading/{DEFAULT.name}", ""))["path"]).read_bytes() == default.read_bytes()
    mine.tell(RemoveProcess("quick"))
    mine.until(lambda: not mine.knows("quick"), "the strategy is forgotten")
    assert not path.exists()


def test_a_default_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(UserError, match=r"trading/macd-eth-btc\.yaml"):
        add_strategy("mine", "trading/nowhere.yaml")
    with pytest.raises(UserError, match="no such default"):
        add_strategy("mine", "../pyproject.toml")
