"""What the debugger finds waits in the Inbox until it is mended, and stays away once it was dismissed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.wiring.concerns import Concerns, refuse_looks
from services.core.decisions.commands import ApproveDecision, LookNow, RejectDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionTaken
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.decisions.ledger import NotWaiting
from services.core.events import Recorded
from services.core.process import ConfigurationFault, Process
from services.core.process.context import Context
from services.debugger.events import FindingMade, ProjectFound, SuiteEnded, TestFailed
from services.orchestrator.commands import NotNow, RunNow
from services.orchestrator.events import RunStarted
from tests.support.manual_clock import ManualClock
from tests.support.own import Mine
from tests.support.program import Program

NO_PYTEST = FindingMade("error", "pytest is missing", "/shop/.venv/bin/python", "install it there")
ODD = FindingMade("warning", "it cannot be parsed: line 1", "odd.py", "mend the syntax")
ODDER = FindingMade("warning", "it cannot be parsed: line 9", "odder.py", "mend the syntax")
NOTE = FindingMade("note", "left out of the copy: .env", "/shop", "let the test make its own")


class Finds(Process):
    """Tells what a project watch would; what it finds is laid into the class by the test."""

    finds: tuple = ()
    wrong: str = ""

    def run(self, context: Context) -> None:
        context.emit(ProjectFound("/shop", True, "", "", "", [], [], {}))
        context.emit(*self.finds)
        if self.wrong:
            raise ConfigurationFault(self.wrong)


def suite(*failing: str) -> tuple[object, ...]:
    bad = len(failing)
    told = [TestFailed(name, "failed", "assert 1 == 2", "tests/test_shop.py:4", 0.1) for name in failing]
    return (*told, SuiteEnded("complete", 40 - bad, bad, 0, 0, 40, 0, 1.0, 100 * (40 - bad) / 40))


class Shop:
    """A project watch over what each cycle is said to find."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.watch = Finds()

    def cycle(self, *finds: object, wrong: str = "") -> list[str]:
        """Run once; tells what then waits."""
        self.watch.finds, self.watch.wrong = finds, wrong
        if "shop" in self.program.engine.orchestrator.units:
            self.program.tell(RunNow("shop", {}))
        else:
            self.program.start(self.watch, "shop")
        return [row.what for row in self.waiting()]

    def waiting(self) -> list[DecisionRow]:
        self.program.advance(0.5)
        self.program.engine.ask(self.program.engine.projections.show)
        return list(self.program.engine.view.value(Decisions).waiting)

    def verdicts(self) -> list[tuple[Verdict, str]]:
        self.waiting()
        return [(row.verdict, row.why) for row in self.program.engine.view.value(Decisions).rows]


@pytest.fixture
def shop(tmp_path: Path, clock: ManualClock) -> Iterator[Shop]:
    program = Program(tmp_path, clock).open([Decisions()])
    Concerns(program.engine).open()
    yield Shop(program)
    program.close()


def test_what_is_wrong_waits_with_its_place_and_its_mend(shop: Shop) -> None:
    assert shop.cycle(NO_PYTEST, NOTE) == ["shop: pytest is missing"]
    (row,) = shop.waiting()
    assert (row.process, row.by) == ("shop", "process:shop")
    assert row.because == {"where": "/shop/.venv/bin/python", "mend": "install it there"}


def test_findings_that_are_mended_alike_are_one_item(shop: Shop) -> None:
    assert shop.cycle(ODD, ODDER) == ["shop: it cannot be parsed: line 1 (and 1 more like it)"]
    assert shop.waiting()[0].evidence == {
        "found": "odd.py: it cannot be parsed: line 1\nodder.py: it cannot be parsed: line 9"
    }


def test_a_failing_suite_names_its_tests(shop: Shop) -> None:
    assert shop.cycle(*suite("test_shop.py::test_half", "test_shop.py::test_third")) == ["shop: 2 of 40 tests fail"]
    assert "test_shop.py::test_half: assert 1 == 2" in shop.waiting()[0].evidence["found"]


def test_what_is_still_there_is_not_asked_twice_and_what_is_mended_is_gone_by_itself(shop: Shop) -> None:
    shop.cycle(NO_PYTEST, ODD)
    assert len(shop.cycle(NO_PYTEST, ODD)) == 2
    assert shop.cycle(ODD) == ["shop: it cannot be parsed: line 1"]
    assert (Verdict.EXPIRED, "it was looked at again, and this is gone") in shop.verdicts()
    assert shop.cycle(*suite()) == []


