"""What a rule asked for is looked up by the very act: no other one of the same rule is taken for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring.rules.rule_actions import ApplyRule, RuleActions
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Origin
from services.core.effects import Standing
from services.core.process import Process
from services.core.process.context import Context
from tests.support.manual_clock import ManualClock
from tests.support.program import Program


class Naps(Process):
    """Sleeps."""

    def run(self, context: Context) -> None:
        while True:
            context.wait(1, "the next nap")


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    running = Program(tmp_path, clock).open()
    running.engine.acts.handlers[ApplyRule] = RuleActions(running.engine)
    running.start(Naps(), "nap")
    yield running
    running.close()


def intended(program: Program, effect: ApplyRule) -> None:
    """As a crash leaves it that comes before the act."""
    new = ledger.NewDecision(effect, Origin(f"rule:{effect.rule}"), "", Verdict.INTENDED)
    program.wait(program.engine.journal.write(lambda tx: ledger.enter(tx, new)))


@pytest.mark.parametrize("verb", ["alert", "pause"])
def test_of_two_acts_of_a_rule_each_is_found_by_itself(program: Program, verb: str) -> None:
    target = "" if verb == "alert" else "nap"
    crashed, later = (ApplyRule("stop", "nap", verb, target, cause) for cause in ("7", "8"))
    intended(program, crashed)
    assert program.engine.acts.decide(later, "", "rule:stop").done
    look_up = RuleActions(program.engine).look_up
    assert look_up(later).standing is Standing.DONE
    found = look_up(crashed)
    assert (found.standing, found.why) == (Standing.NOT_DONE, "the program ended before it was done")
    assert program.engine.acts.decide(crashed, "", "rule:stop").done, "so it is done now"
    assert look_up(crashed).standing is Standing.DONE
