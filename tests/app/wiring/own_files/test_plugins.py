"""Plug-ins: one runs after one approval that shows what it is, and whatever it does wrong harms nobody else."""

import json
import os
import re
from pathlib import Path

import pytest

from app.cli.main import main
from services.core.decisions.commands import ApproveDecision, RejectDecision, UndoDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.events import ForeignEvent
from services.core.process import ConfigurationFault, State
from services.orchestrator.commands import NotNow, RunNow, SetParameters
from services.orchestrator.definitions.plugin_files import digest, load_plugin
from services.orchestrator.events import Result, RunEnded, StallSeen
from services.orchestrator.history.projections import Processes
from tests.support.own import Mine
from tests.support.strategies import strategy_text

TIDES = """\
from services.core.process.context import Context
from services.core.process import Process


class Tides(Process):
    harbour: str

    def run(self, context: Context) -> None:
        number = (context.position or {"number": 0})["number"]
        while True:
            number += 1
            context.doing(f"tide {number} at {self.harbour}")
            context.checkpoint({"number": number})
            context.wait(0.05, "the next tide")
"""
DEFINED = "kind: tides.py:Tides\nwith: {harbour: Husum}\n"
NEIGHBOUR = "kind: script\nwith: {command: [sleep, '1000']}\n"
APPROVAL = "your approval of plug-in tides.py"


def waiting(mine: Mine) -> list[DecisionRow]:
    mine.running.engine.ask(mine.running.engine.projections.show)
    return list(mine.running.engine.view.value(Decisions).waiting)


def question(mine: Mine) -> DecisionRow:
    (row,) = mine.until(lambda: waiting(mine), "the Inbox asks")
    return row


def adopt(mine: Mine, source: str = TIDES, more: str = "") -> Path:
    """Put the plug-in there, start, approve it; a neighbour goes on beside it."""
    path = mine.write("plugins/tides.py", source)
    mine.write("processes/tides.yaml", DEFINED + more)
    mine.write("processes/neighbour.yaml", NEIGHBOUR)
    mine.start()
    mine.tell(ApproveDecision(question(mine).id))
    return path


def test_a_new_one_waits_for_an_approval_that_shows_its_source_and_then_runs(mine: Mine) -> None:
    mine.write("plugins/tides.py", TIDES)
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    mine.sees("tides", State.WAITING, APPROVAL)
    row = question(mine)
    assert row.kind == "plugin.approve"
    assert row.evidence == {"source": TIDES, "sha256": digest(TIDES.encode())}
    with pytest.raises(NotNow, match="approval of plug-in"):
        mine.tell(RunNow("tides", {}))
    assert mine.begun() == []
    mine.tell(ApproveDecision(row.id))
    mine.sees("tides", State.RUNNING)


def test_an_approval_holds_over_a_restart_of_the_program(mine: Mine) -> None:
    adopt(mine)
    mine.sees("tides", State.RUNNING)
    mine.stop()
    mine.start()
    mine.sees("tides", State.RUNNING)
    assert waiting(mine) == []


def test_a_question_can_be_answered_after_a_restart(mine: Mine) -> None:
    mine.write("plugins/tides.py", TIDES)
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    before = question(mine).id
    mine.stop()
    mine.start()
    assert question(mine).id == before
    mine.tell(ApproveDecision(before))
    mine.sees("tides", State.RUNNING)


def test_a_changed_one_is_asked_about_with_its_diff_and_waits_meanwhile(mine: Mine) -> None:
    adopt(mine)
    mine.sees("tides", State.RUNNING)
    changed = TIDES.replace("tide {number}", "water {number}")
    mine.write("plugins/tides.py", changed)
    mine.sees("tides", State.WAITING, APPROVAL)
    row = question(mine)
    assert row.evidence["sha256"] == digest(changed.encode())
    assert '-            context.doing(f"tide {number} at {self.harbour}")' in row.evidence["diff"]
    assert '+            context.doing(f"water {number} at {self.harbour}")' in row.evidence["diff"]
    begun = len(mine.begun())
    mine.write("plugins/tides.py", TIDES)
    mine.sees("tides", State.RUNNING)
    assert waiting(mine) == [], "the question about a version that is gone is withdrawn"
    assert len(mine.begun()) == begun + 1
    mine.write("plugins/tides.py", changed)
    mine.tell(ApproveDecision(question(mine).id))
    mine.sees("tides", State.RUNNING)


def test_one_that_is_declined_does_not_run_and_says_so(mine: Mine) -> None:
    path = mine.write("plugins/tides.py", TIDES)
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    mine.tell(RejectDecision(question(mine).id, "not mine"))
    mine.sees("tides", State.FAILED, f"{path}: you declined this version of the plug-in.")
    assert mine.begun() == []


