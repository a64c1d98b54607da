"""The history in the store goes further back than the newest runs that the window keeps."""

from services.orchestrator.commands import RunNow
from services.orchestrator.events import Result
from services.orchestrator.history.projections import RunHistory
from services.orchestrator.history.run_pages import runs_of
from tests.support.bots import Job
from tests.support.program import Program


def test_older_runs_than_the_window_keeps_are_read_from_the_store(program: Program) -> None:
    program.start(Job(length=0))
    program.advance(1)
    for _ in range(RunHistory.KEPT + 5):
        program.tell(RunNow("bot", {}))
    program.advance(1)
    with program.engine.store.reading.connect() as connection:
        rows = runs_of(connection, "bot", 10_000)
        assert runs_of(connection, "bot", 3) == rows[:3]
    assert [row.epoch for row in rows] == list(range(RunHistory.KEPT + 6, 0, -1))
    assert {row.why for row in rows} == {"it is new here", "told to run now"}
    assert {row.result for row in rows} == {Result.FINISHED}
    assert all(row.seconds is not None and row.ended is not None for row in rows)
