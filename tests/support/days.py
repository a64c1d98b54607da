"""Days that pass in a program, with events to keep house for."""

from datetime import timedelta

from services.core.durations import seconds
from services.core.events import Event
from services.core.process import Process, State
from services.orchestrator.events import ProcessChanged
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

DAY = timedelta(days=1)


class Padded(Event, name="test.padded"):
    """An event of some size."""

    number: int
    text: str


def run_once(program: Program, process: Process, name: str) -> None:
    """Put a process under supervision and let it run to its end."""
    program.start(process, name)
    program.advance(5)
    assert program.unit(name).state is State.STOPPED, program.unit(name).because


def live_days(program: Program, days: int, events_a_day: int = 40, text: str = "x" * 200) -> None:
    """Some days of events, a few each hour."""
    for day in range(days):
        for number in range(events_a_day):
            program.engine.journal.append(Padded(day * events_a_day + number, text))
            if number % 10 == 0:
                program.engine.journal.append(
                    ProcessChanged(f"p{number}", "test", State.RUNNING, f"day {day}", "user", day)
                )
            pass_time(program, DAY / events_a_day)


def pass_time(program: Program, duration: timedelta) -> None:
    """The wall clock goes on as over a machine that sleeps; then a moment awake, in which what is due is done."""
    assert isinstance(program.clock, ManualClock)
    program.clock.step_wall(duration - seconds(2))
    program.advance(2)
