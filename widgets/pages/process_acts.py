"""What a person can do with a process: the words, the keys, and the command behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.core.commands import Command
from services.orchestrator.commands import (
    CancelProcess,
    KillProcess,
    PauseProcess,
    ResumeProcess,
    RunNow,
    SkipNext,
)
from widgets.states.process_lines import UNDER_WAY, ProcessLine


@dataclass(frozen=True, slots=True)
class Act:
    """``key``, if it has one, works while the process is selected."""

    id: str
    label: str
    icon: str
    tip: str
    key: str
    command: Callable[[str], Command]
    dangerous: bool = False


PAUSE = Act("pause", "Pause", "pause", "Hold it at its next checkpoint", "Space", PauseProcess)
RESUME = Act("resume", "Resume", "play", "Let it go on", "Space", ResumeProcess)
RUN = Act("run", "Run now", "play", "Start a run now, whatever the schedule says", "R", lambda name: RunNow(name, {}))
SKIP = Act("skip", "Skip next", "clock", "Leave out the next scheduled run", "S", SkipNext)
CANCEL = Act("cancel", "Cancel", "close", "End its run; its schedule stays", "Del", CancelProcess)
KILL = Act(
    "kill", "Kill", "stop", "End it at once, as a fault would; the watchdog brings it back", "", KillProcess, True
)
"""Has no key: it is not to be done by a slip of the hand."""
ONE_RUNS = "a run of it is under way, and it has one at a time"
ACTS = {act.id: act for act in (PAUSE, RESUME, RUN, SKIP, CANCEL, KILL)}


def holding(line: ProcessLine) -> Act:
    """Pause, or resume where it is held."""
    return RESUME if line.held else PAUSE


def acts_for(line: ProcessLine) -> tuple[Act, ...]:
    """What makes sense in its state."""
    return tuple(act for act in (holding(line), RUN, SKIP, CANCEL, KILL) if not refusal(act, line))


def refusal(act: Act, line: ProcessLine) -> str:
    """Why an act makes no sense in its state; empty where it does."""
    match act.id:
        case "run" if line.one_at_a_time and line.state in UNDER_WAY:
            return ONE_RUNS
        case "skip" if not line.scheduled:
            return "it has no schedule, so there is no next run to leave out"
        case "cancel" if not line.cancellable:
            return "nothing of it runs or is to start"
        case "kill" if not line.runs:
            return "nothing of it runs"
    return ""
