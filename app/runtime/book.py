"""The pages of the window and everything that can be done in it, by key, palette, menu or button."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from services.core.commands import Command
from services.core.process import ALIVE
from services.core.process.injection import Fault
from services.orchestrator.commands import CancelProcess, InjectFault, PauseProcess, ResumeProcess, RunNow, SkipNext
from services.orchestrator.history.projections import ProcessesValue
from widgets.actions import ActionEntry, ChangeEntry, PaletteEntry
from widgets.frame.views import PageEntry
from widgets.pages.page import Page

PROCESS = "process:"

ACTIONS: tuple[ActionEntry, ...] = (
    ChangeEntry("pause_all", "Pause all", "Ask every process to hold at its next checkpoint", "Ctrl+Shift+P", "Run"),
    ChangeEntry("resume_all", "Resume all", "Let every paused process go on", "Ctrl+Shift+R", "Run"),
    ActionEntry("stop_trading", "Stop trading", "End every trading process", "", "Run"),
    ChangeEntry("undo_last", "Undo the last decision", "Take back the newest decision that can be", "Ctrl+Z", "Run"),
    ActionEntry("back_to_now", "Back to now", "Leave the past moment that is shown", "Ctrl+0", "View"),
    ActionEntry("theme_dark", "Dark theme", "", "", "View"),
    ActionEntry("theme_light", "Light theme", "", "", "View"),
    ActionEntry("theme_system", "Theme of the system", "", "", "View"),
    ActionEntry("quit", "Quit", "End every process at its next checkpoint, then the program", "Ctrl+Q", "Program"),
)


def pages(make: Callable[[str, Callable[[], Page]], Callable[[], Page]]) -> tuple[PageEntry, ...]:
    """The rail, top to bottom. ``make`` wraps a page's factory with what connects it to the program."""

    def overview() -> Page:
        from widgets.pages.overview import OverviewPage

        return OverviewPage()

    def inbox() -> Page:
        from widgets.pages.inbox import InboxPage

        return InboxPage()

    def processes() -> Page:
        from widgets.pages.processes import ProcessesPage

        return ProcessesPage()

    def decisions() -> Page:
        from widgets.pages.decisions import DecisionsPage

        return DecisionsPage()

    def rules() -> Page:
        from widgets.pages.rules import RulesPage

        return RulesPage()

    def logs() -> Page:
        from widgets.pages.logs import LogsPage

        return LogsPage()

    def settings() -> Page:
        from widgets.pages.settings import SettingsPage

        return SettingsPage()

    return (
        PageEntry("overview", "Overview", "overview", "", make("overview", overview)),
        PageEntry("inbox", "Inbox", "inbox", "", make("inbox", inbox)),
        PageEntry("processes", "Processes", "processes", "System", make("processes", processes)),
        PageEntry("rules", "Rules", "rules", "System", make("rules", rules)),
        PageEntry("decisions", "Decisions", "decisions", "System", make("decisions", decisions)),
        PageEntry("logs", "Logs", "logs", "System", make("logs", logs)),
        PageEntry("settings", "Settings", "settings", "end", make("settings", settings), of_now=True),
    )


def process_entries(shown: ProcessesValue, developing: bool = False) -> Iterable[PaletteEntry]:
    """What the palette offers for each process; faults on purpose only while ``developing``."""
    for row in shown.rows:
        if developing and row.state in ALIVE:
            for fault in Fault:
                yield PaletteEntry(f"{PROCESS}{fault}:{row.name}", f"Developer: {fault} {row.name}", "see it heal")
        for verb, title in _VERBS.items():
            yield PaletteEntry(f"{PROCESS}{verb}:{row.name}", f"{title} {row.name}", f"{row.service}, {row.state}")


def process_command(action: str) -> Command | None:
    """The command behind an action that ``process_entries`` offered."""
    if not action.startswith(PROCESS):
        return None
    verb, _, name = action.removeprefix(PROCESS).partition(":")
    commands: dict[str, Callable[[], Any]] = {
        "pause": lambda: PauseProcess(name),
        "resume": lambda: ResumeProcess(name),
        "run": lambda: RunNow(name, {}),
        "skip": lambda: SkipNext(name),
        "cancel": lambda: CancelProcess(name),
        **{str(fault): partial(InjectFault, name, fault) for fault in Fault},
    }
    made: Command | None = commands[verb]() if verb in commands else None
    return made


_VERBS = {"pause": "Pause", "resume": "Resume", "run": "Run now:", "skip": "Skip next:", "cancel": "Cancel"}
