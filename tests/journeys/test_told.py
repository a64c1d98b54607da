"""What a person at the window is told without asking."""

from datetime import datetime
from typing import Any

from services.core.logs import LogLine
from services.orchestrator.events import Alert
from tests.journeys.conftest import Life, Person
from widgets.parts.toast import Toast

BAD = "- rule: mine\n  metric: process.failed\n  fire: {above: 0.5}\n  then: [reprt]\n"


def toasts(person: Person) -> list[str]:
    return [toast.accessibleName() for toast in person.window.findChildren(Toast)]


def test_a_mistake_in_a_file_and_each_later_alert_are_told_once(life: Life) -> None:
    life.home.create()
    rules = life.home.root / "strategies" / "rules"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text(BAD)

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.until(lambda: any("mine.yaml:4" in told for told in toasts(person)), "the mistake is told")
        for number in range(5):
            person.program.engine.journal.append(Alert(f"number {number}", "disk"))
        await person.until(
            lambda: any("more alert" in told for told in toasts(person)), "the many are told as a number"
        )
        assert toasts(person).count("disk: number 0") <= 1

    life.live(story)

    async def later(person: Person) -> None:
        await person.sees_the_dashboard()
        person.program.engine.journal.append(Alert("it is new", "disk"))
        await person.until(lambda: "disk: it is new" in toasts(person), "the new one is told")
        assert not any("number" in told for told in toasts(person)), "those of before were told before"

    life.live(later)


def test_lines_that_the_window_could_not_take_are_told_in_their_place(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        page: Any = await person.goes_to("logs")
        now: datetime = person.program.engine.clock.now()
        line = LogLine(now, "INFO", "chatty", "one more")
        person.session.desk.log.take((line,) * 20_100)
        model = page.log.model()
        await person.until(
            lambda: any(
                "lines were dropped here" in str(model.index(row, column).data())
                for row in range(model.rowCount() - 1, max(0, model.rowCount() - 50), -1)
                for column in range(model.columnCount())
            ),
            "the note stands in the list",
        )

    life.live(story)
