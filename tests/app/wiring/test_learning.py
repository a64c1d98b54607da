"""What a learner learned stands in the ledger with its evidence, and can be taken back; on a real store."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.cli.main import main
from app.control.here import open_here
from app.engine import Engine, Places
from app.paths import Home
from app.wiring.learning import ENOUGH, LearnWeights, learning_in
from app.wiring.projections import all_projections
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.decisions.ledger import NotWaiting, Origin
from services.core.journal import Transaction
from services.core.process.running import Superseded
from services.core.store.facts import fact, keep_fact
from services.core.store.schema import learners, runs
from services.core.workers import ThreadWorkers
from tests.support.manual_clock import ManualClock
from widgets.parts.decisions.card import grounds
from widgets.parts.evidence.exhibits import Grid

NAME = "engagement.hashtags:spring"
ARMS = ["#bread", "#cake"]
BY = Origin("process:spring")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


class Learning:
    """A store that learns; ``again`` closes and opens it, as a restart does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.clock = ManualClock()
        self.open()

    def open(self) -> None:
        places = Places(self.home.store, self.home.samples, self.home.backups)
        self.engine = Engine(places, self.clock, ThreadWorkers(self.clock))
        self.engine.open(all_projections())
        self.learn = learning_in(self.engine)

    def again(self) -> None:
        self.engine.close()
        self.open()

    def tell(self, times: int, **rewards: float) -> None:
        """That many posts, each with these rewards of its hashtags."""
        for _ in range(times):
            self.learn(NAME, ARMS, {f"#{arm}": reward for arm, reward in rewards.items()}, BY)

    @property
    def weights(self) -> dict[str, float]:
        return self.learn(NAME, ARMS, {}, BY)

    @property
    def decisions(self) -> tuple[DecisionRow, ...]:
        """The lines about learning, newest first, as pages read them."""
        self.engine.ask(self.engine.projections.show)
        return tuple(row for row in self.engine.view.value(Decisions).rows if row.kind == LearnWeights.type_name)


@pytest.fixture
def learning(home: Home) -> Iterator[Learning]:
    store = Learning(home)
    yield store
    store.engine.close()


def test_weights_stay_until_enough_outcomes_are_there_and_then_change_with_a_line_in_the_ledger(
    learning: Learning,
) -> None:
    even = learning.weights
    learning.tell(ENOUGH - 1, bread=0.9)
    assert learning.weights == even
    assert learning.decisions == ()
    learning.again()
    learning.tell(1, cake=0.1)
    assert learning.weights["#bread"] > 0.7
    (row,) = learning.decisions
    assert (row.what, row.by, row.verdict) == (
        f"Weighed hashtags of spring anew by {ENOUGH} outcomes",
        "process:spring",
        Verdict.DONE,
    )
    assert row.because["outcomes"] == ENOUGH
    assert row.because["mean reward"] == pytest.approx((0.9 * (ENOUGH - 1) + 0.1) / ENOUGH)
    assert "#bread 50% → " in row.because["weights"]
    assert [outcome["arm"] for outcome in row.evidence["outcomes"]] == ["#bread"] * (ENOUGH - 1) + ["#cake"]


def test_the_decisions_page_shows_weights_before_and_after_as_a_table(learning: Learning) -> None:
    learning.tell(ENOUGH, bread=1.0, cake=0.0)
    (row, *_) = learning.decisions
    tables = {piece.name: piece for piece in grounds(row) if isinstance(piece, Grid)}
    assert tables["Weights"].heads == ("Arm", "Before %", "After %")
    assert [arm for arm, *_ in tables["Weights"].rows] == ["#bread", "#cake"], "the heaviest first"
    assert len(tables["Outcomes"].rows) >= ENOUGH


def test_what_waits_for_others_waits_no_longer_than_a_day(learning: Learning) -> None:
    learning.tell(2, bread=1.0)
    learning.clock.advance(timedelta(hours=23))
    even = learning.weights
    learning.clock.advance(timedelta(hours=2))
    assert learning.weights["#bread"] > even["#bread"]
    assert learning.decisions[0].what.endswith("by 2 outcomes")