def test_an_approval_that_is_taken_back_ends_the_run_and_waits_in_the_inbox_for_another(mine: Mine) -> None:
    adopt(mine)
    mine.sees("tides", State.RUNNING)
    done = mine.running.engine.view.value(Decisions).last("plugin.approve")
    assert done is not None
    assert done.verdict is Verdict.DONE
    undone = mine.tell(UndoDecision(done.id))
    assert undone.details["now"] == "tides.py does not run; it waits in the Inbox until you approve it again"
    mine.sees("tides", State.WAITING, APPROVAL)
    assert not mine.unit("tides").runs
    again = question(mine)
    assert again.evidence == {"source": TIDES, "sha256": digest(TIDES.encode())}
    assert again.because["asked because"].startswith("you took its approval back")
    mine.tell(ApproveDecision(again.id))
    mine.sees("tides", State.RUNNING)


def test_bytes_that_were_not_approved_are_not_imported(tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    path = tmp_path / "sly.py"
    path.write_text(f"open({str(mark)!r}, 'w').close()\n")
    with pytest.raises(ConfigurationFault, match="not the version that was approved"):
        load_plugin(path, digest(TIDES.encode()))
    assert not mark.exists()
    load_plugin(path, digest(path.read_bytes()))
    assert mark.exists()


def test_it_sees_no_key_of_ours(mine: Mine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_API_KEY", "precious")
    monkeypatch.setenv("DREAMSCAPE_TRADING__API_SECRET", "precious")
    seen = tmp_path / "seen"
    adopt(mine, f"import os\nopen({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n{TIDES}")
    mine.sees("tides", State.RUNNING)
    assert "precious" not in seen.read_text()
    assert os.environ["EXCHANGE_API_KEY"] == "precious"


def test_one_that_raises_on_import_is_told_with_its_line_and_the_mend(mine: Mine) -> None:
    path = adopt(mine, "import math\nTIDE = 1 / 0\n")
    mine.sees("tides", State.FAILED, f"{path}:2: it raised ZeroDivisionError: division by zero while it was imported")
    assert "Mend the file" in mine.unit("tides").because
    mine.sees("neighbour", State.RUNNING)
    mine.write("plugins/tides.py", TIDES)
    mine.tell(ApproveDecision(question(mine).id))
    mine.sees("tides", State.RUNNING)


@pytest.mark.parametrize(
    "source, told",
    [
        ("class Tides(Process)\n    pass\n", ":1:21: expected ':'"),
        ("import sys\nsys.exit(3)\n", ":2: it raised SystemExit: 3"),
        ("TIDE = 1\n", "it has no class 'Tides'"),
    ],
)
def test_each_way_to_be_no_plugin_is_told_in_one_line(mine: Mine, source: str, told: str) -> None:
    path = adopt(mine, source)
    mine.sees("tides", State.FAILED, told)
    assert mine.unit("tides").because.startswith(str(path))
    assert "\n" not in mine.unit("tides").because
    mine.sees("neighbour", State.RUNNING)


def test_parameters_that_do_not_fit_are_told(mine: Mine) -> None:
    mine.write("plugins/tides.py", TIDES)
    mine.write("processes/tides.yaml", DEFINED.replace("harbour", "harbor"))
    mine.start()
    mine.tell(ApproveDecision(question(mine).id))
    mine.sees(
        "tides", State.FAILED, "tides: harbour: Field required; there is no parameter 'harbor'; there are harbour"
    )


def test_what_one_prints_is_its_log_and_the_first_tells_where(mine: Mine) -> None:
    path = adopt(mine, "print('tag: ended')\n" + TIDES)
    mine.sees("tides", State.RUNNING)
    log = mine.home.log
    mine.until(lambda: "tag: ended" in log.read_text(), "what was printed is a line of its log")
    assert f"{path}:1: it prints; what it prints stands in its log" in log.read_text()
    mine.sees("neighbour", State.RUNNING)


def test_one_that_never_returns_is_found_with_its_line_and_given_up(mine: Mine) -> None:
    endless = TIDES.replace('context.wait(0.05, "the next tide")', "while number:\n                pass")
    path = adopt(mine, endless, "heartbeat: 1s\nrestart: {at_most: 0}\n")
    mine.sees("tides", State.FAILED, "no beat for")
    (seen,) = mine.events(StallSeen)
    assert str(path) in seen.frame
    assert "context.checkpoint()" in mine.unit("tides").because
    assert [event.result for event in mine.ended() if event.process == "tides"] == [Result.STALLED]
    mine.sees("neighbour", State.RUNNING)


def test_a_file_that_is_missing_is_told_and_asked_about_once_it_is_there(mine: Mine) -> None:
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    mine.sees("tides", State.FAILED, "there is no such plug-in")
    mine.write("plugins/tides.py", TIDES)
    mine.sees("tides", State.WAITING, APPROVAL)


def test_what_cannot_be_seen_cannot_be_approved(mine: Mine) -> None:
    path = mine.write("plugins/tides.py", TIDES + "# \u202e reversed\n")
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    mine.sees("tides", State.FAILED, f"{path}:15:3: U+202E cannot be seen")
    assert waiting(mine) == []


PACED = TIDES.replace("harbour: str\n", "harbour: str\n    pace: float = 0.05\n")


def given(mine: Mine) -> dict[str, tuple[object, str]]:
    mine.running.engine.ask(mine.running.engine.projections.show)
    row = mine.running.engine.view.value(Processes).named("tides")
    return {each.name: (each.value, str(each.origin)) for each in row.parameters} if row else {}


def test_its_parameters_are_checked_where_alone_it_may_be_imported(mine: Mine) -> None:
    adopt(mine, PACED)
    mine.sees("tides", State.RUNNING)
    with pytest.raises(ConfigurationFault, match=r"tides: there is no parameter 'speed'; there are harbour, pace"):
        mine.tell(SetParameters("tides", {"speed": 1}, once=False))
    with pytest.raises(ConfigurationFault, match=r"tides: pace: it should be a number"):
        mine.tell(RunNow("tides", {"pace": "slow"}))
    mine.tell(SetParameters("tides", {"pace": 0.02}, once=False))
    assert mine.unit("tides").settings == {"pace": 0.02}


def test_its_defaults_are_told_once_it_has_run(mine: Mine) -> None:
    adopt(mine, PACED)
    mine.until(lambda: "pace" in given(mine), "its child tells what it takes")
    assert given(mine) == {"pace": (0.05, "default"), "harbour": ("Husum", "definition")}


def test_one_that_may_not_run_cannot_be_set(mine: Mine) -> None:
    mine.write("plugins/tides.py", TIDES)
    mine.write("processes/tides.yaml", DEFINED)
    mine.start()
    with pytest.raises(NotNow, match="tides cannot be set: it waits for your approval of plug-in"):
        mine.tell(SetParameters("tides", {"harbour": "Kiel"}, once=False))


TELLING = """\
from services.core.events import Event
from services.core.process.context import Context
from services.core.process import Process


class Turned(Event, name="NAME"):
    number: int


class Tides(Process):
    harbour: str

    def run(self, context: Context) -> None:
        for number in range((context.position or {"number": 0})["number"] + 1, 4):
            context.emit(Turned(number))
            STEP
"""
STEPS = {
    "waits": "context.position = {'number': number}; context.keep()",
    "goes on": "context.checkpoint({'number': number})",
}


@pytest.mark.parametrize("step", STEPS)
def test_an_event_of_its_own_is_kept_by_its_name_and_starts_who_follows_it(mine: Mine, step: str) -> None:
    follower = "kind: script\nwith: {command: ['true']}\nschedule: [{on: tide.turned, where: {number: 3}}]\n"
    mine.write("processes/follower.yaml", follower)
    adopt(mine, TELLING.replace("NAME", "tide.turned").replace("STEP", STEPS[step]))
    assert end_of_run(mine).result is Result.FINISHED
    assert [(event.type_name, event.payload_fields()) for event in mine.events(ForeignEvent)] == [
        ("tide.turned", {"number": number}) for number in (1, 2, 3)
    ]
    assert mine.running.engine.orchestrator.records.position("tides") == {"number": 3}
    mine.until(lambda: [run for run in mine.ended() if run.process == "follower"], "the follower ran")


@pytest.mark.parametrize("step", STEPS)
def test_an_event_that_takes_a_name_of_the_programs_fails_its_run_and_the_position_stays(mine: Mine, step: str) -> None:
    adopt(mine, TELLING.replace("NAME", "bus.subscriber.detached").replace("STEP", STEPS[step]))
    ended = end_of_run(mine)
    assert ended.result is Result.FAILED
    assert ended.detail.startswith("bus.subscriber.detached v1: Object missing required field")
    assert ended.detail.endswith("an event of a plug-in's own needs a name that is no other's")
    assert mine.running.engine.orchestrator.records.position("tides") is None


def end_of_run(mine: Mine) -> RunEnded:
    ends = mine.until(lambda: [run for run in mine.ended() if run.process == "tides"], "its run ends")
    first: RunEnded = ends[0]
    return first


README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
(TERM,) = re.findall(r"^```python\n(def term.*?)^```$", README, re.M | re.S)
"""The one that the README shows."""


def test_a_term_of_a_strategy_waits_for_an_approval_too_and_is_then_run_by_backtests(
    mine: Mine, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mine.write("plugins/tides.py", TERM)
    terms = {"tide": {"kind": "plugin", "file": "tides.py", "looks_back": 1}}
    text = strategy_text(name="by-tides", data="generated", macd=None, entry=None, exit=-0.5, terms=terms)
    mine.write("strategies/trading/by-tides.yaml", text)
    backtest = ["--home", str(mine.home.root), "--json", "backtest", "by-tides"]
    assert main(backtest) == 2
    assert f"{path}: you have not approved this version of the plug-in. Start Dreamscape" in capsys.readouterr().err
    mine.start()
    row = question(mine)
    assert "def term(bars):" in str(row.evidence)
    assert mine.unit("by-tides").plan.awaits == APPROVAL
    mine.tell(ApproveDecision(row.id))
    mine.until(lambda: not mine.unit("by-tides").plan.awaits, "it waits no more")
    mine.stop()
    assert main(backtest) == 0
    assert len(json.loads(capsys.readouterr().out)["fills"]) > 100
    path.write_text(TERM + "# changed\n")
    assert main(backtest) == 2
    assert "you have not approved this version" in capsys.readouterr().err
