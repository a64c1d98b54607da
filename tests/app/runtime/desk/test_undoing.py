"""Ctrl+Z in the real window: one's own last decision is taken back and told; of others it is only offered."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.paths import Home
from app.program import Program
from app.runtime.desk.desk import Desk
from app.runtime.desk.settings_desk import SettingsDesk
from app.wiring.learning import learning_in
from services.core.clock import SystemClock
from services.core.commands import Command
from services.core.decisions.commands import ApproveDecision, RejectDecision
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.decisions.ledger import Origin
from services.core.effects import Effect
from services.engagement.effects import SendReply
from tests.support.desk_work import Files, MoveWeight, Undoable, reply
from widgets.frame.main_window import MainWindow

PATIENCE_MS = 20_000


class Later(SystemClock):
    """The system's clock, put forward by the test."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Sitting:
    """A person before the window of a program with a ledger that can act."""

    def __init__(self, qtbot: Any, home: Home, outside: Path) -> None:
        self.qtbot, self.clock = qtbot, Later()
        self.program = Program(home, {}, clock=self.clock)
        self.program.open_at_rest()
        self.engine = self.program.engine
        self.engine.assemble(learning_in(self.engine))
        replies = Files(outside)
        self.engine.acts.handlers |= {MoveWeight: Undoable(outside), SendReply: replies}
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.desk = Desk(self.program, self.window)
        self.settings = SettingsDesk(self.desk, lambda general: None)
        self.desk.open()
        self.window.use_less_motion(True)
        self.window.show()
        self.window.open_dashboard()

    def proposed(self, effect: Effect) -> str:
        return self.engine.acts.propose(Origin("process:bot", "bot"), Proposal(effect))

    def decided(self, effect: Effect, command: Callable[[str], Command]) -> str:
        """Put something before the person, who decides it at once."""
        identity = self.proposed(effect)
        self.engine.commands.dispatch(command(identity)).result(20)
        return identity

    def stands(self, identity: str, verdict: Verdict) -> None:
        self.until(lambda: (row := self.row(identity)) is not None and row.verdict is verdict)

    def row(self, identity: str) -> DecisionRow | None:
        found: DecisionRow | None = self.engine.view.value(Decisions).by_id(identity)
        return found

    def undo(self) -> None:
        """Ctrl+Z, by the action it triggers, once the window knows all that was decided."""
        self.engine.ask(self.engine.projections.show)
        self.desk.actions.trigger("undo_last")

    @property
    def toast(self) -> Any:
        return self.window.toasts.shown[-1]

    def told(self, words: str) -> Any:
        """Wait until the newest word in the corner has ``words``."""
        self.until(lambda: self.window.toasts.shown and words in self.toast.accessibleName())
        return self.toast

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def close(self) -> None:
        self.desk.close()
        self.window.hide()
        self.program.close()


@pytest.fixture
def sitting(qtbot: Any, tmp_path: Path) -> Iterator[Sitting]:
    (tmp_path / "outside").mkdir()
    made = Sitting(qtbot, Home(tmp_path / "home", "--home").create(), tmp_path / "outside")
    yield made
    made.close()


def move(percent: int) -> MoveWeight:
    return MoveWeight("#a", "#b", percent)


def test_ones_own_last_decision_is_taken_back_though_another_was_taken_since(sitting: Sitting) -> None:
    first = sitting.decided(move(1), ApproveDecision)
    second = sitting.decided(move(2), ApproveDecision)
    sitting.engine.acts.decide(move(3), "it does better", "rule:weights")
    sitting.undo()
    sitting.stands(second, Verdict.UNDONE)
    toast = sitting.told("Undone: “Moved 2 %")
    toast.button.click()
    sitting.until(lambda: sitting.window.dashboard.pages.current_id == "decisions")
    page = sitting.desk.pages["decisions"]
    sitting.until(lambda: page.pane.row is not None and page.pane.row.id == second)
    sitting.undo()
    sitting.stands(first, Verdict.UNDONE)
    assert [row.verdict for row in sitting.engine.view.value(Decisions).rows if row.by == "rule:weights"] == [
        Verdict.DONE
    ]


def test_a_rejection_is_taken_back_by_asking_once_more(sitting: Sitting) -> None:
    identity = sitting.decided(move(1), lambda each: RejectDecision(each, "not now"))
    sitting.undo()
    sitting.stands(identity, Verdict.WAITING)
    sitting.told("Waits for you again: “Moved 1 %").button.click()
    sitting.until(lambda: sitting.window.dashboard.pages.current_id == "inbox")


def test_what_was_done_without_the_person_is_offered_and_not_undone_unasked(sitting: Sitting) -> None:
    sitting.engine.acts.decide(move(3), "it does better", "rule:weights")
    sitting.undo()
    toast = sitting.told("You decided nothing in the last hour")
    assert "done by rule “weights”" in toast.accessibleName()
    (row,) = sitting.engine.view.value(Decisions).rows
    assert row.verdict is Verdict.DONE
    toast.button.click()
    sitting.stands(row.id, Verdict.UNDONE)
    sitting.told("Undone: “Moved 3 %")


def test_a_decision_of_long_ago_is_offered_too(sitting: Sitting) -> None:
    identity = sitting.decided(move(1), ApproveDecision)
    sitting.clock.ahead = timedelta(hours=2)
    sitting.undo()
    assert "done by you" in sitting.told("You decided nothing in the last hour").accessibleName()
    assert sitting.row(identity).verdict is Verdict.DONE


def test_what_cannot_be_undone_says_why_and_what_could_be_instead(sitting: Sitting) -> None:
    before = sitting.decided(move(1), ApproveDecision)
    sitting.decided(reply(1, "Thanks"), ApproveDecision)
    sitting.undo()
    toast = sitting.told("cannot be undone: once done, it cannot be taken back")
    assert "Before it was done by you at" in toast.accessibleName()
    toast.button.click()
    sitting.stands(before, Verdict.UNDONE)


def test_nothing_to_undo_is_told(sitting: Sitting) -> None:
    sitting.undo()
    sitting.told("There is nothing that could be undone")


def test_a_setting_that_was_changed_here_is_put_back_and_can_be_redone(sitting: Sitting) -> None:
    file = sitting.program.home.settings
    file.write_text('[log]\nlevel = "INFO"\n', encoding="utf-8")
    sitting.decided(move(1), ApproveDecision)
    sitting.settings.change("log.level", "DEBUG")
    sitting.told("log.level is DEBUG")
    sitting.undo()
    sitting.until(lambda: 'level = "INFO"' in file.read_text(encoding="utf-8"))
    undone = next(each for each in sitting.window.toasts.shown if "Undone: log.level" in each.accessibleName())
    undone.button.click()
    sitting.until(lambda: 'level = "DEBUG"' in file.read_text(encoding="utf-8"))
    sitting.until(lambda: not sitting.settings._busy)
