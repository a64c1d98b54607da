"""The debugger's figures follow from its events alone, and survive being frozen and thawed."""

from datetime import UTC, datetime, timedelta

from services.core.events import Event, Recorded
from services.core.projections.projection import fold_all
from services.debugger.events import FindingMade, ProjectFound, Scanned, SuiteEnded
from services.debugger.kpis import DebuggerKpis

START = datetime(2026, 11, 21, tzinfo=UTC)
FINDING = FindingMade("error", "no pytest", "python", "install it")


def found(root="/shop"):
    return ProjectFound(root, True, "python", "3.12.1", "8.4", ["tests"], ["."], {})


def ended(passed, failed=0, errors=0, how="complete", why=""):
    told = passed + failed + errors
    passing = 100 * passed / told if how == "complete" and told else None
    return SuiteEnded(how, passed, failed, errors, 0, told, 0, 1.5, passing, why)


def record(*facts: tuple[str, Event]) -> list[Recorded]:
    return [Recorded(n, START + timedelta(minutes=n), source, event) for n, (source, event) in enumerate(facts)]


def test_nothing_told_is_nothing_claimed():
    figures = DebuggerKpis().value()
    assert (figures.passing, figures.failing, figures.last_run, figures.projects) == (None, 0, None, ())


def test_all_projects_together_count_by_their_tests():
    figures = fold_all(DebuggerKpis(), record(("a", ended(90, 10)), ("b", ended(297, 0, 3))))
    assert figures.passing == 100 * 387 / 400
    assert figures.failing == 13
    assert figures.last_run == START + timedelta(minutes=1)
    assert [(each.process, each.passing) for each in figures.projects] == [("a", 90.0), ("b", 99.0)]


def test_a_run_that_is_no_verdict_claims_no_percentage_and_says_why():
    figures = fold_all(DebuggerKpis(), record(("a", ended(9, 1)), ("a", ended(5, how="cut", why="it was cut"))))
    assert figures.passing is None
    assert (figures.projects[0].how, figures.projects[0].why) == ("cut", "it was cut")


def test_a_finding_stands_once_until_the_next_cycle():
    both = [("a", found()), ("a", FINDING), ("a", FINDING), ("b", FINDING)]
    assert fold_all(DebuggerKpis(), record(*both)).findings == 2
    figures = fold_all(DebuggerKpis(), record(*both, ("a", found())))
    assert [(each.process, len(each.findings)) for each in figures.projects] == [("a", 0), ("b", 1)]


def test_a_thawed_state_gives_the_same_figures():
    scanned = Scanned(3, 200, 10, 3, 0, 0.1, [])
    live = DebuggerKpis()
    for recorded in record(("a", found()), ("a", scanned), ("a", FINDING), ("a", ended(9, 1))):
        assert live.take(recorded)
    restored = DebuggerKpis()
    restored.thaw(live.freeze())
    assert restored.value() == live.value()
    assert restored.value().projects[0].lines == 200
