"""A run is due while another is under way: each mode shown on real runs."""

from pathlib import Path
from typing import Any

import pytest

from services.core.decisions.ledger import require_epoch
from services.core.durations import minutes, seconds
from services.core.process import Process, State
from services.core.process.context import Context
from services.orchestrator.commands import KillProcess, NotNow, RunAnew, RunNow
from services.orchestrator.events import Result, RunEnded, RunStarted
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Finished, Gated, Job, Worked
from tests.support.program import Program

EVERY_TEN = (Every(seconds(10)),)


def start(program: Program, overlap: Overlap, length: int, **plan: Any) -> None:
    program.start(Job, triggers=EVERY_TEN, overlap=overlap, parameters={"length": length}, **plan)


def began(program: Program) -> list[int]:
    return [event.epoch for event in program.events(Worked)]


def results(program: Program) -> list[tuple[int, Result]]:
    return [(event.epoch, event.result) for event in program.events(RunEnded)]


def test_single_leaves_out_what_is_due_meanwhile(program: Program) -> None:
    start(program, Overlap.SINGLE, length=25)
    program.advance(36)
    assert results(program) == [(1, Result.FINISHED)]
    program.advance(10)
    assert began(program) == [1, 2]


def test_restart_ends_the_old_run_then_starts_the_new_one(program: Program) -> None:
    start(program, Overlap.RESTART, length=25)
    program.advance(35)
    assert began(program) == [1, 2, 3]
    assert results(program) == [(1, Result.CANCELLED), (2, Result.CANCELLED)]
    assert program.state_of() is State.RUNNING
    assert program.unit().restarts == 0, "it is not the watchdog's doing"


def test_a_pause_does_not_keep_a_run_from_ending_that_is_being_replaced(program: Program) -> None:
    bot = Gated(program.clock.wakeup())
    program.start(bot, triggers=EVERY_TEN, overlap=Overlap.RESTART, heartbeat=minutes(9))
    program.advance(20.5)
    program.pause()
    bot.gate.set()
    program.advance(2)
    assert results(program) == [(1, Result.CANCELLED)]
    assert (program.state_of(), program.unit().runs) == (State.PAUSED, {})
    program.resume()
    assert sorted(program.unit().runs) == [2]


def test_queue_runs_each_after_the_other_and_no_more_than_may_wait(program: Program) -> None:
    start(program, Overlap.QUEUED, length=35, most=2)
    program.advance(62)
    assert began(program) == [1, 2]
    assert len(program.unit().queue) == 2
    program.advance(36)
    assert began(program) == [1, 2, 3]


def test_parallel_runs_at_once_each_under_its_own_epoch_and_no_more_than_may(program: Program) -> None:
    start(program, Overlap.PARALLEL, length=25, most=2)
    program.advance(32)
    assert began(program) == [1, 2]
    assert sorted(program.unit().runs) == [1, 2]
    program.advance(4)
    assert results(program) == [(1, Result.FINISHED)]
    assert program.state_of() is State.RUNNING
    program.advance(10)
    assert began(program) == [1, 2, 3]
    assert [event.epoch for event in program.events(Finished)] == [1, 2]


def test_the_end_of_one_parallel_run_does_not_end_the_right_of_another_to_speak(program: Program) -> None:
    start(program, Overlap.PARALLEL, length=15)
    program.advance(26)
    unit = program.unit()
    assert results(program) == [(1, Result.FINISHED)]
    assert not unit.runs[2].lease.ended
    journal = program.engine.journal
    program.wait(journal.write(lambda tx: require_epoch(tx, "bot", 2)))
    program.advance(10)
    assert (2, Result.FINISHED) in results(program)
    assert 2 in [event.epoch for event in program.events(Finished)]


def test_parallel_runs_are_paused_only_when_all_hold_and_none_is_added_meanwhile(program: Program) -> None:
    gates = [program.clock.wakeup(), program.clock.wakeup()]
    program.start(Two(gates), triggers=EVERY_TEN, overlap=Overlap.PARALLEL, most=5, heartbeat=minutes(9))
    program.advance(21)
    assert sorted(program.unit().runs) == [1, 2]
    program.pause()
    gates[0].set()
    program.advance(60)
    assert program.state_of() is State.PAUSING, "one of them has not reached its checkpoint"
    assert sorted(program.unit().runs) == [1, 2]
    gates[1].set()
    program.settle()
    assert program.state_of() is State.PAUSED
    program.resume()
    assert program.state_of() is State.RUNNING


