import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from app.control import here
from app.control.answers import Answers
from app.control.at_rest import AtRest
from app.control.here import answer_here, open_here, read, tell
from app.control.lock import HomeLock
from app.control.protocol import Document, Request
from app.engine import Engine
from app.paths import Home
from app.wiring.own_files.files import default_file
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.core.commands import CommandGiven
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.durations import seconds
from services.core.effects import Details, Outcome
from services.core.errors import UserError
from services.core.logs.redaction import MASK
from services.core.process import ConfigurationFault, Process, State
from services.core.process.context import Context
from services.orchestrator.commands import NoSuchProcess, NotNow
from services.orchestrator.supervision.holds import HeldByGuard, HeldInPart, Hold
from services.orchestrator.triggers.trigger import Every
from tests.support.kept import MemoryKeyring, left_in
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program


class Patient(Process):
    """Waits, and reaches checkpoints while it does."""

    service = "trading"

    def run(self, context: Context) -> None:
        while True:
            context.wait(1, "the next second")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def left(home: Home) -> Program:
    """A program that ran two processes and has ended; ``restart`` brings it up again."""
    program = Program(home.root, ManualClock(), {WriteLine: LineWriter()}).open(all_projections())
    program.start(Patient(), "bot")
    program.start(Patient(), "hourly", triggers=(Every(seconds(3600)),))
    program.advance(2)
    program.close()
    return program


def rows(answer: Document) -> dict[str, str]:
    return {row["name"]: row["state"] for row in answer["processes"]}


def told(home: Home, do: str, name: str = "bot") -> Document:
    return answer_here(home, Request(do, {"process": name}))


def reopened(program: Program) -> Program:
    again = Program(program.folder, ManualClock(), program.handlers)
    again.plans = dict(program.plans)
    prepared = program.engine.orchestrator.supervisor.launcher.prepared
    again.engine.open(all_projections())
    again.engine.assemble(lambda learner, arms, rewards, origin, also: dict.fromkeys(arms, 1.0))
    again.engine.orchestrator.supervisor.launcher.prepared.update(prepared)
    again.engine.start(tuple(again.plans.values()))
    again.advance(2)
    return again


def test_what_ran_is_told_as_stopped_when_nothing_runs(home: Home, left: Program) -> None:
    answer = read(home, Request("ps"))
    assert answer["running"] is False
    assert rows(answer) == {"bot": "stopped", "hourly": "stopped"}
    assert "it was running" in answer["processes"][0]["because"]


def test_a_process_paused_at_rest_is_paused_at_the_next_start(home: Home, left: Program) -> None:
    assert rows(told(home, "pause")) == {"bot": "paused"}
    assert rows(read(home, Request("ps")))["bot"] == "paused"
    again = reopened(left)
    assert again.state_of("bot") is State.PAUSED
    assert [given.command for given in again.events(CommandGiven)] == ["process.pause"]
    again.close()


def test_a_process_resumed_at_rest_runs_at_the_next_start(home: Home, left: Program) -> None:
    told(home, "pause")
    assert rows(told(home, "resume")) == {"bot": "stopped"}
    again = reopened(left)
    assert again.state_of("bot") is State.RUNNING
    again.close()


def test_of_all_that_are_resumed_at_rest_those_that_are_held_stay_and_are_told(home: Home, left: Program) -> None:
    told(home, "pause", "*")
    stop = Hold("rule:drawdown stop", "its equity fell by 20 %", "re-arm the rule first")
    engine = open_here(home)
    held = {"bot": stop}
    AtRest(engine.journal, lambda name: "bots", held.get).register(engine.commands)
    tell = Answers(engine, home, running=False)
    with pytest.raises(HeldInPart) as part:
        tell(Request("resume", {"process": "*"}))
    assert str(part.value) == (
        "All others go on with the next start. bot stays as it is: its equity fell by 20 %; re-arm the rule first"
    )
    remembered = engine.orchestrator.records.remembered()
    assert {name: each.state for name, each in remembered.items()} == {"bot": State.PAUSED, "hourly": State.WAITING}
    held["hourly"] = stop
    with pytest.raises(HeldByGuard, match=r"^bot stays as it is: .*\. hourly stays as it is: "):
        tell(Request("resume", {"process": "*"}))
    engine.close()


def test_a_process_cancelled_at_rest_stays_stopped(home: Home, left: Program) -> None:
    told(home, "cancel")
    again = reopened(left)
    assert again.state_of("bot") is State.STOPPED
    assert again.state_of("hourly") is State.WAITING
    again.close()


