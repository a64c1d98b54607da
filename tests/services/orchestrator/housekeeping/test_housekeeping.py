"""Housekeeping runs under the orchestrator, by the calendar or when a person wants it."""

import os
from pathlib import Path

from services.core.durations import hours
from services.core.process import State
from services.orchestrator.commands import RunNow
from services.orchestrator.events import RunEnded
from services.orchestrator.housekeeping import Keeping, LogClearance, house_plans
from services.orchestrator.housekeeping.events import BackupMade, LogsCleared, RetentionDone, ReviewMade
from tests.support.days import pass_time, run_once
from tests.support.program import Program


def test_every_housekeeping_process_is_due_by_the_calendar_and_runs(kept: Program, tmp_path: Path) -> None:
    engine = kept.engine
    folders = {name: tmp_path / name for name in ("backups", "logs", "reports")}
    plans = house_plans(engine.projections, engine.files, **folders, keeping=Keeping(backups_keep=2))
    for plan, process in plans:
        kept.start(process, plan.name, triggers=plan.triggers, misfire=plan.misfire, grace=plan.grace)
        assert kept.state_of(plan.name) is State.WAITING
    for _ in range(8 * 24):
        pass_time(kept, hours(1))
    assert [event.result for event in kept.events(RunEnded) if event.result != "finished"] == []
    assert len(kept.events(BackupMade)) == 8
    assert len(list(folders["backups"].glob("dreamscape-*.db"))) == 2
    assert len(kept.events(RetentionDone)) == 32
    assert len(kept.events(ReviewMade)) == 1


def test_old_logs_and_dumps_go_and_the_log_being_written_stays(kept: Program, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    now = kept.clock.now().timestamp()
    for name, age_days in (
        ("dreamscape.log", 90),
        ("dreamscape.log.1", 40),
        ("dreamscape.log.2", 3),
        ("dreamscape.log.3", 2),
        ("ring-20260101T000000.0-r1.log", 31),
        ("notes.txt", 400),
    ):
        (logs / name).write_text("x" * 1000)
        os.utime(logs / name, (now - age_days * 86_400,) * 2)
    run_once(kept, LogClearance(logs, days=30, most_bytes=1500), "log-clearance")
    assert {path.name for path in logs.iterdir()} == {"dreamscape.log", "dreamscape.log.3", "notes.txt"}
    assert kept.events(LogsCleared) == [LogsCleared(3, 3000)]


def test_housekeeping_can_be_run_now_by_a_person(kept: Program, tmp_path: Path) -> None:
    plan, process = house_plans(
        kept.engine.projections, kept.engine.files, backups=tmp_path, logs=tmp_path, reports=tmp_path
    )[1]
    kept.start(process, plan.name, triggers=plan.triggers)
    kept.tell(RunNow(plan.name, {}))
    kept.advance(2)
    assert len(kept.events(BackupMade)) == 1
