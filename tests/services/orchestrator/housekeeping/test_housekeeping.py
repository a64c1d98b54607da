"""Housekeeping runs under the orchestrator, on a real store and real files, and tells the truth of what it did."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from services.core.blobs import keep_blob
from services.core.decisions.decision import Proposal
from services.core.decisions.inbox import Decisions
from services.core.decisions.ledger import Origin
from services.core.durations import hours, minutes, seconds
from services.core.events import Event
from services.core.process import Process, Restart, State
from services.core.process.context import Context
from services.core.projections import retention
from services.core.projections.kept import NoLongerKept
from services.core.samples import Rollup
from services.core.store.backup import restore_from
from services.core.store.beside import folder_of
from services.core.store.schema import blobs
from services.orchestrator.commands import RunNow
from services.orchestrator.events import Alert, AlertOver, ProcessChanged, RunEnded
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from services.orchestrator.housekeeping import Backup, Keeping, LogClearance, Retention, WeeklyReview, house_plans
from services.orchestrator.housekeeping.events import BackupMade, LogsCleared, RetentionDone, ReviewMade
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program

DAY = timedelta(days=1)


class Padded(Event, name="test.padded"):
    """An event of some size."""

    number: int
    text: str


class Fails(Process):
    """Works two seconds, then fails."""

    restart = Restart(first=seconds(1), at_most=2, within=minutes(10))

    def run(self, context: Context) -> None:
        context.wait(2, "trouble")
        raise RuntimeError("the sea | is <wide>")


@pytest.fixture
def kept(tmp_path: Path, clock: ManualClock) -> Program:
    """A program with the projections that pages read, and an outside to act on."""
    return Program(tmp_path, clock, {WriteLine: LineWriter()}).open([Processes(), RunHistory(), Pulse(), Decisions()])


@pytest.fixture(autouse=True)
def _closed(kept: Program):
    yield
    kept.close()


def run_once(program: Program, process: Process, name: str) -> None:
    """Put a process under supervision and let it run to its end."""
    program.start(process, name)
    program.advance(5)
    assert program.unit(name).state is State.STOPPED, program.unit(name).because


def live_days(program: Program, days: int, events_a_day: int = 40, text: str = "x" * 200) -> None:
    """Some days of events, a few each hour."""
    for day in range(days):
        for number in range(events_a_day):
            program.engine.journal.append(Padded(day * events_a_day + number, text))
            if number % 10 == 0:
                program.engine.journal.append(
                    ProcessChanged(f"p{number}", "test", State.RUNNING, f"day {day}", "user", day)
                )
            pass_time(program, DAY / events_a_day)


def pass_time(program: Program, duration: timedelta) -> None:
    """The wall clock goes on as over a machine that sleeps; then a moment awake, in which what is due is done."""
    assert isinstance(program.clock, ManualClock)
    program.clock.step_wall(duration - seconds(2))
    program.advance(2)


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


def test_events_go_only_behind_an_anchor_and_every_later_moment_is_built_as_it_was_shown(kept: Program) -> None:
    live_days(kept, 6)
    projections, journal = kept.engine.projections, kept.engine.journal
    moments = [kept.clock.now() - hours(ago) for ago in range(1, 6 * 24, 5)]
    shown = {moment: projections.all_at_seq([Processes], journal.seq_at(moment))[0].value() for moment in moments}
    before = len(list(journal.read()))
    run_once(kept, Retention(projections, kept.engine.files, keep_days=3), "retention")
    done = kept.events(RetentionDone)[-1]
    assert done.events > 0
    assert done.snapshots > 0
    assert done.since is not None
    assert kept.clock.now() - 4 * DAY - hours(2) <= done.since <= kept.clock.now() - 3 * DAY
    assert len(list(journal.read())) < before
    for moment, value in shown.items():
        if moment >= done.since:
            assert projections.all_at_seq([Processes], journal.seq_at(moment))[0].value() == value, moment
        else:
            with pytest.raises(NoLongerKept, match="no longer kept"):
                projections.all_at_seq([Processes], journal.seq_at(moment))


def test_a_projection_without_a_snapshot_keeps_all_events(kept: Program) -> None:
    live_days(kept, 5)
    forget = "DELETE FROM snapshots WHERE projection = 'pulse'"
    kept.wait(kept.engine.journal.write(lambda tx: tx.connection.exec_driver_sql(forget) and None))
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=1), "retention")
    assert kept.events(RetentionDone)[-1].events == 0
    assert kept.engine.projections.since() is None


def test_numbers_are_never_given_twice_after_a_removal(kept: Program) -> None:
    live_days(kept, 4)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=1), "retention")
    last = kept.engine.journal.health.last_seq
    kept.restart([Processes(), RunHistory(), Pulse(), Decisions()])
    assert kept.engine.journal.health.last_seq > last


def test_freed_pages_are_given_back_to_the_disk(kept: Program) -> None:
    live_days(kept, 4, text="x" * 20_000)
    store = kept.engine.store
    retention.shorten_log(store)
    before = store.path.stat().st_size
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=1), "retention")
    assert before > 3_000_000
    assert store.path.stat().st_size < 0.6 * before
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone()[0] == 0
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_damaged_files_that_were_set_aside_go_and_it_is_told(kept: Program) -> None:
    kept.engine.files.folder.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        (kept.engine.files.folder / f"minutes-2020-01-01.db.damaged-{number}").write_bytes(b"?")
    run_once(kept, Retention(kept.engine.projections, kept.engine.files), "retention")
    assert kept.events(RetentionDone)[-1].damaged_files == 2


def test_over_the_cap_finest_samples_go_first_then_events_behind_later_anchors(kept: Program) -> None:
    now = int(kept.clock.now().timestamp())
    for age in (1, 2):
        rollups = [Rollup(f"m{n}", now - age * 86_400 + n, 1, 1, 1, 1, 1) for n in range(16_000)]
        kept.engine.files.write(rollups, now)
    live_days(kept, 1)
    kept.engine.files.write([Rollup("m", now + 86_400, 1, 1, 1, 1, 1)], now + 86_401)
    finest = sorted(kept.engine.files.folder.glob("seconds-*.db"))
    taken = retention.used(kept.engine.store) + kept.engine.files.size()
    roomy = Retention(kept.engine.projections, kept.engine.files, cap_mb=1)
    assert taken > 1_000_000
    run_once(kept, roomy, "retention")
    done = kept.events(RetentionDone)[-1]
    assert done.sample_files > 0
    assert not finest[0].exists()
    assert done.events == 0, "samples sufficed"
    live_days(kept, 5, text="x" * 20_000)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, cap_mb=2), "cap")
    done = kept.events(RetentionDone)[-1]
    assert done.events > 0
    assert done.taken <= 2_000_000
    assert kept.events(Alert) == []


def test_a_cap_that_cannot_be_held_is_told(kept: Program) -> None:
    live_days(kept, 2, text="x" * 40_000)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, cap_mb=0), "retention")
    assert "cannot be held under its cap of 0 MB" in kept.events(Alert)[-1].what


def test_what_is_told_of_the_cap_is_over_once_it_is_held_again(kept: Program) -> None:
    def run(cap_mb: int) -> list[str]:
        process = Retention(kept.engine.projections, kept.engine.files, cap_mb=cap_mb)
        run_once(kept, process, f"retention-{len(kept.plans)}")
        kept.advance(1)
        return [alert.what for alert in kept.engine.view.value(Pulse).alerts]

    assert run(cap_mb=2048) == []
    (told,) = run(cap_mb=0)
    assert "cannot be held" in told
    assert len(run(cap_mb=0)) == 1, "told again in its own place"
    assert run(cap_mb=2048) == []
    assert run(cap_mb=2048) == []
    assert len(kept.events(AlertOver)) == 1


class Shelf:
    """An outside whose whole file is of long ago."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        path.write_bytes(b"x" * size)

    def shed(self, connection: Connection) -> int:
        self.path.write_bytes(b"")
        return 7