def test_all_are_paused_at_rest(home: Home, left: Program) -> None:
    assert rows(told(home, "pause", "*")) == {"bot": "paused", "hourly": "paused"}


def test_parameters_set_at_rest_are_those_of_the_next_run(home: Home, left: Program) -> None:
    answer_here(home, Request("set", {"process": "bot", "parameters": {"speed": 2}, "once": False}))
    engine = open_here(home)
    assert engine.orchestrator.records.remembered()["bot"].settings == {"speed": 2}
    engine.close()


@pytest.mark.parametrize(
    "do, fields, why",
    [
        ("kill", {}, "not running"),
        ("run-now", {"overrides": {}}, "'dreamscape run' starts"),
        ("set", {"parameters": {"a": 1}, "once": True}, "no next run"),
        ("skip-next", {}, "no next time to skip"),
    ],
)
def test_what_needs_a_run_is_refused_at_rest(home: Home, left: Program, do: str, fields: Document, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        answer_here(home, Request(do, {"process": "bot", **fields}))


def test_a_refused_command_leaves_no_trace(home: Home, left: Program) -> None:
    with pytest.raises(NoSuchProcess, match="did you mean 'bot'"):
        told(home, "pause", "bott")
    again = reopened(left)
    assert again.events(CommandGiven) == []
    again.close()


def test_an_approval_at_rest_is_really_carried_out(
    home: Home, left: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(home: Home) -> Engine:
        engine = open_here(home)
        engine.handlers[WriteLine] = LineWriter()
        return engine

    monkeypatch.setattr(here, "open_here", opened)
    engine = opened(home)
    identity = engine.acts.propose(Origin("process:bot"), Proposal(WriteLine(str(tmp_path / "out"), "one")))
    engine.close()
    assert [item["id"] for item in read(home, Request("inbox"))["items"]] == [identity]
    (decision,) = tell(home, Request("approve", {"id": identity}))["decisions"]
    assert decision["verdict"] == "done"
    assert (tmp_path / "out").read_text() == "one\n"
    assert read(home, Request("inbox"))["items"] == []
    assert read(home, Request("decisions"))["decisions"][0]["verdict"] == "done"


def test_an_unknown_act_is_settled_at_rest(home: Home, left: Program, tmp_path: Path) -> None:
    class Foggy(LineWriter):
        """Nobody can tell what came of it."""

        def carry_out(self, effect: WriteLine) -> Details:
            raise ConnectionError("the line went dead")

        def look_up(self, effect: WriteLine) -> Outcome:
            raise ConnectionError("the line is dead")

    engine = open_here(home)
    engine.handlers[WriteLine] = Foggy()
    assert not engine.acts.decide(WriteLine(str(tmp_path / "out"), "one"), "because", "rule:x").done
    engine.close()
    (item,) = read(home, Request("inbox"))["items"]
    told = tell(home, Request("settle", {"id": item["id"], "done": True, "why": "I saw it"}))
    assert told["decisions"][0]["verdict"] == "done"
    assert read(home, Request("inbox"))["items"] == []


def test_a_process_can_be_added_and_removed_at_rest(home: Home, left: Program) -> None:
    added = tell(home, Request("process-add", {"name": "hi", "text": "kind: script\nwith: {command: echo hi}\n"}))
    assert Path(added["path"]).exists()
    assert tell(home, Request("process-remove", {"name": "hi"}))["removed"] is True
    assert not Path(added["path"]).exists()


def test_a_rule_that_comes_with_dreamscape_becomes_ones_own_before_anything_has_run(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    told = tell(home, Request("customise", {"file": "rules/drawdown.yaml", "name": ""}))
    own = home.strategies / "rules" / "drawdown.yaml"
    assert told["path"] == str(own)
    assert own.read_bytes() == default_file("rules/drawdown.yaml").read_bytes()
    own.write_text("- mine")
    tell(home, Request("customise", {"file": "rules/drawdown.yaml", "name": ""}))
    assert own.read_text() == "- mine", "what is there is kept"
    with pytest.raises(UserError, match=r"no such default.*rules/drawdown\.yaml"):
        tell(home, Request("customise", {"file": "rules/none.yaml", "name": ""}))


def test_looking_makes_no_home_and_takes_no_lock(tmp_path: Path, home: Home) -> None:
    assert read(Home(tmp_path / "none"), Request("ps"))["processes"] == []
    assert not (tmp_path / "none").exists()
    read(home, Request("ps"))
    assert not home.store.exists()


def test_nothing_is_done_here_while_another_holds_the_home(
    home: Home, left: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "PATIENCE", 0.1)
    with HomeLock(home), pytest.raises(UserError, match="does not answer"):
        tell(home, Request("pause", {"process": "bot"}))


def test_a_store_that_is_none_is_told_with_its_mend(home: Home) -> None:
    home.store.write_text("this is no database, whatever its name says, and it is long enough to be looked at")
    with pytest.raises(UserError, match="dreamscape restore"):
        read(home, Request("ps"))


def test_the_engine_opened_here_supervises_nothing(home: Home, left: Program) -> None:
    engine = open_here(home)
    assert engine.orchestrator.units == {}
    assert isinstance(engine.clock, SystemClock)
    engine.close()


class Paced(Process):
    """Takes a number."""

    pace: float = 1.0

    def run(self, context: Context) -> None:
        context.wait(self.pace, "the end")


def test_parameters_are_checked_at_rest_too_and_shown_with_their_origin(home: Home) -> None:
    program = Program(home.root, ManualClock()).open(all_projections())
    program.start(Paced, "paced")
    program.close()
    for wrong, told_of in (({"pace": "slow"}, "pace: it should be a number"), ({"speed": 1}, "'speed'")):
        with pytest.raises(ConfigurationFault, match=told_of):
            answer_here(home, Request("set", {"process": "paced", "parameters": wrong, "once": False}))
    answer_here(home, Request("set", {"process": "paced", "parameters": {"pace": 2}, "once": False}))
    (row,) = read(home, Request("ps", {"process": "paced"}))["processes"]
    assert [dict(each) for each in row["parameters"]] == [{"name": "pace", "value": 2, "origin": "set"}]


def test_what_is_put_off_at_rest_leaves_the_inbox(home: Home, left: Program) -> None:
    again = reopened(left)
    first = again.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(home.root / "out"), "one")))
    again.close()
    answer_here(home, Request("snooze", {"id": first, "seconds": 3600}))
    assert read(home, Request("inbox")) == {"items": [], "to_approve": 0, "to_look_at": 0, "snoozed": 1}
    (item,) = read(home, Request("inbox", {"all": True}))["items"]
    assert (item["id"], bool(item["snoozed_until"])) == (first, True)
    assert read(home, Request("decision", {"id": first[:5]}))["decisions"][0]["fields"]["line"] == "one"


