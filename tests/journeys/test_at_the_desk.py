"""A person at the window: keys on the table, figures that move, the past brought back, an old script adopted."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt

from app.runtime.desk.journey import Journey
from services.core.process import State
from tests.journeys.conftest import Life, Person
from tests.journeys.test_first_day import CAMPAIGN, TRADER, decisions
from widgets.pages.process_acts import KILL
from widgets.parts.text.times import clock_time
from widgets.theme.active import active

SCRIPT = """import time
for step in range(1, 1000):
    print(f"step {step}/1000", flush=True)
    time.sleep(0.05)
"""


def shown(page: Any) -> set[object]:
    """The keys of the rows in a page's table."""
    model = page.table.rows
    return {model.key_at(model.index(row, 0)) for row in range(model.rowCount())}


def test_figures_move_and_space_pauses_the_selected_process(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        page = await person.goes_to("overview")
        await person.sees(TRADER, State.RUNNING)
        tile = page.tiles["pnl"]
        await person.until(lambda: tile.view.value not in ("", "—"), "the paper account has a figure")
        first = tile.view.value
        await person.until(lambda: tile.view.value != first, "the figure moves")
        page.select(TRADER)
        person.press(page.table, Qt.Key.Key_Space)
        await person.sees(TRADER, State.PAUSED)
        await person.until(lambda: page.table.line_of(TRADER).state is State.PAUSED, "the row says so")
        person.press(page.table, Qt.Key.Key_Space)
        await person.sees(TRADER, State.RUNNING)

    life.live(story)


def test_every_page_goes_back_to_a_past_moment_and_returns(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        overview = await person.goes_to("overview")
        await person.until(lambda: len(decisions(person).rows) >= 3, "three decisions are taken")
        moment = person.program.engine.clock.now() + timedelta(milliseconds=1)
        await person.until(lambda: decisions(person).rows[0].at > moment, "another decision is taken")
        before = [row for row in decisions(person).rows if row.at <= moment]
        overview.moment_wanted.emit(moment)
        await person.until(lambda: person.session.desk.past is not None, "the past is shown")
        log = overview.log.view.log
        said = [log.line_at(row).moment for row in range(log.rowCount())]
        assert said, "the log of then is shown"
        assert max(said) <= moment
        ledger = await person.goes_to("decisions")
        assert person.dashboard.past.told.text() == f"As of {clock_time(moment)}"
        assert shown(ledger) == {row.id for row in before}
        person.session.desk.obey(f"process:pause:{TRADER}")
        assert person.state(TRADER) is State.RUNNING, "nothing can be done in the past"
        inbox = await person.goes_to("inbox")
        person.window.toasts.dismiss()
        person.press(inbox.table, Qt.Key.Key_A)
        assert person.window.toasts.words == (f"This is {clock_time(moment)}; back to now with Ctrl+0",)
        person.press(inbox.table, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
        await person.goes_to("decisions")
        await person.until(lambda: len(shown(ledger)) > len(before), "now is shown again")
        assert not person.dashboard.past.isVisible()

    life.live(story)


def test_who_has_gone_back_to_now_is_not_taken_to_the_past_that_comes_late(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        overview = await person.goes_to("overview")
        desk, built = person.session.desk, []
        desk.findChild(Journey).read.connect(lambda past, _count: built.append(past))
        overview.moment_wanted.emit(person.program.engine.clock.now())
        desk.obey("back_to_now")
        await person.until(lambda: built, "the past is there")
        assert desk.past is None

    life.live(story)


def test_an_old_script_is_adopted_killed_and_heals(life: Life, tmp_path: Path) -> None:
    script = tmp_path / "old.py"
    script.write_text(SCRIPT, encoding="utf-8")

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        overview = await person.goes_to("overview")
        await person.until(overview.steps.isVisible, "the first steps are offered")
        text = f"kind: script\nwith:\n  command: [{sys.executable}, {script}]\n  patterns:\n"
        text += "    progress: 'step (?P<done>\\d+)/(?P<total>\\d+)'\n"
        (life.home.processes / "old.yaml").write_text(text, encoding="utf-8")
        await person.sees("old", State.RUNNING)
        newest = person.program.engine.view.newest
        await person.until(lambda: newest("progress:old"), "its progress is read from its output")
        await person.until(lambda: not overview.steps.isVisible(), "the first steps have gone")
        overview.select("old")
        overview.table.do(KILL, "old")
        await person.until(
            lambda: (row := person.shown.named("old")) and row.restarts == 1 and row.state is State.RUNNING, "it heals"
        )

    life.live(story)


def test_a_script_is_added_by_the_form_and_removed_again(life: Life, tmp_path: Path) -> None:
    script = tmp_path / "old.py"
    script.write_text(SCRIPT, encoding="utf-8")

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        person.session.desk.obey("add.script")
        page = await person.goes_to("processes")
        form = page.form.script
        await person.until(form.isVisible, "the form is open")
        form.name.setText("old")
        form.command.setText(f'"{sys.executable}" "{script}"')
        form.patterns.setPlainText("progress = step (?P<done>\\d+)/(?P<total>\\d+)")
        page.form.add_button.click()
        await person.sees("old", State.RUNNING)
        await person.until(lambda: page.pane.name == "old" and page.pane.isVisible(), "it is selected")
        newest = person.program.engine.view.newest
        await person.until(lambda: newest("progress:old"), "its progress is read from its output")
        await person.until(page.pane.controls.kill.isEnabled, "it can be killed")
        page.pane.controls.kill.click()
        page.pane.controls.kill.click()
        await person.until(
            lambda: (row := person.shown.named("old")) and row.restarts == 1 and row.state is State.RUNNING, "it heals"
        )
        page.open_form("strategy")
        assert page.form.strategy.like.currentText() == "trading/macd-eth-btc.yaml"
        page.form.strategy.name.setText("macd-eth-btc")
        page.form.submit()
        assert "already" in page.form.strategy.fields["name"].fault
        page.form.closed.emit()
        page.pane.danger.gone.click()
        page.pane.danger.gone.click()
        await person.until(lambda: person.shown.named("old") is None, "it is forgotten")
        assert not (life.home.processes / "old.yaml").exists()

    life.live(story)


def test_pause_all_pauses_all_and_quitting_brings_it_back(life: Life) -> None:
    async def pauses(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        person.session.desk.actions.trigger("pause_all")
        await person.until(lambda: {row.state for row in person.shown.rows} == {State.PAUSED}, "all are paused")
        person.session.desk.actions.trigger("resume_all")
        await person.sees(TRADER, State.RUNNING)
        await person.sees(CAMPAIGN, State.RUNNING)

    async def finds(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        await person.sees(CAMPAIGN, State.RUNNING)
        assert person.shown.named("store-backup").state is State.WAITING

    life.live(pauses)
    life.live(finds)


def test_a_theme_that_is_written_into_the_file_by_hand_is_worn_at_once(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.until(lambda: person.program.own.watching, "the files are followed")
        other = "light" if active().name == "dark" else "dark"
        life.home.settings.write_text(f'[general]\ntheme = "{other}"\n', encoding="utf-8")
        await person.until(lambda: active().name == other, "the window wears it")

    life.live(story)
