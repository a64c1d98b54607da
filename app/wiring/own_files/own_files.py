"""The user's own files at work: watched, and what they define follows every change while the program runs."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import Engine
from app.paths import Home
from app.settings.load import Loaded
from app.wiring.open_alerts import OpenAlerts
from app.wiring.own_files.plugins import Plugins
from app.wiring.own_files.taken import Taken
from app.wiring.own_files.watching import FileTriggers, begin
from app.wiring.plans.plans import Plans, all_plans
from services.core.durations import seconds
from services.core.errors import UserError
from services.core.events import Recorded
from services.core.regular_files import require_regular
from services.orchestrator.definitions.file_mistakes import FileMistakes, FileMistakesValue
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.definitions.plugin_files import digest
from services.orchestrator.triggers.file_watch import FileWatch
from services.orchestrator.triggers.trigger import OnFiles

log = logging.getLogger(__name__)
# A folder that comes with its files tells of itself alone: they may be there before the system watches it.
FILES = ("strategies/*", "strategies/**/*.yaml", "processes/*.yaml", "processes/*.yml", "plugins/*.py")
SETTINGS = "settings.toml"
_DEBOUNCE = seconds(0.3)
_PATIENCE = 2.0
"""Seconds that a change which is being followed may still take when the program ends."""


@dataclass
class OwnFiles:
    """Reads the user's files, and reads them again whenever one changes or a plug-in is decided upon.

    ``open`` gives the plans to start with, ``watch`` begins to follow changes, ``stop`` ends that.
    """

    engine: Engine
    home: Home
    loaded: Loaded
    read_settings: Callable[[], Loaded]
    triggers: FileTriggers
    on_rules: Callable[[], None] = lambda: None
    """Called in the worker that reads, when a file of rules is another; it may block."""
    on_settings: Callable[[Loaded], None] = lambda loaded: None
    """Called likewise with what holds once the settings file has changed, also where it has a mistake."""
    _plans: dict[str, Plan] = field(default_factory=dict)
    _house: dict[str, Plan] = field(default_factory=dict)
    _watches: list[FileWatch] = field(default_factory=list)
    _settings_version: str = ""
    _stopped: bool = False

    def __post_init__(self) -> None:
        shown = self.engine.ask(lambda: self.engine.projections.live[FileMistakes.name].value())
        assert isinstance(shown, FileMistakesValue)
        self._alerts = OpenAlerts(self.engine, "processes")
        refused = {file.path: file.version for file in shown.files}
        self.taken = Taken(self.home, self.engine.journal, refused)
        self.plugins = Plugins(self.engine.acts, self.home.plugins)
        self._reading = threading.Lock()

    def look(self) -> None:
        """Take in what changed while the program did not run. Blocks; before rules and plans are read."""
        version = self._version_of_settings()
        mistakes = self._mistakes_of_settings(self.loaded)
        if mistakes:
            self.taken.refuse(SETTINGS, version, mistakes, logged=True)  # when they were loaded
        elif SETTINGS in self.taken.refused:
            self._take_settings(version)
        self._settings_version = version
        self.taken.look()

    def open(self, house: Sequence[Plan] = ()) -> Plans:
        """The plans of everything but the ``house``'s own, to start with. Blocks."""
        self._house = {plan.name: plan for plan in house}
        found = self._read_plans()
        self._plans = {plan.name: plan for plan in found.plans}
        return found

    def watch(self) -> None:
        """Begin to follow changes."""
        self.engine.bus.subscribe("own files", self._take)
        for unit in self.engine.ask(lambda: tuple(self.engine.orchestrator.units.values())):
            self.triggers.watch(unit)
        # The home itself is a watch of its own: it is not looked into, for the store is written there all the time.
        for files in (FILES, (SETTINGS,)):
            watch = FileWatch(OnFiles(files, _DEBOUNCE), self.home.root, self.engine.clock, self._changed)
            self._watches.append(watch)
            begin(self.engine, watch, f"own files {len(self._watches)}", "your files")

    def stop(self) -> None:
        """Follow no more changes; waits for one that is being followed."""
        self._stopped = True
        for watch in self._watches:
            watch.stop()
        self.triggers.stop()
        if self._reading.acquire(timeout=_PATIENCE):  # a store that takes no writes would hold it for good
            self._reading.release()
        log.debug("the user's files are followed no more")

    @property
    def watching(self) -> bool:
        """Whether the system tells of changes already."""
        return bool(self._watches) and all(watch.watching.is_set() for watch in self._watches)

    def reread(self, why: str = "a plug-in changed") -> None:
        """Read all files and bring the processes to what they say. Blocks; never on the core or GUI thread.

        ``why`` is told where no file that is taken or refused has changed.
        """
        with self._reading:
            if self._stopped:
                return
            changed = list(self.taken.look())
            if self._reread_settings():
                changed.append(SETTINGS)
            if any(path.startswith("strategies/rules/") for path in changed):
                self.on_rules()
            told = f"{', '.join(Path(path).name for path in changed)} changed" if changed else why
            self._follow(self._read_plans().plans, told)
            self.engine.clock.result(self.engine.journal.write(lambda tx: None))

    def _changed(self, paths: frozenset[Path]) -> None:
        log.debug("changed: %s", ", ".join(sorted(path.name for path in paths)))
        self.reread()

    def _take(self, batch: Sequence[Recorded]) -> None:
        if self.plugins.concerns(batch):
            self.engine.workers.start("own files", lambda: self.reread("you decided on a plug-in"))

    def _read_plans(self) -> Plans:
        faults = {file: self._fault_of(file) for file in self.taken.refused if not self.taken.copy_of(file).exists()}
        found = all_plans(self.home, self.loaded.settings, self.plugins, faults, self._house)
        self._tell(found.mistakes)
        return found

    def _fault_of(self, file: str) -> str:
        """The first mistake of a file that never was sound, as it was told."""
        return self.taken.told.get(file, "it has a mistake")

    def _tell(self, mistakes: Sequence[UserError]) -> None:
        """Tell what is wrong between files, once for as long as it is wrong."""
        for mistake in self._alerts.follow(sorted({str(mistake) for mistake in mistakes})):
            log.error("%s", mistake)

    def _reread_settings(self) -> bool:
        version, refused = self._version_of_settings(), self.taken.refused.get(SETTINGS)
        known = self._settings_version if refused is None else refused
        # What was refused without a version could not be read, and may be gone meanwhile.
        if version == known and (version or refused is None):
            return False
        loaded = self.read_settings()
        mistakes = self._mistakes_of_settings(loaded)
        if mistakes:
            self.taken.refuse(SETTINGS, version, mistakes)
        else:
            self._take_settings(version)
        if not loaded.goes_on:
            return False
        # What is wrong has its last good value in it: the rest goes on.
        changed, self.loaded = loaded.settings != self.loaded.settings, loaded
        self.on_settings(loaded)
        return changed

    def _take_settings(self, version: str) -> None:
        """By its hash alone: a settings file is no blob, for nobody knows what else is written there."""
        refused, before = SETTINGS in self.taken.refused, self._settings_version
        self._settings_version = version
        if not version:
            if refused:
                log.warning("%s is gone: the defaults hold", self.home.settings)
            self.taken.gone(SETTINGS, before)
            return
        if refused:
            log.warning("%s is mended: what it says holds again", self.home.settings)
        self.taken.accept(SETTINGS, before, version)

    def _mistakes_of_settings(self, loaded: Loaded) -> list[UserError]:
        """Those of the file; what is wrong in the environment no change of the file mends."""
        return [mistake for mistake in loaded.mistakes if mistake.where.startswith(str(self.home.settings))]

    def _version_of_settings(self) -> str:
        try:
            require_regular(self.home.settings)
            return digest(self.home.settings.read_bytes())
        except (OSError, UserError):  # there is none, or load tells why it cannot be read
            return ""

    def _follow(self, plans: Sequence[Plan], why: str) -> None:
        before, self._plans = self._plans, {plan.name: plan for plan in plans}
        changed = [plan for plan in plans if before.get(plan.name) != plan]
        gone = [name for name in before if name not in self._plans]
        if changed or gone:
            self.engine.ask(lambda: self._bring_about(changed, gone, why))

    def _bring_about(self, changed: Sequence[Plan], gone: Sequence[str], why: str) -> None:
        orchestrator = self.engine.orchestrator
        for name in gone:
            self.triggers.forget(name)
            if name in orchestrator.units:
                orchestrator.remove(name, "user")
        for plan in changed:
            orchestrator.replan(plan, why)
            self.triggers.watch(orchestrator.units[plan.name])