def test_what_was_dismissed_stays_away_until_it_has_been_mended_and_comes_again(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    shop.program.tell(RejectDecision(shop.waiting()[0].id, "not now"))
    assert shop.cycle(NO_PYTEST) == []
    assert shop.cycle(NO_PYTEST) == []
    assert shop.cycle() == []
    assert shop.cycle(NO_PYTEST) == ["shop: pytest is missing"]


def test_it_asks_to_be_looked_at_and_not_to_be_approved(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    (row,) = shop.waiting()
    assert (row.word, row.finding, row.to_look_at) == ("Look again", True, True)
    with pytest.raises(NotWaiting, match="nothing to approve"):
        shop.program.tell(ApproveDecision(row.id))
    assert shop.waiting() == [row]


def test_what_was_found_before_findings_were_told_apart_is_to_be_looked_at_too(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    (row,) = shop.waiting()
    (taken,) = shop.program.events(DecisionTaken)
    old, kept = Decisions(), Decisions()
    old.take(Recorded(1, row.at, "shop", replace(taken, word="", finding=False)))
    kept.thaw(old.freeze().replace(b'"finding":true', b'"finding":false').replace(b'"Look again"', b'"Approve"'))
    for each in (old, kept):
        (found,) = each.value().waiting
        assert (found.word, found.finding, each.value().to_approve) == ("Look again", True, 0)
    strange = Decisions()
    strange.take(Recorded(1, row.at, "shop", replace(taken, kind="of.another.version", word="Try", finding=True)))
    (found,) = strange.value().waiting
    assert (found.word, found.finding) == ("Try", True), "of a kind that nobody knows what was kept counts"


def test_looked_at_again_it_says_that_it_is_still_there_or_goes_and_says_so(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    (row,), before = shop.waiting(), len(shop.program.events(RunStarted))
    shop.program.tell(LookNow(row.id[:6]))
    (still,) = shop.waiting()
    assert (still.id, still.why) == (row.id, "it was looked at again, and it is still there")
    assert len(shop.program.events(RunStarted)) == before + 1
    shop.watch.finds = ()
    shop.program.tell(LookNow(row.id))
    assert shop.waiting() == []
    assert shop.verdicts() == [(Verdict.EXPIRED, "it was looked at again, and this is gone")]


def test_that_it_could_not_be_looked_at_again_is_said_too(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    shop.watch.wrong = "there is no such folder"
    shop.program.tell(LookNow(shop.waiting()[0].id))
    assert shop.waiting()[0].why == "it could not be looked at again: there is no such folder"


def test_what_is_settled_is_not_looked_at_again(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    identity = shop.waiting()[0].id
    shop.program.tell(RejectDecision(identity, ""))
    with pytest.raises(NotWaiting, match="is rejected and cannot be looked at again"):
        shop.program.tell(LookNow(identity))


def test_a_cycle_that_did_not_come_to_its_end_takes_nothing_away(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    assert sorted(shop.cycle(ODD, wrong="there is no such folder")) == [
        "shop: it cannot be parsed: line 1",
        "shop: pytest is missing",
    ]


def test_what_waits_about_a_removed_process_is_withdrawn(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    shop.program.engine.ask(lambda: shop.program.engine.orchestrator.remove("shop", "user"))
    assert shop.waiting() == []
    assert shop.verdicts()[0] == (Verdict.EXPIRED, "the process is no longer there")


def test_a_process_removed_while_nobody_listened_is_noticed_at_the_next_start(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    shop.program.plans.clear()
    shop.program.restart([Decisions()])
    concerns = Concerns(shop.program.engine)
    concerns.open()
    concerns.forget_gone(("another",))
    assert shop.waiting() == []


def test_nothing_can_be_looked_at_while_nothing_runs(shop: Shop) -> None:
    shop.cycle(NO_PYTEST)
    refuse_looks(shop.program.engine.commands)
    with pytest.raises(NotNow, match="'dreamscape run' starts it"):
        shop.program.tell(LookNow(shop.waiting()[0].id))
    assert len(shop.waiting()) == 1


def test_a_real_project_without_an_interpreter_waits_in_the_inbox(mine: Mine, tmp_path: Path) -> None:
    root = tmp_path / "billing"
    (root / "tests").mkdir(parents=True)
    (root / "tests" / "test_billing.py").write_text("def test_it():\n    pass\n")
    mine.write("processes/billing.yaml", f"kind: debugger.project\nwith: {{path: {root}}}\n")
    mine.start()
    mine.tell(RunNow("billing", {}))

    def waiting() -> list[DecisionRow]:
        mine.running.engine.ask(mine.running.engine.projections.show)
        return list(mine.running.engine.view.value(Decisions).waiting)

    (row,) = mine.until(waiting, "the Inbox asks")
    assert row.what == "billing: the project has no interpreter of its own, so its tests cannot be run"
    assert "python -m venv" in row.because["mend"]
    mine.tell(RejectDecision(row.id, ""))
    assert waiting() == []
