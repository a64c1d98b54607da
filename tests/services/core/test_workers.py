"""Threads for work: given, given up, and forgotten when they end."""

import threading

from services.core.clock import SystemClock
from services.core.workers import ThreadWorkers
from tests.support.manual_clock import ManualClock


def test_work_that_has_ended_is_forgotten():
    clock = ManualClock()
    workers = ThreadWorkers(clock)
    for number in range(20):
        workers.start(f"run {number}", lambda: None)
    clock.rest()
    assert workers.busy == 0
    assert workers.thread_of("run 7") is None


def test_work_that_raises_is_forgotten_too():
    clock = ManualClock()
    workers = ThreadWorkers(clock)
    workers.start("fails", lambda: 1 // 0)
    clock.rest()
    assert workers.busy == 0


def test_a_thread_given_up_counts_until_it_ends():
    workers, go, began = ThreadWorkers(SystemClock()), threading.Event(), threading.Event()

    def stuck() -> None:
        began.set()
        go.wait(20)

    workers.start("stuck", stuck)
    assert began.wait(20)
    thread = next(each for each in threading.enumerate() if each.name == "stuck")
    assert workers.thread_of("stuck") == thread.ident
    workers.abandon("stuck")
    assert (workers.abandoned, workers.busy, workers.thread_of("stuck")) == (1, 1, None)
    go.set()
    thread.join(20)
    assert (workers.abandoned, workers.busy) == (0, 0)


def test_a_newer_thread_of_the_same_name_is_kept_when_the_older_ends():
    workers, go, began = ThreadWorkers(SystemClock()), threading.Event(), threading.Event()
    later, went_on = threading.Event(), threading.Event()
    workers.start("bot", lambda: (began.set(), go.wait(20)))
    assert began.wait(20)
    older = next(each for each in threading.enumerate() if each.name == "bot")
    workers.abandon("bot")
    workers.start("bot", lambda: (went_on.set(), later.wait(20)))
    assert went_on.wait(20)
    go.set()
    older.join(20)
    assert workers.thread_of("bot") is not None
    later.set()
