"""The program: a home, its settings and the engine, brought up step by step and taken down in order.

Each step imports what it needs, so that the first one is told before the store's libraries are loaded.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.environment import Environment
from app.logs import Logs
from app.paths import Home
from app.secrets import Secrets
from app.settings.fields import secrets_in
from app.settings.last_good import keep_last_good
from app.settings.load import Loaded, load
from app.steps import STEPS, Step
from app.surroundings import environment_of, in_environment
from services.core.clock import Clock, SystemClock
from services.core.errors import UserErrors
from services.core.faults import fault_point
from services.core.words import counted
from services.core.workers import ThreadWorkers, Workers

if TYPE_CHECKING:
    from pydantic import SecretStr

    from app.engine import Closed, Engine
    from app.wiring.concerns import Concerns
    from app.wiring.last_end.starts import Started
    from app.wiring.own_files.own_files import OwnFiles
    from app.wiring.rules.rules import Rules
    from services.orchestrator.definitions.plan import Plan
    from services.trading.desk.door import Door

log = logging.getLogger(__name__)
LOOKING_LOG = "looking.log"
"""Where a program that only looks says what it has to say, in the copy that it looks at."""


@dataclass(eq=False, repr=False)
class Program:
    """Everything but the window. ``steps`` bring it up, in order, in a worker; ``close`` takes it down."""

    home: Home
    env: Mapping[str, str]
    workers: Workers | None = None
    clock: Clock = field(default_factory=SystemClock)
    safe_mode: bool = False
    why_safe: str = "it was told to (--safe-mode)"
    """Why this start is in safe mode, if it is."""
    said: str | None = None
    """The environment as the command line names it (--env), if it does."""
    as_told: Environment | None = None
    """What the instance takes itself for whose home this is a picture of, in the place of what is found out here."""
    live: bool = False
    """Whether the command line allows live trading (--live): production allows it only then."""
    warms_up: bool = False
    """Whether what sweeps run is compiled beforehand, once this has stood a while; not where somebody only looks."""
    with_mistakes: bool = False
    """Go on with the defaults where settings are mistaken and no last good ones are known; else it is a failed step."""
    on_settings: list[Callable[[], None]] = field(default_factory=list)
    """Called, in a worker, when a changed settings file was taken."""
    secrets: Secrets | None = None
    """Where secrets are asked for; else the system's keyring."""
    loaded: Loaded | None = None
    environment: Environment | None = None
    own: OwnFiles | None = None
    rules: Rules | None = None
    on_broken: list[Callable[[str], None]] = field(default_factory=list)
    """Told, in whatever thread, that nothing more can be kept, and why: only another start helps."""
    # There from the step Journal on
    engine: Engine = field(init=False)
    started: Started = field(init=False)
    # There from the step Reconciled on
    concerns: Concerns = field(init=False)
    _logs: Logs | None = field(init=False, default=None)
    _open: bool = field(init=False, default=False)
    _begun: bool = field(init=False, default=False)
    door: Door | None = field(init=False, default=None)
    """To the account process; None where the settings name no exchange."""
    _kept: Mapping[str, SecretStr] = field(init=False, default_factory=dict)
    """What the keyring gave."""

    @property
    def logs(self) -> Logs:
        """The program's log, there from the step Settings on."""
        if self._logs is None:
            raise RuntimeError("the log is not open yet: the settings say what it keeps")
        return self._logs

    def steps(self) -> tuple[Step, ...]:
        acts = (self._settings, self._secrets, self._journal, self._reconcile, self._processes, self._feeds)
        return tuple(Step(name, partial(self._whole, act)) for name, act in zip(STEPS, acts, strict=True))

    def _whole(self, act: Callable[[], str]) -> str:
        """Do a step whole; one that fails halfway leaves nobody listening, since it may be tried again."""
        if not self._open:
            return act()
        with self.engine.all_or_nothing():
            return act()

    @property
    def developing(self) -> bool:
        """Whether this is development, where things may be broken on purpose."""
        return self.environment is not None and self.environment.name == "dev"

    def run_steps(self) -> None:
        """All steps, without a splash; raises what fails."""
        for step in self.steps():
            began = time.perf_counter()
            told = step.act()
            log.info("%s: %s (%.0f ms)", step.name, told, 1000 * (time.perf_counter() - began))

    def open_at_rest(self) -> None:
        """Settings and store, with nothing under supervision: for looking, so it counts neither as start nor end.

        What it says itself is no part of the home's log.
        """
        self._read_settings(self.home.root / LOOKING_LOG)
        self._keep_settings()
        self._open_store()
        self._open = True

    def close(self) -> Closed:
        """Take everything down: no new runs, checkpoint and cancel, kill, flush. Blocks."""
        from app.engine import Closed
        from app.wiring.last_end import starts

        if not self._open:
            if self._logs is not None:  # what a failed step had to say is on disk before all ends
                self._logs.close()
            return Closed((), True)
        if self.own is not None:
            self.own.stop()
        if self.rules is not None:
            self.engine.ask(self.rules.keep)
        closed = self.engine.close(starts.end if self._begun else None)
        self._open = False
        self.logs.close()
        return closed

    def _settings(self) -> str:
        loaded = self._read_settings(self.home.log)
        log.info("%s", self.environment.explain() if self.environment is not None else "")
        for mistake in loaded.mistakes:
            log.error("%s", mistake)
        self._keep_settings()
        return loaded.summary()

    def _read_settings(self, log_file: Path) -> Loaded:
        self.home.create()
        self._load({})
        assert self.loaded is not None
        settings = self.loaded.settings.log
        self._logs = Logs(
            log_file, self.clock, level=settings.level, ring=settings.ring, escalation=settings.escalation_seconds
        ).start()
        self._hide_secrets()
        return self.loaded

    def _secrets(self) -> str:
        """The keyring is asked here alone, for what the environment does not give; it may take three seconds."""
        self.secrets = self.secrets or Secrets(self.env)
        if not self.secrets.needs_keyring():
            return "all from the environment"
        status = self.secrets.status()
        log.info("%s", status.text)
        if not status.usable:
            return "no keyring, secrets from the environment"
        self._load(self.secrets.from_keyring())
        self._hide_secrets()
        return f"{len(self._kept)} from the keyring"

    def _load(self, kept: Mapping[str, SecretStr]) -> None:
        self._kept = kept
        loaded = load(self.home, self.env, keyring=kept)
        self.environment = self.as_told or environment_of(loaded, self.env, self.said, live=self.live)
        self.loaded = in_environment(loaded, self.environment)
        if not (self.loaded.goes_on or self.with_mistakes):
            raise UserErrors(self.loaded.mistakes)

    def _hide_secrets(self) -> None:
        assert self.loaded is not None
        for secret in (*secrets_in(self.loaded.settings), *self._kept.values()):
            self.logs.hide(secret.get_secret_value())

    def _journal(self) -> str:
        from app.wiring.last_end import starts

        count = self._open_store()
        assert self.loaded is not None
        settings = self.loaded.settings.orchestrator
        try:
            within = timedelta(seconds=settings.crashes_within_seconds)
            self.started = starts.begin(self.engine.journal, self.clock.now(), within)
        except BaseException:
            self.engine.abandon()
            raise
        self._open = self._begun = True
        if why := self.started.why_safe(settings.crashes_to_safe_mode, within):
            log.warning("this start is in safe mode, since %s", why)
            self.safe_mode, self.why_safe = True, why
        return f"{counted(count, 'event')}, {'clean end' if self.started.clean else 'unclean end'}"

    def _open_store(self) -> int:
        from app.engine import Engine, Places
        from app.wiring import effect_kinds, event_kinds
        from app.wiring.handlers import all_handlers
        from app.wiring.in_force import intensity
        from app.wiring.projections import all_projections

        assert self.loaded is not None
        event_kinds.know_all()
        effect_kinds.know_all()
        self.engine = Engine(
            Places(self.home.store, self.home.samples, self.home.backups),
            self.clock,
            self.workers or ThreadWorkers(self.clock),
            all_handlers(self.home, self.clock),
            limits=self.loaded.settings.orchestrator.limits.model_dump(),
            overall=intensity(self.loaded.settings),
            redactor=self.logs.redactor,
        )
        self.engine.on_broken = self._tell_broken
        return self.engine.open(all_projections())

    def _tell_broken(self, told: str) -> None:
        for call in self.on_broken:
            call(told)

    def _reconcile(self) -> str:
        from app.wiring.anomaly_alerts import AnomalyAlerts
        from app.wiring.concerns import Concerns
        from app.wiring.last_end.lost_books import mend_books
        from app.wiring.learning import learning_in
        from app.wiring.plans.house import door_of
        from app.wiring.rules.rearming import Rearmed, RuleRearmed
        from app.wiring.rules.rule_actions import ApplyRule, RuleActions
        from app.wiring.unbought import Unbought
        from services.core.decisions.inbox import Decisions
        from services.core.decisions.snoozing import remember

        self.engine.safe_mode = self.safe_mode
        self.engine.hear = self.logs.receive
        orchestrator = self.engine.assemble(learning_in(self.engine))
        orchestrator.no_faults = self._why_no_faults()
        self.engine.acts.handlers[ApplyRule] = RuleActions(self.engine, self._raise_log_level)
        self.engine.acts.handlers[RuleRearmed] = Rearmed(self.engine)
        self.door = door_of(self.engine, self.loaded)
        self.concerns = Concerns(self.engine)
        self.concerns.open()
        AnomalyAlerts(self.engine).open()
        Unbought(self.engine).open()
        put_off = {row.id: row.snoozed_until for row in self.engine.view.value(Decisions).snoozed if row.snoozed_until}
        self.engine.journal.write(lambda tx: remember(tx, put_off))
        mend_books(self.engine, self.home)  # before they are asked about what is open
        fault_point("start.reconciling")
        asked, left = self.engine.acts.reconcile()
        if not asked:
            return "nothing was open"
        return f"{asked} asked, {asked - left} settled" + (f", {left} unknown" if left else "")

    def _processes(self) -> str:
        from app.wiring.last_end.copies import is_a_copy
        from app.wiring.last_end.strays import end_left_scripts
        from app.wiring.own_files.opening import own_files
        from app.wiring.rules.metrics import all_metrics
        from app.wiring.rules.rules import Rules
        from services.orchestrator.history.projections import Processes

        known = {row.name for row in self.engine.view.value(Processes).rows}
        if not is_a_copy(self.engine.journal, self.home):
            end_left_scripts(self.engine.orchestrator.records, self.engine.clock)
        assert self.loaded is not None
        self.own = own = own_files(self.engine, self.home, self.loaded, self._reload)
        own.on_settings = self._take_settings
        own.look()
        rules = Rules(self.engine, self.home, all_metrics())
        own.on_rules = rules.reload
        rules.open()
        self.rules = rules
        fault_point("start.rules")
        house = self._house()
        found = own.open(house)
        self.engine.start((*found.plans, *house))
        self.engine.ask(self.engine.orchestrator.forget_gone)
        self.concerns.forget_gone(tuple(self.engine.orchestrator.units))
        if not self.safe_mode:  # what may have brought the program down waits for a start that nothing brought down
            self.engine.deciding.go_on()
            rules.go_on()
        own.watch()
        paused = self.engine.ask(self.engine.orchestrator.paused)
        told = _told(sum(plan.name in known for plan in found.plans), len(found.plans))
        told += f", {paused} stay paused" if paused else ""
        mistaken = len(found.mistakes) + len(own.taken.refused)
        return told + (f", {mistaken} mistaken" if mistaken else "")

    def _reload(self) -> Loaded:
        """The settings as they are now; what this is taken for counts from the next start."""
        assert self.environment is not None
        return in_environment(load(self.home, self.env, keyring=self._kept), self.environment)

    def _take_settings(self, loaded: Loaded) -> None:
        """The file was changed: what of it is sound and can count at once does. In a worker."""
        from app.wiring.in_force import bring_into_force

        self.loaded = loaded
        self._keep_settings()
        prepared = self.engine.orchestrator.supervisor.launcher.prepared
        bring_into_force(loaded.settings, self.engine, self.logs, tuple(prepared.values()))
        for call in self.on_settings:
            call()

    def _keep_settings(self) -> None:
        """Keep what holds of the settings file, for when it has a mistake."""
        assert self.loaded is not None
        if not self.loaded.goes_on:
            return
        try:
            keep_last_good(self.home, self.loaded.in_file, self.clock.now())
        except OSError as error:
            log.warning("what the settings are is not kept for when their file has a mistake: %s", error)

    def _house(self) -> list[Plan]:
        """Plans of the house's own processes and of the account's, built here since they hold live parts."""
        from app.wiring.paper_closing import obey_paper_closing
        from app.wiring.plans.house import house_processes

        assert self.loaded is not None
        settings = self.loaded.settings
        planned = house_processes(self.engine, self.home, settings.store, warms_up=self.warms_up)
        prepared = self.engine.orchestrator.supervisor.launcher.prepared
        prepared.update({plan.path: process for plan, process in planned})
        house = [plan for plan, _ in planned]
        obey_paper_closing(self.engine)
        if self.door is None:
            return house
        from app.wiring.account import keep_account

        assert self.environment is not None
        return [*house, *keep_account(self.engine, self.home, settings.trading, self.environment, self.door)]

    def _feeds(self) -> str:
        from app.wiring.open_alerts import OpenAlerts
        from app.wiring.plans.feeds import describe_feeds, fault_of_paper

        assert self.loaded is not None
        fault = fault_of_paper(self.home)
        OpenAlerts(self.engine, "paper account").follow([str(fault)] if fault is not None else [])
        if fault is not None:
            log.error("%s", fault)
        plans = [unit.plan for unit in tuple(self.engine.orchestrator.units.values())]
        return describe_feeds(self.home, self.loaded.settings, plans) + (", no paper account" if fault else "")

    def _why_no_faults(self) -> str:
        """Why no fault may be injected into processes; empty in development."""
        assert self.environment is not None
        return "" if self.developing else f"this is production ({self.environment.because})"

    def _raise_log_level(self, process: str, by: str) -> None:
        self.logs.alarm(process, "", f"told by {by}")


def _told(restored: int, count: int) -> str:
    """So many processes, of which so many were known when the program last ended."""
    parts = ((restored, "restored"), (count - restored, "new"))
    return ", ".join(f"{number} {word}" for number, word in parts if number) or "none yet"


def open_program(home: Home, **options: Any) -> Program:
    """A program over the real environment."""
    return Program(home, dict(os.environ), **options)
