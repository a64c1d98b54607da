"""What stands still is seen at the bottom of the window: the window's own thread, and threads that were given up."""

import threading

from services.core.durations import seconds
from services.core.process import Isolation, Process, Restart
from services.core.process.context import Context
from services.orchestrator.definitions.plan import Plan
from tests.journeys.conftest import Life, Person


class Stuck(Process):
    """Never comes back from its first step, until the gate is opened."""

    isolation = Isolation.THREAD
    gate: threading.Event

    def run(self, context: Context) -> None:
        context.doing("about to stand still")
        self.gate.wait()


def test_a_window_that_stood_still_says_so_with_the_place(life: Life) -> None:
    def hold_up_the_window() -> None:
        threading.Event().wait(0.8)

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        bar = person.dashboard.bottom
        await person.until(lambda: person.session.watch.last is None or bar.stalls.isVisible(), "the bar is true")
        watch = person.session.watch

        def says_where() -> bool:
            if watch.last is None or "hold_up_the_window" not in watch.last.where:
                hold_up_the_window()  # once more where a stall of the busy machine came after it
            return bar.stalls.isVisible() and "hold_up_the_window" in bar.stalls.toolTip()

        await person.until(says_where, "the stall shows, and says where")
        assert "stall" in bar.stalls.accessibleName()
        assert "test_standstill.py" in bar.stalls.toolTip()

    life.live(story)


def test_a_thread_that_never_returns_is_counted_until_it_does(life: Life) -> None:
    gate = threading.Event()
    plan = Plan("stuck", "object:stuck", isolation=Isolation.THREAD, heartbeat=seconds(1), restart=Restart(at_most=0))

    async def story(person: Person) -> None:
        await person.sees_the_dashboard()
        bar = person.dashboard.bottom
        assert not bar.abandoned.isVisible()
        orchestrator = person.program.engine.orchestrator
        orchestrator.supervisor.launcher.prepared["object:stuck"] = Stuck(gate)
        person.program.engine.loop.post(lambda: orchestrator.begin(orchestrator.define(plan)))
        try:
            await person.until(bar.abandoned.isVisible, "the thread is counted")
            assert bar.abandoned.accessibleName() == "Threads given up: 1 thread given up"
            assert "a restart ends it" in bar.abandoned.toolTip()
            page = await person.goes_to("processes")
            page.select("stuck")
            await person.until(lambda: "test_standstill.py" in person.shown.named("stuck").stalled_at, "it says where")
        finally:
            gate.set()
        await person.until(lambda: not bar.abandoned.isVisible(), "it has returned")

    life.live(story)
