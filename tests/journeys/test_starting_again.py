"""Starting again: what was known last is there at once, with its age, while the program comes up behind it."""

import re
import sqlite3
from contextlib import closing
from typing import Any

from PyQt6.QtCore import QSize

from services.core.commands import CommandGiven
from services.core.process import State
from tests.journeys.conftest import Life, Person
from tests.journeys.test_first_day import TRADER, decisions
from widgets.parts.panels.split import Split


async def first_day(person: Person) -> None:
    """Let something happen that can be remembered."""
    await person.sees_the_dashboard()
    await person.sees(TRADER, State.RUNNING)
    await person.until(lambda: decisions(person).rows, "a decision is taken")
    newest = person.program.engine.view.newest
    await person.until(lambda: newest(f"trading.equity:{TRADER}") is not None, "the equity is sampled")


def overview(person: Person) -> Any:
    return person.session.desk.pages["overview"]


def test_what_was_known_last_is_shown_with_its_age_until_the_program_is_up(life: Life) -> None:
    seen: dict[str, Any] = {}

    async def looks(person: Person) -> None:
        def opened() -> None:
            page = overview(person)
            seen["steps"] = [step.state for step in person.window.splash.steps]
            seen["up"], seen["can act"] = person.session.up, page.can_act
            strip = person.window.dashboard.start
            seen["known"], seen["told steps"] = strip.known.text(), strip.steps.accessibleDescription()
            seen["strip"] = strip.isVisible()
            seen["told"] = page.time.told.text()
            seen["trader"] = page.table.line_of(TRADER) is not None
            charts = [card.chart for card in page.charts]
            seen["points"] = sum(len(chart.points(line.id)[0]) for chart in charts for line in chart.spec.series)

        person.window.opened.connect(opened)
        await person.sees_the_dashboard()
        assert seen["steps"] == ["done", "waiting", "waiting", "waiting", "waiting", "waiting", "done"]
        assert not seen["up"]
        assert not seen["can act"]
        assert re.fullmatch(r"What is shown was known at .*\d\d:\d\d, (just now|.+ ago)", seen["known"])
        assert seen["strip"]
        assert re.fullmatch(
            r"Settings: done .+, Secrets: waiting, Journal: waiting, .+, Window: done ready", seen["told steps"]
        )
        assert seen["told"].startswith("As of")
        assert seen["trader"]
        assert seen["points"] > 0
        assert all(step.state == "done" for step in person.window.splash.steps)
        assert overview(person).can_act
        strip = person.window.dashboard.start
        assert not strip.isVisible()
        assert re.search(r"Processes: done 2 restored\b(?!, \d+ new)", strip.steps.accessibleDescription())
        assert re.search(r"Journal: done [\d,]+ events", strip.steps.accessibleDescription()), "it was ticked there too"
        await person.until(lambda: overview(person).time.told.text() == "Now", "it is now again")

    life.live(first_day)
    life.live(looks)


def test_what_is_wanted_while_it_starts_is_plainly_refused_and_not_kept_in_secret(life: Life) -> None:
    told: list[str] = []

    async def hurries(person: Person) -> None:
        def opened() -> None:
            desk = person.session.desk
            for wanted in ("pause_all", "add.script", "inbox.approve"):
                desk.obey(wanted)
                told.extend(person.window.toasts.words)
                person.window.toasts.dismiss()

        person.window.opened.connect(opened)
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        assert list(person.program.engine.journal.read(names={CommandGiven.type_name: 0})) == []

    life.live(first_day)
    life.live(hurries)
    assert told == ["Not done: Dreamscape is still starting. Try again in a moment."] * 3


def test_who_quits_while_it_starts_leaves_a_clean_end(life: Life) -> None:
    async def quits(person: Person) -> None:
        person.window.opened.connect(lambda: person.session.desk.obey("quit"))
        await person.until(lambda: person.session._ending and person.session._ending.done(), "the end begins")

    async def comes_back(person: Person) -> None:
        await person.sees_the_dashboard()
        assert person.program.started.clean
        await person.sees(TRADER, State.RUNNING)

    life.live(first_day)
    life.live(quits)
    life.live(comes_back)


def test_a_step_that_fails_behind_the_dashboard_is_told_on_the_splash_and_can_be_tried_again(life: Life) -> None:
    async def reads_and_mends(person: Person) -> None:
        await person.until(lambda: person.window.splash.failure is not None, "the failed step is shown")
        assert not person.window.is_open
        failed = [step for step in person.window.splash.steps if step.state == "failed"]
        assert [step.name for step in failed] == ["Journal"]
        with closing(sqlite3.connect(life.home.store)) as connection, connection:
            connection.execute("ALTER TABLE learners_away RENAME TO learners")
        person.window.splash_chosen.emit("again")
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)

    life.live(first_day)
    with closing(sqlite3.connect(life.home.store)) as connection, connection:
        connection.execute("ALTER TABLE learners RENAME TO learners_away")
    life.live(reads_and_mends)


def test_the_window_comes_back_as_it_was_left(life: Life) -> None:
    left: list[list[int]] = []

    def panes(person: Person) -> Split:
        return next(each for each in person.dashboard.findChildren(Split) if each.objectName() == "decisions")

    async def arranges(person: Person) -> None:
        await person.sees_the_dashboard()
        person.window.resize(1210, 760)
        await person.clicks_to("decisions")
        split = panes(person)
        await person.until(lambda: all(split.sizes()), "both panes are shown")
        split.moveSplitter(split.handle(1).x() - 90, 1)
        left.append(split.sizes())
        await person.until(life.home.window.exists, "it is kept while the program runs")

    async def finds_it_and_maximises(person: Person) -> None:
        await person.sees_the_dashboard()
        assert person.dashboard.pages.current_id == "decisions"
        assert "overview" not in person.session.desk.pages
        assert person.window.size() == QSize(1210, 760)
        await person.until(lambda: panes(person).sizes() == left[0], f"its panes are as they were, {left[0]}")
        person.window.showMaximized()
        await person.clicks_to("rules")

    async def finds_it_maximised(person: Person) -> None:
        await person.sees_the_dashboard()
        assert person.dashboard.pages.current_id == "rules"
        assert person.window.isMaximized()
        person.window.showNormal()
        await person.until(lambda: person.window.size() == QSize(1210, 760), "it has the size that it had before")

    life.live(arranges)
    life.live(finds_it_and_maximises)
    life.live(finds_it_maximised)
