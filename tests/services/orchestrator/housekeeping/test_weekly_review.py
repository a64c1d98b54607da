"""The weekly review tells true numbers of what ran and of what was done."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.decisions.inbox import Decisions
from services.core.durations import minutes, seconds
from services.core.process import Process, Restart
from services.core.process.context import Context
from services.orchestrator.housekeeping import WeeklyReview
from services.orchestrator.housekeeping.events import ReviewMade
from tests.support.days import pass_time, run_once
from tests.support.processes import WriteLine
from tests.support.program import Program


class Fails(Process):
    """Works two seconds, then fails."""

    restart = Restart(first=seconds(1), at_most=2, within=minutes(10))

    def run(self, context: Context) -> None:
        context.wait(2, "trouble")
        raise RuntimeError("the sea | is <wide>")


def test_the_weekly_review_tells_true_numbers(kept: Program, tmp_path: Path) -> None:
    acts = kept.engine.acts
    kept.start(Fails(), "bad|bot")
    kept.advance(minutes(5))
    out = str(tmp_path / "out.txt")
    for number in range(3):
        acts.decide(WriteLine(out, f"line {number}"), "because", "rule:floor")
    kept.advance(1)
    undone = kept.engine.view.value(Decisions).rows[0]
    acts.undo(undone.id)
    acts.decide(WriteLine(out, "by hand"), "because", "user")
    kept.advance(1)
    run_once(kept, WeeklyReview(kept.engine.journal, tmp_path / "reports"), "weekly-review")
    review = kept.events(ReviewMade)[-1]
    rows = {row.process: row for row in review.rows}
    bad = rows["bad|bot"]
    assert (bad.runs, bad.failures, bad.restarts, bad.alone) == (3, 3, 2, 2)
    assert bad.p95_seconds == pytest.approx(2, abs=0.5)
    assert bad.errors == ("3× RuntimeError: the sea | is <wide>",)
    assert (rows["dreamscape"].alone, rows["dreamscape"].undone) == (3, 1)
    assert (review.alone, review.undone, review.failures) == (5, 1, 3)
    text = Path(review.report).read_text(encoding="utf-8")
    assert "| bad\\|bot | 3 | 3 | 2 |" in text
    assert "the sea \\| is \\<wide\\>" in text


def test_the_review_leaves_out_what_was_before_the_week(kept: Program, tmp_path: Path) -> None:
    kept.start(Fails(), "bot")
    kept.advance(minutes(5))
    kept.cancel()
    pass_time(kept, timedelta(days=8))
    run_once(kept, WeeklyReview(kept.engine.journal, tmp_path / "reports"), "weekly-review")
    review = kept.events(ReviewMade)[-1]
    assert review.runs == review.failures == 0
    assert "0 runs" in Path(review.report).read_text(encoding="utf-8")