def test_an_undo_puts_the_earlier_weights_back_and_leaves_what_came_after(learning: Learning) -> None:
    learning.tell(ENOUGH, bread=0.6)
    first = learning.weights
    learning.tell(ENOUGH, cake=1.0)
    assert learning.weights != first
    learning.engine.acts.undo(learning.decisions[0].id)
    assert learning.weights == first
    learning.tell(ENOUGH, cake=1.0)
    learning.engine.acts.undo(learning.decisions[-1].id)
    learning.again()
    assert learning.weights["#cake"] > learning.weights["#bread"], "only the last telling counts"
    assert [row.verdict for row in learning.decisions] == [Verdict.DONE, Verdict.UNDONE, Verdict.UNDONE]
    with pytest.raises(NotWaiting, match="is undone"):
        learning.engine.acts.undo(learning.decisions[-1].id)


def test_what_too_much_was_learned_since_cannot_be_undone_and_says_so(learning: Learning) -> None:
    learning.tell(ENOUGH * 52, bread=0.5)
    weights = learning.weights
    outcome = learning.engine.acts.undo(learning.decisions[-1].id)
    assert "too much was learned since" in outcome.why
    assert learning.decisions[-1].verdict is Verdict.DONE
    assert not learning.decisions[-1].yours, "what was refused was decided by nobody else than before"
    assert learning.weights == weights


@pytest.mark.parametrize("place, verdict", [("undo.intended", Verdict.DONE), ("undo.carried_out", Verdict.UNDONE)])
def test_an_undo_that_a_crash_cuts_short_is_told_as_it_stands(
    learning: Learning, monkeypatch: pytest.MonkeyPatch, place: str, verdict: Verdict
) -> None:
    learning.tell(ENOUGH, bread=1.0)

    class Crash(BaseException):
        """The program ends here."""

    def crash(reached: str) -> None:
        if reached == place:
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr("services.core.effects.acts.fault_point", crash)
        with pytest.raises(Crash):
            learning.engine.acts.undo(learning.decisions[0].id)
    learning.again()
    assert learning.decisions[0].verdict is Verdict.UNDOING
    assert learning.engine.acts.reconcile() == (1, 0)
    assert learning.decisions[0].verdict is verdict
    assert (learning.weights["#bread"] > 0.6) is (verdict is Verdict.DONE)


def test_a_run_that_has_ended_teaches_nothing(learning: Learning) -> None:
    ended = runs.insert().values(process="spring", epoch=1, started=0, ended=1, result="stalled", detail="", lease=0)
    learning.engine.clock.result(learning.engine.journal.write(lambda tx: tx.connection.execute(ended) and None))
    with pytest.raises(Superseded):
        learning.learn(NAME, ARMS, {"#bread": 1.0}, Origin("process:spring", "spring", 1))
    with learning.engine.store.reading.connect() as connection:
        assert connection.execute(select(learners)).all() == []


def test_a_reward_and_what_is_kept_with_it_are_on_disk_together_or_not_at_all(learning: Learning) -> None:
    def also(tx: Transaction) -> None:
        keep_fact(tx.connection, "position", "after it")
        if broken:
            raise OSError("the disk is gone")

    broken = True
    with pytest.raises(OSError, match="the disk is gone"):
        learning.learn(NAME, ARMS, {"#bread": 1.0}, BY, also)
    with learning.engine.store.reading.connect() as connection:
        assert (connection.execute(select(learners)).all(), fact(connection, "position")) == ([], None)
    broken = False
    learning.learn(NAME, ARMS, {"#bread": 1.0}, BY, also)
    with learning.engine.store.reading.connect() as connection:
        assert len(connection.execute(select(learners)).all()) == 1
        assert fact(connection, "position") == "after it"


def test_at_rest_the_command_line_shows_what_was_learned_and_takes_it_back(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    at_rest(home, lambda learn: [learn(NAME, ARMS, {"#bread": 1.0}, BY) for _ in range(ENOUGH)])
    assert main(["--home", str(home.root), "decisions"]) == 0
    assert "#bread 50% → " in capsys.readouterr().out
    assert main(["--home", str(home.root), "--json", "decisions"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["decisions"]
    assert row["undoable"]
    assert row["evidence"]["weights"][0]["before %"] == 50.0
    assert main(["--home", str(home.root), "undo", row["id"]]) == 0
    assert at_rest(home, lambda learn: learn(NAME, ARMS, {}, BY)) == pytest.approx({"#bread": 0.5, "#cake": 0.5})


def at_rest(home: Home, ask: Callable[[Any], Any]) -> Any:
    """Ask the learners of a home where nothing runs."""
    engine = open_here(home)
    try:
        return ask(engine.orchestrator.supervisor.launcher.house.learn)
    finally:
        engine.close()
