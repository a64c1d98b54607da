"""The first day with Dreamscape: start, watch, pause, see it heal, decide, quit, start again."""

from pathlib import Path

from app.steps import STEPS, WINDOW
from services.core.decisions.inbox import Decisions, DecisionsValue
from tests.journeys.conftest import Life, Person

TRADER, CAMPAIGN = "macd-eth-btc", "build-in-public"


def decisions(person: Person) -> DecisionsValue:
    found: DecisionsValue | None = person.program.engine.board.values.get(Decisions.name)
    return found or DecisionsValue()


def test_the_splash_shows_true_steps_and_becomes_the_dashboard(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        steps = person.window.splash.steps
        assert tuple(step.name for step in steps) == (*STEPS, WINDOW)
        assert all(step.state == "done" and step.seconds is not None for step in steps)
        assert "0 mistakes" in steps[0].result
        assert steps[4].result == "2 new", "nothing was restored in an empty home"
        overview = await person.clicks_to("overview")
        await person.reads_there(overview.table, TRADER, "State", "Running")
        await person.reads_there(overview.table, CAMPAIGN, "State", "Running")
        tile = overview.tiles["pnl"]
        await person.until(lambda: "%" in tile.accessibleName(), "the paper account has a figure")

        def progress() -> str:
            told = person.reads(overview.table, TRADER, "Progress")
            return told if told.endswith("%") else ""

        first = await person.until(progress, "the trader tells how far it is")
        await person.until(lambda: progress() not in ("", first), "the trader gets on")

    life.live(story)


def test_a_bot_is_paused_and_stays_paused_over_a_restart(life: Life) -> None:
    async def pauses(person: Person) -> None:
        await person.sees_the_dashboard()
        overview = await person.clicks_to("overview")
        await person.reads_there(overview.table, TRADER, "State", "Running")
        await person.clicks_in_row(overview.table, TRADER, "pause")
        await person.reads_there(overview.table, TRADER, "State", "Paused")

    async def finds_it_paused(person: Person) -> None:
        await person.sees_the_dashboard()
        overview = await person.clicks_to("overview")
        await person.reads_there(overview.table, CAMPAIGN, "State", "Running")
        await person.reads_there(overview.table, TRADER, "State", "Paused")
        assert person.reads(overview.table, TRADER, "Doing now").startswith("by you")

    life.live(pauses)
    life.live(finds_it_paused)


def test_a_killed_child_heals_and_the_ledger_says_so(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        processes = await person.clicks_to("processes")
        await person.reads_there(processes.table, TRADER, "State", "Running")
        await person.clicks_row(processes.table, TRADER)
        kill = processes.pane.controls.kill
        await person.until(lambda: kill.isVisible() and kill.isEnabled(), "it can be killed")
        person.click(kill)
        await person.until(lambda: kill.text() == "Kill now", "it asks whether this is meant")
        person.click(kill)
        ledger = await person.clicks_to("decisions")
        healed = await person.until(lambda: person.row_with(ledger.table, "What", "signal 9"), "the ledger says so")
        assert TRADER in person.reads(ledger.table, healed, "What")
        await person.clicks_to("processes")
        await person.until(lambda: "Restarts 1" in processes.pane.facts.accessibleName(), "it was restarted once")
        await person.reads_there(processes.table, TRADER, "State", "Running")

    life.live(story)


def test_what_waits_is_approved_after_a_restart_and_a_post_is_undone(life: Life) -> None:
    waiting: list[str] = []

    async def waits(person: Person) -> None:
        await person.sees_the_dashboard()
        inbox = await person.clicks_to("inbox")
        await person.until(lambda: person.row_with(inbox.table, "What", "eply"), "a reply waits for a person")
        overview = await person.clicks_to("overview")
        await person.clicks_in_row(overview.table, CAMPAIGN, "pause")
        await person.reads_there(overview.table, CAMPAIGN, "State", "Paused")
        await person.clicks_to("inbox")
        waiting.append(await person.until(lambda: person.row_with(inbox.table, "What", "eply"), "it still waits"))

    async def approves(person: Person) -> None:
        await person.sees_the_dashboard()
        inbox = await person.clicks_to("inbox")
        await person.clicks_row(inbox.table, waiting[0])
        approve = inbox.pane.card.buttons["approve"]
        await person.until(lambda: approve.isVisible() and approve.isEnabled(), "the matter can be answered")
        person.click(approve)
        ledger = await person.clicks_to("decisions")
        await person.reads_there(ledger.table, waiting[0], "Verdict", "Done")
        post = await person.until(lambda: person.row_with_button(ledger.table, "undo"), "a post can be undone")
        await person.clicks_in_row(ledger.table, post, "undo")
        await person.reads_there(ledger.table, post, "Verdict", "Undone")

    life.live(waits)
    life.live(approves)


def test_a_mistaken_setting_is_a_failed_step_that_says_how_to_go_on(life: Life, tmp_path: Path) -> None:
    life.home.create()
    life.home.settings.write_text('[log]\nlevel = "LOUD"\n', encoding="utf-8")

    async def story(person: Person) -> None:
        await person.until(lambda: person.window.splash.failure is not None, "the failed step is shown")
        failed = [step for step in person.window.splash.steps if step.state == "failed"]
        assert [step.name for step in failed] == ["Settings"]
        assert "settings.toml:2" in failed[0].result
        person.window.splash_chosen.emit("go_on")
        await person.sees_the_dashboard()

    life.live(story)
