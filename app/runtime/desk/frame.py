"""What stands around the pages: health in one word, what needs the user, how fast things go."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.program import Program
from app.runtime.qt.stalls import GuiWatch
from app.wiring.plans.kind_names import trades
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.process import State
from services.core.process.process import PAUSED
from services.core.projections.views import PastView, View
from services.core.rules.standings import RuleStandings, RulesValue
from services.core.words import counted, form
from services.orchestrator.history.projections import Processes, ProcessesValue, Pulse, PulseValue
from widgets.frame.views import Badge, EnvironmentView, FrameView, HealthView
from widgets.frame_pump import FramePump
from widgets.parts.decisions.words import who
from widgets.parts.status import Status
from widgets.parts.text.times import ago, clock_time, full_time
from widgets.states.rules import rule_lines

NOT_RUNNING = "Dreamscape is not running"
ATTENTION = (State.FAILED, State.STALLED, State.BACKOFF)


@dataclass
class Speed:
    """Events a second, over the last few seconds."""

    _seen: list[tuple[float, int]] = field(default_factory=list)

    def of(self, written: int) -> float:
        now = time.monotonic()
        self._seen = [(at, count) for at, count in self._seen if now - at <= 5.0] + [(now, written)]
        first_at, first = self._seen[0]
        return (written - first) / (now - first_at) if now - first_at > 0.5 else 0.0


def health(
    shown: ProcessesValue,
    pulse: PulseValue,
    rules: RulesValue,
    trouble: str,
    safe_mode: bool,
    abandoned: int = 0,
    unasked: str = "",
) -> HealthView:
    """All in one word: the worst that is so now. ``abandoned`` threads were given up and have not ended since;
    ``unasked`` is why the exchange cannot be asked about the account."""
    found = _health(shown, pulse, rules, trouble, safe_mode, unasked)
    if not abandoned:
        return found
    return replace(found, tip=f"{found.tip.rstrip('.')}. {_given_up(abandoned)}")


def _given_up(abandoned: int) -> str:
    stand = f"{counted(abandoned, 'thread')} still {form(abandoned, 'stands', 'stand')}"
    return f"{stand} that had to be given up; a restart ends {form(abandoned, 'it', 'them')}."


def _health(
    shown: ProcessesValue, pulse: PulseValue, rules: RulesValue, trouble: str, safe_mode: bool, unasked: str
) -> HealthView:
    failed = [row.name for row in shown.rows if row.state is State.FAILED]
    by_rules = [row for row in shown.rows if row.state in PAUSED and row.by.startswith("rule:")]
    stopped = [f"{row.name} by {who(row.by)}" for row in by_rules if rules.keeps(row.name, row.by)]
    healing = [row.name for row in shown.rows if row.state in (State.STALLED, State.BACKOFF)]
    if trouble:
        return HealthView(Status.BAD, "Not saving", f"{trouble[:1].upper()}{trouble[1:]}.")
    if failed:
        return HealthView(Status.BAD, f"{len(failed)} failed", ", ".join(failed))
    if unasked:
        return HealthView(Status.BAD, "Exchange not asked", f"{unasked[:1].upper()}{unasked[1:]}.")
    if stopped:
        how = "The Rules page says why and what to do next."
        return HealthView(Status.WARN, f"{len(stopped)} stopped", f"{', '.join(stopped)}. {how}")
    if safe_mode:
        return HealthView(Status.WARN, "Safe mode", "Started with every process paused; resume them one by one.")
    if healing:
        return HealthView(Status.WARN, f"{len(healing)} healing", ", ".join(healing))
    if amiss := _amiss(shown):
        return HealthView(Status.WARN, f"{len(amiss)} amiss", "; ".join(amiss))
    if free := [f"{row.name} by {who(row.by)}" for row in by_rules if not rules.keeps(row.name, row.by)]:
        told = f"Paused were {', '.join(free)}. That is over: what is to go on waits for you to resume it."
        return HealthView(Status.IDLE, f"{len(free)} to resume", told)
    if shown.rows and shown.count(State.PAUSED) == len(shown.rows):
        return HealthView(Status.IDLE, "All paused", "Every process is paused")
    return HealthView(
        Status.OK, "Healthy", f"{shown.count(State.RUNNING)} running, {counted(pulse.runs_failed, 'failure')} so far"
    )


def _amiss(shown: ProcessesValue) -> list[str]:
    """What the last runs of processes found amiss, with their names."""
    return [f"{row.name}: {row.still_amiss}" for row in shown.rows if row.still_amiss]


@dataclass
class FrameFacts:
    """Gathers the frame's view; cheap enough for twice a second."""

    program: Program
    pump: FramePump
    speed: Speed = field(default_factory=Speed)
    watch: GuiWatch | None = None
    """Who looks whether the window's thread keeps up; there is none where the window is only painted."""
    running: bool = True
    """Whether the program runs at all; a picture can be painted while it does not."""
    step: str = "Window"
    """What the start is at."""

    def view(self, past: PastView | None = None) -> FrameView:
        """The counts of now, or of a ``past`` moment; what is measured of this program is of now always."""
        engine = self.program.engine
        known: View = past or engine.view
        running: ProcessesValue = engine.view.value(Processes)
        shown: ProcessesValue = known.value(Processes)
        decisions: DecisionsValue = known.value(Decisions)
        journal = engine.journal.health
        waiting = inbox_badge(decisions)
        p99 = self.pump.p99_ms
        now = engine.clock.now().astimezone()
        return FrameView(
            health=self._health(known, shown),
            environment=self._environment(),
            needs_you=waiting.count,
            badges=_badges(
                shown,
                waiting,
                rules=sum(line.shape == "bad" for line in rule_lines(known)),
                settings=len(self.program.loaded.mistakes) if self.program.loaded and past is None else 0,
            ),
            processes=len(shown.rows),
            events_per_second=self.speed.of(journal.written),
            frame_p99_ms=p99,
            frame_status=Status.WARN if p99 > 33 else None,
            journal_lag_ms=1000 * journal.lag,
            journal_status=Status.BAD if journal.trouble else None,
            log_level=self._level(),
            stalls=self.watch.stalls if self.watch is not None else 0,
            stall_tip=self._last_stall(),
            abandoned=engine.workers.abandoned,
            abandoned_tip=_given_up(engine.workers.abandoned),
            clock=f"{now:%H:%M:%S}",
            clock_tip=f"{now:%A %d %B %Y, %Z (UTC%z)}",
            all_paused=bool(shown.rows) and shown.count(State.PAUSED) == len(shown.rows),
            can_stop_trading=self.running and self._trades(running),
            banner=self._banner(),
            moment=moment_of(past, now) if past else "",
            moment_tip=full_time(past.at) if past else "",
        )

    def _health(self, known: View, shown: ProcessesValue) -> HealthView:
        """Of what is shown; how the store and the threads do is only known of now."""
        if not self.running:
            return HealthView(Status.IDLE, "Not running", f"{NOT_RUNNING}. What is shown was known when it last ended.")
        pulse: PulseValue = known.value(Pulse)
        rules: RulesValue = known.value(RuleStandings)
        if not known.live:
            return health(shown, pulse, rules, "", safe_mode=False)
        engine = self.program.engine
        trouble, abandoned = "; ".join(each.what for each in engine.keeping.amiss()), engine.workers.abandoned
        unasked = self.program.door.unasked if self.program.door is not None else ""
        return health(shown, pulse, rules, trouble, self.program.safe_mode, abandoned, unasked)

    def while_starting(self, last: PastView) -> FrameView:
        """The view while the program comes up behind what was known last: what the start is at, and how old that is."""
        shown: ProcessesValue = last.value(Processes)
        now = self.program.clock.now()
        known = f"What is shown was known at {clock_time(last.at, now)}, {ago(last.at, now)}"
        local = now.astimezone()
        return FrameView(
            health=HealthView(Status.IDLE, "Starting", f"Starting ({self.step}). {known}."),
            environment=self._environment(),
            processes=len(shown.rows),
            frame_p99_ms=self.pump.p99_ms,
            log_level=self._level(),
            clock=f"{local:%H:%M:%S}",
            clock_tip=f"{local:%A %d %B %Y, %Z (UTC%z)}",
            can_stop_trading=any(trades(row.name, row.service) for row in shown.rows),
            banner=self._banner(),
            known=known,
        )

    def _environment(self) -> EnvironmentView:
        found = self.program.environment
        if found is None:
            return EnvironmentView()
        branch = next((clue.found.split()[0] for clue in found.trail if clue.label == "branch" and clue.says), "")
        label = " · ".join(part for part in (found.name.upper(), branch, "paper") if part)
        return EnvironmentView(label, found.name, found.because, live=False)

    def _trades(self, running: ProcessesValue) -> bool:
        """An account that is kept can hold something although no strategy trades any more."""
        return self.program.door is not None or any(trades(row.name, row.service) for row in running.rows)

    def _last_stall(self) -> str:
        last = self.watch.last if self.watch is not None else None
        if last is None:
            return ""
        what = f"The window last stood still at {last.at.astimezone():%H:%M:%S}"
        return f"{what}, for {1000 * last.seconds:,.0f} ms, in {last.where}"

    def _banner(self) -> str:
        environment = self.program.environment
        return (environment.banner or "") if environment is not None else ""

    def _level(self) -> str:
        loaded = self.program.loaded
        return loaded.settings.log.level if loaded is not None else ""


def inbox_badge(known: DecisionsValue) -> Badge:
    """How many need the user, and what for."""
    counts = ((known.to_approve, "to approve"), (known.to_look_at, "to look at"))
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    return Badge(known.to_approve + known.to_look_at, Status.WARN, told)


def moment_of(past: PastView, now: datetime) -> str:
    """A past moment in a few words: its time, and its day where that is not today."""
    return clock_time(past.at, now)


def _badges(shown: ProcessesValue, waiting: Badge, rules: int, settings: int) -> Mapping[str, Badge]:
    badges: dict[str, Badge] = {"processes": Badge(len(shown.rows))}
    if rules:
        badges["rules"] = Badge(rules, Status.BAD)
    if settings:
        badges["settings"] = Badge(settings, Status.BAD)
    if waiting.count:
        badges["inbox"] = waiting
    attention = shown.count(*ATTENTION)
    amiss = _amiss(shown)
    if attention:
        badges["processes"] = Badge(attention, Status.BAD)
    elif amiss:
        badges["processes"] = Badge(len(amiss), Status.WARN, "; ".join(amiss))
    return badges
