"""What cannot be kept is refused where it is told, alike in both isolations, and spoils nothing beside it."""

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from services.core.clock import SystemClock
from services.core.events import Event
from services.core.finite import NotFinite
from services.core.process import Isolation
from services.core.process.running import EventRefused
from services.orchestrator.children import parent
from services.orchestrator.children.protocol import Named
from services.orchestrator.children.told import event_of
from services.orchestrator.events import Result, RunEnded
from tests.support.processes import LineWriter, Measured, TellsTooMuch, TellsWhatIsNone, WriteLine
from tests.support.program import Program
from tests.support.until import until

MODULES = ("tests.support.processes",)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path, SystemClock(), {WriteLine: LineWriter()}).open()
    yield running
    running.close()


def ended(program: Program) -> RunEnded:
    until(lambda: program.events(RunEnded))
    found: RunEnded = program.events(RunEnded)[0]
    return found


@pytest.mark.parametrize("isolation", list(Isolation))
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("event", "test.measured, more.at[1]: nan is no number that can be kept; leave it out, or give "),
        ("field", "test.measured v1: Expected `float`, got `str` - at `$.level`"),
        ("position", "position, seen.mean: inf is no number that can be kept"),
        ("reward", "rewards of arms, b: nan is no number that can be kept"),
        ("effect", "test.trade, amount: nan is no number that can be kept"),
        ("long", "the position has 17.0 MiB, and 8 can be kept; keep what is large in a file"),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_is_told(
    real: Program, isolation: Isolation, what: str, told: str
) -> None:
    real.start(TellsWhatIsNone, isolation=isolation, parameters={"what": what}, modules=MODULES)
    ending = ended(real)
    assert (ending.result, ending.detail[: len(told)]) == (Result.FAILED, told)
    assert f"in _{what}" in ending.traceback, "it is raised in the process's own frame"
    assert real.events(Measured) == [Measured(1.0, {"at": [2.0]})], "what was sound before it is kept"
    assert real.engine.orchestrator.records.position("bot") == {"number": 1}


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_sample_that_is_no_number_is_left_out_alone_and_said_once(
    real: Program, isolation: Isolation, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    real.engine.orchestrator.supervisor.launcher.house.hear = lambda line: heard.append(line.text)
    real.start(TellsWhatIsNone, isolation=isolation, parameters={"what": "sample"}, modules=MODULES)
    assert ended(real).result is Result.FINISHED
    samples = real.engine.samples
    real.engine.ask(lambda: samples.roll(10))
    good = samples.last("test.good")
    assert good is not None
    assert good.count == 5
    assert samples.last("test.bad") is None
    said = [text for text in (*heard, *caplog.messages) if text.startswith("test.bad is nan")]
    assert len(said) == 1


def test_an_event_of_the_program_itself_is_refused_before_it_is_shown(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[Event] = []
    program.engine.bus.subscribe("test", lambda batch: shown.extend(each.event for each in batch))
    kept = program.engine.journal.append(Measured(math.nan, {}))
    with pytest.raises(NotFinite, match=r"^test\.measured, level: nan is no number"):
        program.wait(kept)
    program.settle()
    assert [each for each in shown if isinstance(each, Measured)] == program.events(Measured) == []
    assert "test.measured cannot be kept: test.measured, level: nan" in caplog.text


def test_a_child_that_tells_too_much_at_once_hears_so(real: Program) -> None:
    real.start(TellsTooMuch, isolation=Isolation.PROCESS, modules=MODULES)
    ending = ended(real)
    assert ending.result is Result.FAILED
    assert ending.detail.startswith("17.0 MiB are told at once, and 16 can be")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (b'{"type":"learn","ask":1,"learner":"arms","arms":[],"rewards":{"a":null}}', "what it told "),
        (b'{"type":"commit","events":1,"position":null,"ask":1}', "what it told cannot be read: "),
        (b'{"type":"learn","ask":1', "what it told cannot be read: "),
    ],
)
def test_whoever_tells_what_cannot_be_read_is_not_left_waiting(
    real: Program, monkeypatch: pytest.MonkeyPatch, word: bytes, told: str
) -> None:
    decode = parent.decode_word

    def garbled(line: bytes) -> object:
        return decode(word if b'"type":"learn"' in line else line)

    unread = parent.decode_unread
    monkeypatch.setattr(parent, "decode_word", garbled)
    monkeypatch.setattr(parent, "decode_unread", lambda line: unread(word))
    real.start(TellsWhatIsNone, isolation=Isolation.PROCESS, parameters={"what": "asks"}, modules=MODULES)
    ending = ended(real)
    assert ending.result is Result.FAILED
    assert ending.detail.startswith(told)


def test_an_event_that_does_not_fit_is_refused_by_its_field_or_by_its_name() -> None:
    with pytest.raises(EventRefused) as wrong:
        event_of(Named("test.measured", 1, '{"level": "high", "more": {}}'))
    assert str(wrong.value) == "test.measured v1: Expected `float`, got `str` - at `$.level`"
    with pytest.raises(EventRefused, match=r"`more`; an event of a plug-in's own needs a name that is no other's$"):
        event_of(Named("test.measured", 1, '{"level": 1.0}'))
    with pytest.raises(EventRefused, match=r"is no name for an event$"):
        event_of(Named(" ", 1, "{}"))
    assert msgspec.json.decode(event_of(Named("test.tide", 2, '{"level": 1.0}')).encode()) == {"level": 1.0}
