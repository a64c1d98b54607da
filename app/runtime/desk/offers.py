"""What only the application can do when a page or the palette asks: themes, quitting, things of one's own."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.program import Program
from app.runtime.desk.desk import Desk
from app.runtime.desk.settings_desk import SettingsDesk
from app.wiring.own_files.files import default_files
from app.wiring.own_files.new_processes import NewScript, add_project, add_script, add_strategy
from services.core.commands import Command
from services.core.errors import UserError
from services.orchestrator.commands import RemoveProcess
from services.orchestrator.history.run_pages import runs_of
from widgets.parts.status import Status

if TYPE_CHECKING:  # pages are imported when they are first opened
    from widgets.pages.overview import OverviewPage
    from widgets.pages.processes import ProcessesPage

log = logging.getLogger(__name__)
ADD, REMOVE, THEME = "add.", "remove:", "theme_"


class Offers:
    """Obeys the actions that concern the whole program, and the forms that make a process of the user's own."""

    def __init__(self, desk: Desk, program: Program, settings: SettingsDesk, quit_: Callable[[], None]) -> None:
        self._desk, self._program, self._settings, self._quit = desk, program, settings, quit_
        self._overview: OverviewPage | None = None
        self._processes: ProcessesPage | None = None
        desk.wants.connect(self.obey)
        desk.page_built.connect(self._built)
        desk.each_frame.append(self._show_first_steps)

    def obey(self, action: str) -> None:
        """Do what ``action`` says; one that nobody knows is told."""
        if action == "quit":
            self._quit()
        elif action.startswith(THEME):
            self._settings.change("general.theme", action.removeprefix(THEME))
        elif action.startswith(ADD):
            self._desk.window.go_to("processes")
            if self._processes is not None:
                self._processes.open_form(action.removeprefix(ADD))
        elif action.startswith(REMOVE):
            self._desk.dispatch(RemoveProcess(action.removeprefix(REMOVE)))
        else:
            log.warning("nobody can do %s", action)
            self._desk.tell(f"“{action}” cannot be done here", Status.WARN)

    def _built(self, name: str, page: Any) -> None:
        if name == "overview":
            self._overview = page
        elif name == "processes":
            self._processes = page
            self._connect(page)

    def _connect(self, page: "ProcessesPage") -> None:
        page.script_wanted.connect(lambda form: self._add(page, lambda: add_script(_script(form))))
        page.project_wanted.connect(lambda form: self._add(page, lambda: _project(form)))
        page.strategy_wanted.connect(lambda form: self._add(page, lambda: add_strategy(form.name, form.like)))
        page.older_wanted.connect(lambda process, last: self._read_older(page, process, last))
        page.offer_strategies(default_files())
        page.set_developer(self._program.developing)

    def _add(self, page: "ProcessesPage", make: Callable[[], Command]) -> None:
        """Make the command of a form and have it obeyed; the form says what is wrong with what was typed."""
        try:
            command = make()
        except UserError as error:
            page.form_answered(str(error))
            return
        future = self._program.engine.commands.dispatch(command)
        future.add_done_callback(lambda done: self._desk.hand_over(page.form_answered, str(done.exception() or "")))

    def _read_older(self, page: "ProcessesPage", process: str, last: int) -> None:
        """Runs that are older than those the window keeps, read in a worker."""
        engine = self._program.engine

        def read() -> None:
            with engine.store.reading.connect() as connection:
                found = runs_of(connection, process, last)
            self._desk.hand_over(lambda _text: page.show_older(process, found, last), "")

        engine.workers.start(f"older runs of {process}", read)

    def _show_first_steps(self) -> None:
        """Overview offers the first steps until the user has something of their own."""
        if self._overview is None:
            return
        root = str(self._program.home.root)
        units = list(self._program.engine.orchestrator.units.values())
        self._overview.set_first_steps(not any(unit.plan.source.startswith(root) for unit in units))


def _script(form: Any) -> NewScript:
    return NewScript(
        form.name,
        form.command,
        form.folder,
        every=form.every,
        cron=form.cron,
        alive=form.alive,
        patterns=dict(form.patterns),
        at=form.at,
        zone=form.zone,
    )


def _project(form: Any) -> Command:
    return add_project(Path(form.path), form.interpreter, form.name)
