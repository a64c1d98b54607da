"""A blob goes with the last that names it: an event, a decision, a snapshot."""

from sqlalchemy import select

from services.core.blobs import keep_blob
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.events import Event
from services.core.process import State
from services.core.store.schema import blobs
from services.orchestrator.events import ProcessChanged
from services.orchestrator.housekeeping import Retention
from services.orchestrator.housekeeping.events import RetentionDone
from tests.support.days import live_days, run_once
from tests.support.processes import WriteLine
from tests.support.program import Program


class Names(Event, name="test.names"):
    """An event that names a version of a file."""

    version: str


def kept_blob(program: Program, text: str) -> str:
    return str(program.wait(program.engine.journal.write(lambda tx: keep_blob(tx, text.encode()))))


def blobs_left(program: Program) -> set[str]:
    with program.engine.store.reading.connect() as connection:
        return {row.data.decode() for row in connection.execute(select(blobs))}


def test_a_blob_goes_once_nothing_that_is_kept_names_it(kept: Program) -> None:
    journal = kept.engine.journal
    journal.append(Names(kept_blob(kept, "named by an old event")))
    kept_blob(kept, "named by nothing")
    decided = kept_blob(kept, "named by a decision")
    asked = Proposal(WriteLine("versions.txt", decided), "it is new")
    kept.engine.acts.propose(Origin("program"), asked)
    late = kept_blob(kept, "named by a late event")
    again = kept_blob(kept, "kept once more since")
    live_days(kept, 6)
    journal.append(Names(late))
    assert kept_blob(kept, "kept once more since") == again
    kept_blob(kept, "young and not yet named")
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=3), "retention")
    assert kept.events(RetentionDone)[-1].blobs == 2
    assert blobs_left(kept) == {
        "named by a decision",
        "named by a late event",
        "kept once more since",
        "young and not yet named",
    }


def test_a_blob_that_a_kept_snapshot_names_stays(kept: Program) -> None:
    version = kept_blob(kept, "in force")
    kept.engine.journal.append(ProcessChanged("bot", "test", State.RUNNING, f"runs version {version}", "user", 0))
    live_days(kept, 6)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=3), "retention")
    assert kept.events(RetentionDone)[-1].events > 0
    assert blobs_left(kept) == {"in force"}


def test_nothing_goes_while_all_moments_are_kept(kept: Program) -> None:
    kept_blob(kept, "named by nothing")
    live_days(kept, 2)
    run_once(kept, Retention(kept.engine.projections, kept.engine.files, keep_days=30), "retention")
    assert blobs_left(kept) == {"named by nothing"}
