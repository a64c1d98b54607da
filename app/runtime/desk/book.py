"""The pages of the window and everything that can be done in it, by key, palette, menu or button."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from services.core.commands import Command
from services.core.process import ALIVE
from services.core.process.injection import Fault
from services.orchestrator.commands import CancelProcess, InjectFault, PauseProcess, ResumeProcess, RunNow, SkipNext
from widgets.actions import ActionEntry, ChangeEntry, PaletteEntry
from widgets.frame.views import PageEntry
from widgets.pages.page import Page
from widgets.pages.process_acts import CANCEL, RUN, SKIP, holding, refusal
from widgets.states.process_lines import ProcessLine

PROCESS, OPEN, LOG = "process:", "open:", "log:"

ACTIONS: tuple[ActionEntry, ...] = (
    ChangeEntry("pause_all", "Pause all", "Ask every process to hold at its next checkpoint", "Ctrl+Shift+P", "Run"),
    ChangeEntry("resume_all", "Resume all", "Let every paused process go on", "Ctrl+Shift+R", "Run"),
    ActionEntry("stop_trading", "Stop trading", "End and pause every trading process", "", "Run", grave=True),
    ChangeEntry(
        "undo_last",
        "Undo your last decision",
        "Take it back; what was done without you is only offered",
        "Ctrl+Z",
        "Run",
    ),
    ActionEntry("back_to_now", "Back to now", "Leave the past moment that is shown", "Ctrl+0", "View"),
    ChangeEntry("add.script", "Add a script", "Any command becomes a process", "", "New"),
    ChangeEntry("add.project", "Add a project", "Have a project scanned and tested", "", "New"),
    ChangeEntry("add.strategy", "Add a strategy", "Your own copy of a strategy or campaign", "", "New"),
    ActionEntry("theme_dark", "Dark theme", "", "", "View"),
    ActionEntry("theme_light", "Light theme", "", "", "View"),
    ActionEntry("theme_system", "Theme of the system", "", "", "View"),
    ActionEntry(
        "quit", "Quit", "End every process at its next checkpoint, then the program", "Ctrl+Q", "Program", grave=True
    ),
)


def pages(make: Callable[[str, Callable[[], Page]], Callable[[], Page]]) -> tuple[PageEntry, ...]:
    """The rail, top to bottom. ``make`` wraps a page's factory with what connects it to the program."""

    def overview() -> Page:
        from widgets.pages.overview import OverviewPage

        return OverviewPage()

    def inbox() -> Page:
        from widgets.pages.inbox import InboxPage

        return InboxPage()

    def trading() -> Page:
        from widgets.pages.trading.page import TradingPage

        return TradingPage()

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
        PageEntry("trading", "Trading", "trading", "Services", make("trading", trading)),
        PageEntry("processes", "Processes", "processes", "System", make("processes", processes)),
        PageEntry("rules", "Rules", "rules", "System", make("rules", rules)),
        PageEntry("decisions", "Decisions", "decisions", "System", make("decisions", decisions)),
        PageEntry("logs", "Logs", "logs", "System", make("logs", logs)),
        PageEntry("settings", "Settings", "settings", "end", make("settings", settings), of_now=True),
    )


def page_actions() -> tuple[ActionEntry, ...]:
    """What can be done on each page, before any is made; a key that counts everywhere is not taken by a page.

    Pages that draw charts are not imported for it: that takes longer than a frame.
    """
    from widgets.pages.decisions import DecisionsPage
    from widgets.pages.inbox import InboxPage
    from widgets.pages.logs import LogsPage
    from widgets.pages.processes import ProcessesPage
    from widgets.pages.rules import RulesPage
    from widgets.pages.settings import SettingsPage
    from widgets.pages.trading.acts import ACTIONS as TRADING

    known = (InboxPage.ACTIONS, TRADING, ProcessesPage.ACTIONS, RulesPage.ACTIONS, DecisionsPage.ACTIONS)
    taken = {entry.shortcut for entry in ACTIONS}
    return tuple(
        replace(entry, shortcut="") if entry.shortcut in taken else entry
        for entries in (*known, LogsPage.ACTIONS, SettingsPage.ACTIONS)
        for entry in entries
    )


def process_entries(
    lines: Iterable[ProcessLine], developing: bool = False, why_not: str = ""
) -> Iterable[PaletteEntry]:
    """What the palette offers for each process, opening it first; faults on purpose, and last, while ``developing``.

    ``why_not`` says why nothing can be done with any of them now but look.
    """
    known = tuple(lines)
    for line in known:
        about = f"{line.service}, {line.word.lower()}"
        yield PaletteEntry(f"{OPEN}{line.name}", f"Open {line.name}", about, about=line.name)
        for act in (holding(line), RUN, SKIP, CANCEL):
            yield PaletteEntry(
                f"{PROCESS}{act.id}:{line.name}",
                f"{_TITLES.get(act.id, act.label)} {line.name}",
                act.tip,
                act.key,
                about=line.name,
                grave=act is CANCEL,
                why_not=why_not or refusal(act, line),
            )
        yield PaletteEntry(f"{LOG}{line.name}", f"Log of {line.name}", about, about=line.name)
    for line in known if developing and not why_not else ():
        for fault in Fault if line.state in ALIVE else ():
            title = f"Developer: {fault} {line.name}"
            yield PaletteEntry(f"{PROCESS}{fault}:{line.name}", title, "see it heal", about=line.name, grave=True)


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


_TITLES = {"run": "Run now:", "skip": "Skip next:"}
"""Where the label of an act would not read on with the name of a process."""