def test_over_the_cap_outsides_forget_what_is_old_before_any_event_goes(kept: Program, tmp_path: Path) -> None:
    live_days(kept, 3)
    shelf = Shelf(tmp_path / "shelf.db", 3_000_000)
    for cap_mb, shed, left in ((5, 0, 3_000_000), (2, 7, 0)):
        values = {"cap_mb": cap_mb, "books": {"the shelf": shelf.path}, "outsides": [shelf]}
        run_once(kept, Retention(kept.engine.projections, kept.engine.files, **values), f"cap-{cap_mb}")
        done = kept.events(RetentionDone)[-1]
        assert (done.shed, done.events, done.held, shelf.path.stat().st_size) == (shed, 0, True, left)


def test_a_backup_of_a_filled_store_is_restored_whole(kept: Program, tmp_path: Path) -> None:
    engine = kept.engine
    live_days(kept, 2)
    acted = engine.acts.decide(WriteLine(str(tmp_path / "out.txt"), "bought"), "because", "rule:test")
    assert acted.done
    run_once(kept, Backup(engine.store, tmp_path / "backups", keep=2), "store-backup")
    made = kept.events(BackupMade)[-1]
    told = kept.events(Padded)
    kept.engine.journal.append(Padded(999, "after the backup"))
    kept.close()
    store = engine.places.database
    restore_from(Path(made.path), store, tmp_path / "set-aside.db", kept.clock.now())
    kept.engine = kept._engine()
    kept.open([Processes(), RunHistory(), Pulse(), Decisions()])
    assert kept.events(Padded) == told
    value = kept.engine.view.value(Decisions)
    assert value.rows[0].what == "Write 'bought'"
    again = kept.engine.acts.decide(WriteLine(str(tmp_path / "out.txt"), "bought"), "because", "rule:test")
    assert again.done
    assert (tmp_path / "out.txt").read_text() == "bought\n", "the restored ledger knows that it is done"
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
    assert (tmp_path / "set-aside.db").exists()


