"""The first day with Dreamscape: start, watch, pause, see it heal, decide, quit, start again."""

from pathlib import Path

from app.steps import STEPS, WINDOW
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.process import State
from services.orchestrator.commands import KillProcess, PauseProcess
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
        await person.sees(TRADER, State.RUNNING)
        await person.sees(CAMPAIGN, State.RUNNING)
        newest = person.program.engine.view.newest
        await person.until(lambda: newest(f"trading.equity:{TRADER}") is not None, "the equity is sampled")
        first = await person.until(lambda: newest(f"progress:{TRADER}"), "the trader tells how far it is")
        await person.until(lambda: (newest(f"progress:{TRADER}") or 0) > first, "the trader gets on")

    life.live(story)


def test_a_bot_is_paused_and_stays_paused_over_a_restart(life: Life) -> None:
    async def pauses(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        person.session.desk.dispatch(PauseProcess(TRADER))
        await person.sees(TRADER, State.PAUSED)

    async def finds_it_paused(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(CAMPAIGN, State.RUNNING)
        await person.sees(TRADER, State.PAUSED)
        assert person.shown.named(TRADER).by == "user"

    life.live(pauses)
    life.live(finds_it_paused)


def test_a_killed_child_heals_and_the_ledger_says_so(life: Life) -> None:
    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.sees(TRADER, State.RUNNING)
        person.session.desk.dispatch(KillProcess(TRADER))
        await person.until(lambda: decisions(person).last("restart"), "the restart stands in the ledger")
        assert "signal 9" in decisions(person).last("restart").what
        await person.until(
            lambda: person.state(TRADER) is State.RUNNING and person.shown.named(TRADER).restarts == 1, "it runs again"
        )

    life.live(story)


def test_what_waits_is_approved_after_a_restart_and_a_post_is_undone(life: Life) -> None:
    waiting: list[str] = []

    async def waits(person: Person) -> None:
        await person.sees_the_dashboard()
        await person.until(lambda: decisions(person).waiting, "a reply waits for a person")
        person.session.desk.dispatch(PauseProcess("*"))
        await person.sees(CAMPAIGN, State.PAUSED)
        waiting.append(decisions(person).waiting[-1].id)

    async def approves(person: Person) -> None:
        await person.sees_the_dashboard()
        page = await person.goes_to("inbox")
        page.select(waiting[0])
        await person.until(lambda: page.pane.card.isVisible(), "the matter is shown in full")
        person.session.desk.obey("inbox.approve")
        await person.until(
            lambda: (row := decisions(person).by_id(waiting[0])) and row.verdict in (Verdict.DONE, Verdict.EXPIRED),
            "the approval has been carried out",
        )
        post = next(row for row in decisions(person).rows if row.kind == "post.publish" and row.can_undo)
        ledger = await person.goes_to("decisions")
        ledger.select(post.id)
        await person.until(lambda: ledger.pane.row is not None and ledger.pane.row.id == post.id, "the post is shown")
        ledger.pane.card.undo()
        await person.until(
            lambda: any(row.verdict is Verdict.UNDONE for row in decisions(person).rows), f"{post.what} is taken back"
        )

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
