"""Projections: what was shown at any past moment is built again, from few and small snapshots."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.events import Event, Recorded
from services.core.journal import Journal
from services.core.projections.kept import Projections
from services.core.projections.projection import Projection
from services.core.projections.retention import anchors, announce, remove_events
from services.core.store import Store, open_store
from tests.support.hands import NOON, Hands
from tests.support.until import until


class Said(Event, name="test.said"):
    word: str


class Passed(Event, name="test.passed"):
    """Of no interest to any projection here."""


@dataclass
class _Words:
    last: list[str] = field(default_factory=list)


class Words(Projection[_Words, tuple[str, ...]]):
    """The last hundred words."""

    name = "words"
    State = _Words
    handles = (Said,)

    def fold(self, recorded: Recorded) -> None:
        self.state.last.append(recorded.event.word)
        del self.state.last[:-100]

    def value(self) -> tuple[str, ...]:
        return tuple(self.state.last)


class Count(Projection[list[int], int]):
    """How many words."""

    name = "count"
    State = list
    handles = (Said,)

    def fold(self, recorded: Recorded) -> None:
        self.state[:] = [sum(self.state) + 1]

    def value(self) -> int:
        return sum(self.state)


class Live:
    """A journal that feeds projections, on hands that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.hands = Hands()
        self.store: Store = open_store(folder / "s.db", folder, SystemClock().now)
        self.journal = Journal(self.store, self.hands, deliver=lambda batch: self.projections.take(batch))
        self.shown: dict[str, object] = {}
        self.projections = Projections(self.journal, self.shown.__setitem__)
        self.projections.add(Words())
        self.projections.add(Count())
        self.projections.restore()
        self.journal.start()

    def say(self, *facts: Event) -> None:
        self.hands.move(1)
        self.journal.append(*facts).result(20)

    def close(self) -> None:
        self.journal.close()
        self.store.close()

    def snapshots(self, name: str) -> list[tuple[int, bytes]]:
        until(lambda: self.journal.write(lambda tx: True).result(20))
        with closing(sqlite3.connect(self.store.path)) as connection:
            query = "SELECT seq, state FROM snapshots WHERE projection = ? ORDER BY seq"
            return list(connection.execute(query, (name,)))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    running = Live(tmp_path)
    yield running
    running.close()


def test_what_was_shown_at_any_past_moment_is_built_again(live: Live) -> None:
    shown = []
    for number in range(40):
        live.say(*(Said(f"w{number}.{each}") for each in range(60)), Passed())
        shown.append((live.hands.now(), dict(live.shown)))
    assert len(live.snapshots("count")) > 3
    for moment, values in shown:
        built = live.projections.all_at_seq([Words, Count], live.journal.seq_at(moment))
        assert {projection.name: projection.value() for projection in built} == values
        assert live.projections.all_at_seq([Words], live.journal.seq_at(moment))[0].value() == values["words"]
    assert live.projections.all_at_seq([Count], live.journal.seq_at(NOON))[0].value() == 0


def test_a_restart_begins_at_the_newest_snapshot_and_shows_the_same(live: Live, tmp_path: Path) -> None:
    for number in range(20):
        live.say(*(Said(f"w{number}.{each}") for each in range(60)))
    before = dict(live.shown)
    live.close()
    again = Live(tmp_path)
    assert again.shown == before
    assert again.projections.restore() < 1_200
    again.close()


@dataclass
class _WordsAndMore(_Words):
    more: int = 0


def test_a_state_that_gets_a_field_with_a_default_keeps_what_was_told_before_the_events_that_are_kept(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = without_old_events(live)
    monkeypatch.setattr(Words, "State", _WordsAndMore)
    assert shown_again(tmp_path) == shown


def test_a_version_that_is_raised_loses_what_was_told_before_the_events_that_are_kept(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = without_old_events(live)
    monkeypatch.setattr(Words, "version", Words.version + 1)
    assert shown["words"] == ("old", "new")
    assert shown_again(tmp_path)["words"] == ("new",)


def without_old_events(live: Live) -> dict[str, object]:
    """What is shown of one word whose event is removed, and one whose event is kept."""
    live.say(Said("old"), Passed())
    live.projections.keep()
    live.say(Said("new"))
    (anchor,) = anchors(live.projections)
    live.journal.write(lambda tx: announce(tx, anchor)).result(20)
    assert live.journal.write(lambda tx: remove_events(tx, anchor)).result(20) == 1
    live.close()
    return dict(live.shown)


def shown_again(folder: Path) -> dict[str, object]:
    again = Live(folder)
    again.close()
    return again.shown


def test_snapshots_are_packed_and_as_few_as_their_size_deserves(live: Live) -> None:
    for number in range(50):
        live.say(*(Said(f"{number} " + "a long word " * 200) for _ in range(60)))
    words, counts = live.snapshots("words"), live.snapshots("count")
    assert [seq for seq, _ in counts] == [540, 1080, 1620, 2160, 2700], "small states are kept at each look"
    assert [seq for seq, _ in words] == [540, 1620, 2700], "large ones only once they are worth it"
    assert all(len(state) < len(zlib.decompress(state)) / 5 for _, state in words)


def test_a_projection_that_nothing_concerns_still_gets_a_snapshot_now_and_then(live: Live) -> None:
    live.projections.pass_at_most = 1_000
    for _ in range(30):
        live.say(*(Passed() for _ in range(60)))
    assert live.snapshots("count"), "or a past moment would pass over the whole journal"


def test_each_day_has_an_event_at_which_all_are_kept(live: Live) -> None:
    live.say(Said("one"))
    live.hands.move(86_400)
    live.say(Said("two"))
    assert [seq for seq, _ in live.snapshots("words")] == [seq for seq, _ in live.snapshots("count")] == [2]


def test_a_snapshot_that_cannot_be_read_is_made_up_for_by_the_events(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        live.say(*(Said(f"w{number}.{each}") for each in range(60)))
    with closing(sqlite3.connect(live.store.path)) as connection, connection:
        connection.execute("UPDATE snapshots SET state = x'00' WHERE projection = 'words'")
    (words,) = live.projections.all_at_seq([Words], live.journal.seq_at(live.hands.now()))
    assert words.value() == live.shown["words"]
    assert "does not fit" in caplog.text
