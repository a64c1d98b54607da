"""What the frame shows, as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from PyQt6.QtWidgets import QWidget

from widgets.parts.panels.empty_state import Offer
from widgets.parts.status import Status


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the start; `seconds` is how long it took, None while it runs or waits."""

    name: str
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    result: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class FailureView:
    """Why the start cannot go on and how it could; `offers` come back as ids."""

    what: str
    why: str
    what_to_do: str
    details: str = ""
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthView:
    """All in one word."""

    status: Status = Status.IDLE
    text: str = "Starting"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """`label` as in DEV · main · paper; `live` means that real orders can be placed."""

    label: str = ""
    name: str = ""
    because: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A count beside a page's name; with a status it is coloured. ``told`` says of what it is the count."""

    count: int
    status: Status | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class FrameView:
    """Everything around the pages. `banner` says what must not be overlooked, such as live trading."""

    health: HealthView = field(default_factory=HealthView)
    environment: EnvironmentView = field(default_factory=EnvironmentView)
    needs_you: int = 0
    badges: Mapping[str, Badge] = field(default_factory=dict)
    processes: int = 0
    events_per_second: float = 0.0
    frame_p99_ms: float = 0.0
    frame_status: Status | None = None
    journal_lag_ms: float = 0.0
    journal_status: Status | None = None
    log_level: str = ""
    log_level_by: str = ""
    stalls: int = 0
    """How often the window itself stood still since it opened."""
    stall_tip: str = ""
    abandoned: int = 0
    """Threads that were given up and still stand."""
    abandoned_tip: str = ""
    clock: str = ""
    clock_tip: str = ""
    all_paused: bool = False
    can_stop_trading: bool = True
    banner: str = ""
    banner_status: Status = Status.WARN
    known: str = ""
    """While the program comes up: from when what is shown is."""
    moment: str = ""
    """The past moment that the pages and the counts are of, as in 14:05; empty for now."""
    moment_tip: str = ""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page and how to make it; `factory` is called when the page is first shown.

    `group` is the heading in the rail: none, Services, System, or "end" for the bottom.
    """

    id: str
    title: str
    icon: str
    group: str
    factory: Callable[[], QWidget]
    of_now: bool = False
    """What it shows is always of now, also while the other pages show a past moment."""
