"""The plans of housekeeping: when each process is due, and the live parts it works on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.core.decisions.condensing import Endings
from services.core.durations import hours
from services.core.process import Process
from services.core.projections.kept import Projections
from services.core.samples.files import SampleFiles
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.housekeeping.backup import Backup
from services.orchestrator.housekeeping.disk_cap import Sheds
from services.orchestrator.housekeeping.log_clearance import LogClearance
from services.orchestrator.housekeeping.retention import Retention
from services.orchestrator.housekeeping.weekly_review import WeeklyReview
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.trigger import Cron

REVIEW = "weekly-review"
"""The process that writes the performance review."""


@dataclass(frozen=True)
class Keeping:
    """How much is kept, and for how long. The defaults are those of the settings; the last two have no setting."""

    disk_cap_mb: int = 2048
    events_keep_days: int = 365
    decisions_keep_days: int = 400
    replay_keep_days: int = 3
    backups_keep: int = 7
    logs_keep_days: int = 30
    logs_most_bytes: int = 100_000_000


def house_plans(
    projections: Projections,
    files: SampleFiles,
    *,
    backups: Path,
    logs: Path,
    reports: Path,
    endings: Endings | None = None,
    books: Mapping[str, Path] | None = None,
    outsides: Sequence[Sheds] = (),
    keeping: Keeping = Keeping(),
) -> list[tuple[Plan, Process]]:
    """Housekeeping's processes with their plans; each object goes to ``Launcher.prepared`` under its plan's path.

    ``endings`` knows what of the ledger may go, and ``books`` are the files of simulated outsides that the cap counts,
    of which ``outsides`` forget what is old where room is short.
    What was missed while the program was off runs once when it is on again.
    """
    journal = projections.journal
    return [
        _planned("log-clearance", "40 2 * * *", LogClearance(logs, keeping.logs_keep_days, keeping.logs_most_bytes)),
        _planned("store-backup", "10 3 * * *", Backup(journal.store, backups, keeping.backups_keep)),
        _planned(
            "retention",
            "30 */6 * * *",
            Retention(
                projections,
                files,
                keep_days=keeping.events_keep_days,
                cap_mb=keeping.disk_cap_mb,
                reasons_days=keeping.decisions_keep_days,
                replay_days=keeping.replay_keep_days,
                endings=endings,
                books=books or {},
                outsides=outsides,
                backups=backups,
            ),
        ),
        _planned(REVIEW, "0 5 * * mon", WeeklyReview(journal, reports)),
    ]


def _planned(name: str, cron: str, process: Process) -> tuple[Plan, Process]:
    kind = type(process)
    plan = Plan(
        name=name,
        path=f"object:{name}",
        service=kind.service,
        isolation=kind.isolation,
        heartbeat=kind.heartbeat,
        restart=kind.restart,
        priority=8,
        triggers=(Cron(cron),),
        misfire=Misfire.ONCE,
        grace=hours(1),
    )
    return plan, process
