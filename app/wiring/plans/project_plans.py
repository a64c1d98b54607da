"""Projects under the debugger's care: tested on a schedule, and when what is theirs changes."""

from glob import escape

from app.paths import Home
from app.settings.model import Project
from app.wiring.plans.kinds import path_of
from services.core.durations import minutes, seconds
from services.debugger.watch import ProjectWatch
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Cron, Every, OnFiles, Trigger

IN_SETTINGS = "it is a project of the settings; take it out of debugger.projects there"
EVERY = Every(minutes(30))
"""When no schedule is given."""


def project_plan(project: Project, home: Home) -> Plan:
    """The plan of one project; what changes while it is tested has it tested once more."""
    parameters = {
        "path": str(project.path),
        "interpreter": str(project.interpreter or ""),
        "scratch": str(home.scratch),
    }
    schedule = Cron(project.schedule) if project.schedule else EVERY
    return Plan(
        name=project.path.expanduser().resolve().name,
        path=path_of(ProjectWatch),
        service=ProjectWatch.service,
        parameters=parameters,
        isolation=ProjectWatch.isolation,
        heartbeat=ProjectWatch.heartbeat,
        restart=ProjectWatch.restart,
        priority=ProjectWatch.priority,
        at_once=True,
        triggers=project_triggers(str(project.path), schedule),
        overlap=Overlap.QUEUED,
        most=1,
        misfire=Misfire.ONCE,
        source=str(home.settings),
        fixed=IN_SETTINGS,
    )


def project_triggers(path: str, schedule: Trigger = EVERY) -> tuple[Trigger, ...]:
    """The schedule, and the files that the debugger says are the project's."""
    watched = ProjectWatch(path=path).watched()
    patterns = [f"{escape(str(root))}/**/*{suffix}" for root in watched.paths for suffix in watched.suffixes]
    return schedule, OnFiles(tuple(patterns), seconds(2), watched.ignored)
