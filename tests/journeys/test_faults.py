"""A developer breaks a bot on purpose at the window: it heals, and the ledger says why. In production nobody can."""

from PyQt6.QtWidgets import QLabel

from services.core.process import State
from services.core.process.injection import Fault
from services.orchestrator.history.projections import RunHistory
from tests.journeys.conftest import Life, Person
from tests.journeys.test_first_day import TRADER, decisions
from widgets.parts.toast import Toast

PRODUCTION = '[environment]\ndeclared = "prod"\nprod_branches = ["*"]\n'


def restarts(person: Person) -> list[str]:
    return [row.what for row in decisions(person).rows if row.kind == "process.restart"]


def told(person: Person) -> str:
    """What the toasts say."""
    return " ".join(label.text() for toast in person.window.findChildren(Toast) for label in toast.findChildren(QLabel))


def test_a_crash_from_the_developers_menu_heals_and_is_told(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        page = await person.goes_to("processes")
        await person.sees(TRADER, State.RUNNING)
        page.select(TRADER)
        menu = page.pane.danger.developer
        await person.until(lambda: menu.isVisible() and menu.isEnabled(), "the developer's menu is offered")
        person.click(menu)
        await person.until(menu.menu_of_faults.isVisible, "the menu is open")
        menu.menu_of_faults.actions()[0].trigger()
        menu.menu_of_faults.hide()
        await person.until(lambda: restarts(person), "it is healed")
        assert restarts(person)[0].startswith(f"Restarted {TRADER} after it failed (crash injected by user:")
        await person.sees(TRADER, State.RUNNING)

    life.live(story)


def test_the_palette_lets_a_bot_hang_and_the_watchdog_finds_it(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        offered = {entry.title: entry.id for entry in person.session.desk.actions.palette_entries()}
        person.session.desk.actions.trigger(offered[f"Developer: hang {TRADER}"])
        await person.until(lambda: restarts(person), "it is healed")
        assert "hang injected by user: no beat for" in restarts(person)[0]
        runs = person.program.engine.board.values[RunHistory.name].of(TRADER)
        assert [run.result for run in runs if run.result] == ["stalled"]

    life.live(story)


def test_in_production_there_is_no_menu_and_a_fault_is_refused(life: Life) -> None:
    life.home.create()
    life.home.settings.write_text(PRODUCTION, encoding="utf-8")

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        page = await person.goes_to("processes")
        await person.sees(TRADER, State.RUNNING)
        page.select(TRADER)
        assert not page.pane.danger.developer.isVisible()
        titles = [entry.title for entry in person.session.desk.actions.palette_entries()]
        assert not [title for title in titles if title.startswith("Developer")]
        person.session.desk.obey(f"process:{Fault.CRASH}:{TRADER}")
        await person.until(lambda: "this is production" in told(person), "the refusal is told")
        assert restarts(person) == []

    life.live(story)
