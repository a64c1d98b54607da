"""Health in one word, with threads that had to be given up beside it."""

from app.runtime.desk.frame import health
from services.core.journal.writer import JournalHealth
from services.core.rules.standings import RulesValue
from services.orchestrator.history.projections import ProcessesValue, PulseValue


def test_threads_that_were_given_up_are_counted_for_the_user() -> None:
    calm = health(ProcessesValue(), PulseValue(), RulesValue(), "", safe_mode=False)
    assert "given up" not in calm.tip
    one = health(ProcessesValue(), PulseValue(), RulesValue(), "", safe_mode=False, abandoned=1)
    assert (one.status, one.text) == (calm.status, calm.text)
    assert one.tip.endswith("1 thread still stands that had to be given up; a restart ends it.")
    many = health(
        ProcessesValue(),
        PulseValue(),
        RulesValue(),
        JournalHealth(trouble="the disk is full").told,
        safe_mode=False,
        abandoned=3,
    )
    assert many.tip.startswith("The store does not take writes: the disk is full.")
    assert many.tip.endswith(" 3 threads still stand that had to be given up; a restart ends them.")
