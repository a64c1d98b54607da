"""Which alerts are open: one line for each matter, and none about what is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.durations import minutes
from services.core.events import Event, Recorded
from services.core.projections.projection import fold_all
from services.core.rules.events import RuleMoved
from services.orchestrator.commands import CancelProcess
from services.orchestrator.events import RUN_FAILED, Alert, ProcessRemoved, of_rule
from services.orchestrator.history.alerts import AlertRow
from services.orchestrator.history.projections import Pulse
from tests.services.orchestrator.supervision.test_healing import FailsFirst, Recovers
from tests.support.bots import Fails
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program


@pytest.fixture
def seen(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    """A program whose alerts can be looked at."""
    running = Program(tmp_path, clock).open([Pulse()])
    yield running
    running.close()


def shown(program: Program) -> list[tuple[str, int]]:
    """The open alerts: what each is about, and how often it was told."""
    return [(alert.about, alert.times) for alert in program.engine.view.value(Pulse).alerts]


def folded(*events: Event) -> tuple[AlertRow, ...]:
    """What is open after these events, a minute apart."""
    recorded = (Recorded(seq, START + seq * minutes(1), "", event) for seq, event in enumerate(events, 1))
    return fold_all(Pulse(), recorded).alerts


def moved(after: str, rule: str = "stop", each: str = "mine") -> RuleMoved:
    return RuleMoved(rule, each, "normal", after, "0.3 is above 0.2", [], [], "")


def fired(rule: str = "stop", each: str = "mine") -> Alert:
    return Alert(f"rule “{rule}” fired for {each}", each, "a key", of_rule(rule))


def test_failures_of_one_process_are_one_line_with_how_often_and_since_when(seen: Program) -> None:
    seen.start(Fails)
    seen.advance(minutes(5))
    (first,) = seen.engine.view.value(Pulse).alerts
    seen.advance(minutes(30))
    (alert,) = seen.engine.view.value(Pulse).alerts
    assert len(seen.events(Alert)) == alert.times == 3
    assert alert.since == first.at < alert.at
    assert "the one try while the circuit was open failed as well" in alert.what
    seen.tell(CancelProcess("bot"))
    seen.advance(1)
    assert shown(seen) == [], "who stopped it knows"


@pytest.mark.parametrize("again", [False, True])
def test_failures_are_over_once_a_run_has_lived_as_long_as_restarts_are_counted(seen: Program, again: bool) -> None:
    seen.start(FailsFirst)
    seen.advance(minutes(1))
    assert shown(seen) == [("bot", 1)]
    seen.advance(minutes(15) + minutes(9))
    assert shown(seen) == [("bot", 1)], "it runs, but not for long"
    if again:
        seen.restart([Pulse()])
        seen.advance(minutes(9))
        assert shown(seen) == [("bot", 1)], "the run is a new one"
    seen.advance(minutes(2))
    assert shown(seen) == []


def test_failures_are_over_with_a_run_that_comes_to_its_end(seen: Program) -> None:
    seen.start(Recovers)
    seen.advance(minutes(1))
    assert shown(seen) == [("bot", 1)]
    seen.advance(minutes(16))
    assert shown(seen) == []


def test_what_a_rule_told_is_over_with_its_incident_for_that_subject_alone() -> None:
    both = (moved("firing"), moved("firing", each="other"), fired(), fired(each="other"))
    assert [alert.about for alert in folded(*both, moved("recovering"), moved("error"))] == ["other", "mine"]
    assert [alert.about for alert in folded(*both, moved("normal"))] == ["other"]
    assert [alert.about for alert in folded(*both, moved("normal"), moved("firing"), fired())] == ["mine", "other"]


def test_an_alert_that_comes_when_its_incident_is_over_is_not_shown() -> None:
    assert folded(moved("firing"), moved("normal"), fired()) == ()


def test_the_same_words_about_the_same_thing_are_one_line_and_others_are_not() -> None:
    full, empty, elsewhere = Alert("it is full", "disk"), Alert("it is empty", "disk"), Alert("it is full", "cup")
    assert [(row.what, row.about, row.times) for row in folded(full, empty, full, elsewhere)] == [
        ("it is full", "cup", 1),
        ("it is full", "disk", 2),
        ("it is empty", "disk", 1),
    ]
    assert folded(full, ProcessRemoved("disk", "user")) == ()


@pytest.mark.parametrize(
    ("payload", "matter"),
    [
        ('{"what": "bot failed: no net", "about": "bot"}', RUN_FAILED),
        ('{"what": "fired", "about": "bot", "cause": "rule:a: b:bot:alert::17"}', of_rule("a: b")),
        ('{"what": "fired", "about": "all", "cause": "rule:all::alert::17"}', of_rule("all")),
        ('{"what": "it is full", "about": "disk", "cause": ""}', ""),
    ],
)
def test_the_matter_of_an_alert_of_an_earlier_version_is_known(payload: str, matter: str) -> None:
    assert Alert.decode(payload, 1).matter == matter
