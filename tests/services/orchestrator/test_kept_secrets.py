"""What dies with a secret on its lips: how it ended is kept and told, the secret is not."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.control.at_rest import AtRest
from services.core.clock import SystemClock
from services.core.commands import accepted
from services.core.decisions import ledger
from services.core.decisions.commands import EditDecision, RejectDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.durations import seconds
from services.core.effects import Details
from services.core.errors import UserError
from services.core.logs.redaction import MASK
from services.core.process import Isolation, Restart, State
from services.core.store.schema import processes
from services.orchestrator.commands import AddProcess, RunNow, SetParameters
from services.orchestrator.events import Alert, ProcessChanged, RunEnded
from services.orchestrator.scripts.script import Script
from tests.support.kept import left_in
from tests.support.processes import LOOKS_LIKE_ONE, REGISTERED, SAYS, Idles, LineWriter, Refused, Remembers, WriteLine
from tests.support.program import Program

SECRETS = (REGISTERED, LOOKS_LIKE_ONE)
ONCE = Restart(first=seconds(0.01), at_most=1)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path / "home", SystemClock())
    running.folder.mkdir()
    running.engine.redactor.register(REGISTERED)
    yield running.open()
    running.close()
    assert not left_in(running.folder, *SECRETS), "nor when the program has ended"


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def fails_for_good(program: Program) -> None:
    until(lambda: program.state_of() is State.FAILED)
    ended = program.events(RunEnded)
    assert ended
    assert all(f"401 for {MASK} at /v1?api_key={MASK}&limit=5" in each.detail for each in ended)
    assert any(MASK in each.because for each in program.events(ProcessChanged))
    assert any(MASK in str(each.because) for each in program.events(DecisionTaken)), "the restart says after what"
    assert any(MASK in each.what for each in program.events(Alert))
    assert MASK in program.unit().because
    assert not left_in(program.folder, *SECRETS)


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_process_that_dies_with_a_secret_leaves_it_nowhere(real: Program, isolation: Isolation) -> None:
    real.start(Refused if isolation is Isolation.PROCESS else Refused(), isolation=isolation, restart=ONCE)
    fails_for_good(real)
    assert all("RuntimeError: 401" in each.traceback for each in real.events(RunEnded)), "where it failed is told"


def test_a_script_that_dies_with_a_secret_leaves_it_nowhere(real: Program, tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text(f"raise RuntimeError({SAYS!r})", encoding="utf-8")
    given = {"command": str(path), "folder": str(tmp_path), "interpreter": sys.executable}
    real.start(Script, parameters=given, restart=ONCE)
    fails_for_good(real)


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_position_is_kept_without_a_registered_secret(real: Program, isolation: Isolation) -> None:
    real.start(Remembers if isolation is Isolation.PROCESS else Remembers(), isolation=isolation)

    def kept() -> Any:
        with real.engine.store.reading.connect() as connection:
            return connection.execute(select(processes.c.position)).scalar_one_or_none()

    until(kept)
    told = f"next_token=a1 with {MASK}"
    assert json.loads(kept()) == {"asked": told, "number": 7}, "all else is to the letter, for it goes on with it"


def test_an_outcome_is_kept_without_a_registered_secret(real: Program) -> None:
    class Repeats(LineWriter):
        def carry_out(self, effect: WriteLine) -> Details:
            return {"id": "a1", "answer": f"signed with {REGISTERED}"}

    real.engine.handlers[WriteLine] = Repeats()
    real.engine.acts.decide(WriteLine(str(real.folder / "out"), "one"), "because", "rule:x")
    with real.engine.store.reading.connect() as connection:
        (entry,) = ledger.done(connection, ["test.write_line"])
    assert entry.decision.outcome == {"id": "a1", "answer": f"signed with {MASK}"}


def test_an_effect_that_holds_a_registered_secret_is_refused(real: Program) -> None:
    real.engine.handlers[WriteLine] = LineWriter()
    with pytest.raises(UserError, match=r"^test\.write_line, line: it holds a secret that is kept in the keyring"):
        real.engine.acts.decide(WriteLine(str(real.folder / "out"), REGISTERED), "because", "rule:x")
    identity = real.engine.acts.propose(ledger.Origin("rule:x"), Proposal(WriteLine(str(real.folder / "out"), "one")))
    with pytest.raises(UserError, match=r"^decision\.edit, changes: it holds a secret"):
        real.tell(EditDecision(identity, {"line": REGISTERED}))
    real.tell(RejectDecision(identity, f"it would write {REGISTERED}"))
    (rejected,) = [each for each in real.events(DecisionChanged) if each.verdict is Verdict.REJECTED]
    assert rejected.why == f"it would write {MASK}"


def test_a_parameter_that_holds_a_registered_secret_is_refused(real: Program) -> None:
    real.start(Idles())
    for command in (
        SetParameters("bot", {"login": {"with": REGISTERED}}, once=False),
        SetParameters("bot", {"login": REGISTERED}, once=True),
        RunNow("bot", {"login": REGISTERED}),
    ):
        with pytest.raises(UserError, match=r"^parameters of bot, login: it holds a secret"):
            real.tell(command)
    assert (real.unit().settings, real.unit().once) == ({}, {})
    at_rest = AtRest(real.engine.journal, lambda name: "system")
    at_rest.register(real.engine.commands)
    with pytest.raises(UserError, match=r"^parameters of bot, login: it holds a secret"):
        real.tell(SetParameters("bot", {"login": REGISTERED}, once=False))


def test_a_definition_that_holds_a_registered_secret_is_not_accepted(real: Program) -> None:
    told = AddProcess("bot", f"process: bot\nwith: {{key: {REGISTERED}}}\n")
    with pytest.raises(UserError, match=r"^process\.add, text: it holds a secret"):
        real.wait(real.engine.journal.write(lambda tx: accepted.accept(tx, told, "user")))