def test_a_parallel_run_that_hangs_is_given_up_and_the_others_run_on(program: Program) -> None:
    program.start(Two([program.clock.wakeup()]), triggers=EVERY_TEN, overlap=Overlap.PARALLEL, most=2)
    program.advance(40)
    ended = [event for event in program.events(RunEnded) if event.epoch == 1]
    assert [event.result for event in ended] == [Result.STALLED]
    assert program.state_of() is State.RUNNING
    assert 2 in program.unit().runs


def test_parallel_runs_each_go_on_from_a_position_of_their_own(program: Program) -> None:
    found: dict[int, Any] = {}
    program.start(Counts(found), triggers=EVERY_TEN, overlap=Overlap.PARALLEL, most=3, heartbeat=minutes(9))
    program.advance(35)
    assert found == {1: None, 2: None, 3: None}, "none begins where another has come to"


def test_what_a_parallel_run_has_left_is_taken_over_by_one_run_alone(program: Program) -> None:
    found: dict[int, Any] = {}
    program.start(Counts(found), triggers=EVERY_TEN, overlap=Overlap.PARALLEL, most=2, heartbeat=minutes(9))
    program.advance(25)
    program.killed()
    program.advance(1)
    went_on = {epoch: position for epoch, position in found.items() if epoch > 2}
    assert sorted(position["of"] for position in went_on.values()) == [1, 2]
    assert all(position["number"] >= 4 for position in went_on.values())
    assert len(program.engine.orchestrator.records.positions()) == 2


def test_a_parallel_run_that_has_finished_leaves_no_position(program: Program) -> None:
    found: dict[int, Any] = {}
    program.start(Counts(found, 5), triggers=EVERY_TEN, overlap=Overlap.PARALLEL, most=2)
    program.advance(27)
    assert found == {1: None, 2: None}
    assert results(program) == [(1, Result.FINISHED), (2, Result.FINISHED)]
    assert program.engine.orchestrator.records.positions() == []


def test_run_now_is_refused_with_the_reason_while_another_run_is_under_way(program: Program) -> None:
    start(program, Overlap.SINGLE, length=25)
    program.advance(15)
    with pytest.raises(NotNow, match="bot is not started: the run before is still under way"):
        program.tell(RunNow("bot", {}))
    assert len(program.events(RunStarted)) == 1


def test_a_run_in_a_thread_cannot_be_killed_and_that_is_said(program: Program, tmp_path: Path) -> None:
    program.start(Job, parameters={"length": 100})
    with pytest.raises(NotNow, match="cancel it instead"):
        program.tell(KillProcess("bot"))


class Two(Process):
    """The n-th run holds fast at the n-th gate; runs beyond the gates work on."""

    heartbeat = Gated.heartbeat
    gates: Any

    def run(self, context: Context) -> None:
        context.checkpoint()
        if context.epoch <= len(self.gates):
            self.gates[context.epoch - 1].wait()
        while True:
            context.wait(1, "work")


class Counts(Process):
    """Counts on, and says from where each run went on."""

    heartbeat = seconds(5)
    found: dict[int, Any]
    upto: int = 1000

    def run(self, context: Context) -> None:
        self.found[context.epoch] = context.position
        position = context.position or {"of": context.epoch, "number": 0}
        for number in range(position["number"] + 1, self.upto):
            context.wait(1, "the next number")
            context.checkpoint({"of": position["of"], "number": number})


def test_told_to_run_anew_the_run_there_is_ends_and_the_next_has_what_was_changed_for_it_alone(
    program: Program,
) -> None:
    start(program, Overlap.SINGLE, length=25)
    program.advance(11)
    program.tell(RunAnew("bot", {"length": 3}))
    program.advance(1)
    assert began(program) == [1, 2]
    program.advance(4)
    assert results(program) == [(1, Result.CANCELLED), (2, Result.FINISHED)]
    assert program.unit().restarts == 0


def test_a_paused_process_is_not_run_anew_before_it_is_resumed(program: Program) -> None:
    start(program, Overlap.SINGLE, length=25)
    program.advance(11)
    program.pause()
    program.advance(2)
    with pytest.raises(NotNow, match="bot is paused: resume it first"):
        program.tell(RunAnew("bot", {"length": 3}))