def test_each_nights_backup_has_what_lies_beside_the_store_and_old_ones_go_with_theirs(
    kept: Program, tmp_path: Path
) -> None:
    root = kept.engine.places.database.parent
    (root / "accounts").mkdir()
    (root / "accounts" / "instance").write_text("0a1b2c3d")
    for _ in range(3):
        run_once(kept, Backup(kept.engine.store, tmp_path / "copies", keep=2), "store-backup")
    made = sorted((tmp_path / "copies").glob("*.db"))
    assert [folder_of(each) for each in made] == sorted((tmp_path / "copies").glob("*.beside"))
    assert len(made) == 2
    assert (folder_of(made[-1]) / "accounts" / "instance").read_text() == "0a1b2c3d"


def test_what_a_kill_left_beside_a_backup_that_was_not_made_goes_with_the_next_one(
    kept: Program, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    left, of_the_user = folder_of(copies / "dreamscape-20260101T000000.db"), folder_of(copies / "mine.db")
    for folder in (left, of_the_user):
        (folder / "accounts").mkdir(parents=True)
    run_once(kept, Backup(kept.engine.store, copies, keep=2), "store-backup")
    assert (left.exists(), of_the_user.exists()) == (False, True)


def test_a_backup_that_cannot_be_written_is_told_and_older_ones_stay(kept: Program, tmp_path: Path) -> None:
    blocked = tmp_path / "backups"
    blocked.write_text("a file where the folder should be")
    kept.start(Backup(kept.engine.store, blocked, keep=2), "store-backup")
    kept.advance(5)
    assert kept.state_of("store-backup") is State.FAILED
    assert "No backup was made" in kept.events(Alert)[0].what


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


def test_housekeeping_can_be_run_now_by_a_person(kept: Program, tmp_path: Path) -> None:
    plan, process = house_plans(
        kept.engine.projections, kept.engine.files, backups=tmp_path, logs=tmp_path, reports=tmp_path
    )[1]
    kept.start(process, plan.name, triggers=plan.triggers)
    kept.tell(RunNow(plan.name, {}))
    kept.advance(2)
    assert len(kept.events(BackupMade)) == 1


class Names(Event, name="test.names"):
    """An event that names a version of a file."""

    version: str


def kept_blob(program: Program, text: str) -> str:
    return str(program.wait(program.engine.journal.write(lambda tx: keep_blob(tx, text.encode()))))


def blobs_left(program: Program) -> set[str]:
    with program.engine.store.reading.connect() as connection:
        return {row.data.decode() for row in connection.execute(select(blobs))}


def test_a_blob_goes_once_nothing_that_is_kept_names_it(kept: Program) -> None:
    journal = kept.engine.journal
    journal.append(Names(kept_blob(kept, "named by an old event")))
    kept_blob(kept, "named by nothing")
    decided = kept_blob(kept, "named by a decision")
    asked = Proposal(WriteLine("versions.txt", decided), "it is new")
    kept.engine.acts.propose(Origin("program"), asked)
    late = kept_blob(kept, "named by a late event")
    again = kept_blob(kept, "kept once more since")
    live_days(kept, 6)
    journal.append(Names(late))
    assert kept_blob(kept, "kept once more since") == again
    kept_blob(kept, "young and not yet named")
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=3), "retention")
    assert kept.events(RetentionDone)[-1].blobs == 2
    assert blobs_left(kept) == {
        "named by a decision",
        "named by a late event",
        "kept once more since",
        "young and not yet named",
    }


def test_a_blob_that_a_kept_snapshot_names_stays(kept: Program) -> None:
    version = kept_blob(kept, "in force")
    kept.engine.journal.append(ProcessChanged("bot", "test", State.RUNNING, f"runs version {version}", "user", 0))
    live_days(kept, 6)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=3), "retention")
    assert kept.events(RetentionDone)[-1].events > 0
    assert blobs_left(kept) == {"in force"}


def test_nothing_goes_while_all_moments_are_kept(kept: Program) -> None:
    kept_blob(kept, "named by nothing")
    live_days(kept, 2)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=30), "retention")
    assert blobs_left(kept) == {"named by nothing"}
