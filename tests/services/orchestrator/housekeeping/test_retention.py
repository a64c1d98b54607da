"""What is cleared of the store as time passes or room runs out, and what never goes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from services.core.decisions.inbox import Decisions
from services.core.durations import hours
from services.core.projections import retention
from services.core.projections.kept import NoLongerKept
from services.core.samples import Rollup
from services.orchestrator.events import Alert, AlertOver
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from services.orchestrator.housekeeping import Retention
from services.orchestrator.housekeeping.events import RetentionDone
from tests.support.days import DAY, live_days, run_once
from tests.support.program import Program


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