@pytest.fixture(params=["environment", "section", "keyring"])
def secret(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key of the user's, wherever it may be kept."""
    value = "Zq81-horse-battery-pW"
    own, kept = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(kept)
    match request.param:
        case "environment":
            monkeypatch.setenv("DREAMSCAPE_TRADING__API_KEY", value)
        case "section":
            monkeypatch.setenv("DREAMSCAPE_TRADING", json.dumps({"api_key": value}))
        case "keyring":
            kept.set_password("dreamscape", "trading.api_key", value)
    yield value
    keyring.set_keyring(own)


def test_a_secret_that_is_told_at_rest_is_kept_nowhere(home: Home, left: Program, secret: str) -> None:
    engine = open_here(home)
    engine.handlers[WriteLine] = LineWriter()
    identity = engine.acts.propose(Origin("process:bot"), Proposal(WriteLine("out", "one")))
    engine.close()
    tell(home, Request("reject", {"id": identity, "why": f"the key {secret} is shown"}))
    (rejected,) = read(home, Request("decisions"))["decisions"]
    assert rejected["why"] == f"the key {MASK} is shown"
    assert not left_in(home.root, secret)


def test_trading_stopped_at_rest_stays_so_at_the_next_start_until_it_is_resumed(home: Home, left: Program) -> None:
    answer = answer_here(home, Request("stop-trading"))
    assert answer["held"] == ["bot", "hourly", "macd-eth-btc"], "one that has never run would trade from then on too"
    again = reopened(left)
    assert {name: (unit.state, unit.because) for name, unit in again.engine.orchestrator.units.items()} == {
        "bot": (State.PAUSED, "trading was stopped"),
        "hourly": (State.PAUSED, "trading was stopped"),
    }
    again.resume("bot")
    again.advance(2)
    assert again.state_of("bot") is State.RUNNING
    again.close()


def test_trading_is_stopped_before_anything_has_run(home: Home) -> None:
    assert tell(home, Request("stop-trading"))["held"] == ["macd-eth-btc"]
    (row,) = read(home, Request("ps"))["processes"]
    assert (row["name"], row["service"], row["state"]) == ("macd-eth-btc", "trading", "paused")
