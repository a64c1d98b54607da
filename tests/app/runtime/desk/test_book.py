"""What the palette offers for each process: opening it first, and with the reason what makes no sense now."""

from datetime import datetime

from app.runtime.desk.book import ACTIONS, process_command, process_entries
from services.core.process import State
from services.orchestrator.commands import CancelProcess, PauseProcess
from tests.support.manual_clock import START
from widgets.palette import matching
from widgets.states.process_lines import ProcessLine


def line(name: str = "macd", state: State = State.RUNNING, *, scheduled: bool = False) -> ProcessLine:
    since: datetime = START
    return ProcessLine(name, "trading", state, str(state).capitalize(), "ok", "", 0, since, scheduled=scheduled)


def test_the_name_of_a_process_opens_it_and_its_end_stands_last() -> None:
    entries = tuple(process_entries([line(), line("other")]))
    found = [entry.title for entry in matching(entries, "macd")]
    assert found == ["Open macd", "Pause macd", "Run now: macd", "Log of macd", "Skip next: macd", "Cancel macd"]


def test_every_act_has_its_key_and_what_makes_no_sense_its_reason() -> None:
    told = {entry.title: (entry.shortcut, entry.why_not) for entry in process_entries([line(state=State.STOPPED)])}
    assert told["Pause macd"] == ("Space", "")
    assert told["Skip next: macd"] == ("S", "it has no schedule, so there is no next run to leave out")
    assert told["Cancel macd"] == ("Del", "nothing of it runs or is to start")
    past = {entry.title: entry.why_not for entry in process_entries([line()], why_not="a past moment is shown")}
    assert (past["Pause macd"], past["Open macd"]) == ("a past moment is shown", "")


def test_a_paused_process_is_resumed_and_not_paused_again() -> None:
    titles = [entry.title for entry in process_entries([line(state=State.PAUSED)])]
    assert "Resume macd" in titles
    assert "Pause macd" not in titles


def test_what_is_offered_is_what_is_told() -> None:
    assert process_command("process:pause:macd") == PauseProcess("macd")
    assert process_command("process:cancel:a:b") == CancelProcess("a:b")
    assert process_command("open:macd") is None


def test_what_ends_everything_is_grave() -> None:
    assert {entry.id for entry in ACTIONS if entry.grave} == {"stop_trading", "quit"}


def test_faults_on_purpose_are_offered_last_and_never_by_chance() -> None:
    entries = tuple(process_entries([line()], developing=True))
    assert entries[-1].title.startswith("Developer: ")
    assert not any(entry.title.startswith("Developer") for entry in matching(entries, "macd")[:5])
