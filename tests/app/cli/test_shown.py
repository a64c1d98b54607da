"""What people read: it fits the terminal, says the most important first, and a pipe gets all of it."""

import io
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from app.cli.columns import Cell, Column, fit, paragraph, table
from app.cli.decisions_shown import DECIDERS, show_decisions, show_inbox, show_ledger, show_one
from app.cli.processes_shown import show_processes, show_ps
from services.core.decisions import wanted

Shown = Callable[[], list[str]]
AT = "2026-11-21T11:03:00+00:00"


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    return lambda: capsys.readouterr().out.splitlines()


@pytest.fixture(params=[80, 120])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    columns: int = request.param
    return columns


def process(name: str = "bot", state: str = "running", **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "service": "trading", "state": state, "because": "the program started"}
    row |= {"since": AT, "doing": "", "restarts": 0, "until": None, "progress": None, "stalled_at": "", "needs_you": 0}
    row |= {"amiss": ""}
    return row | {"kind": "", "parameters": []} | values


def ps(*rows: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"running": True, "processes": list(rows), "alerts": [], "runs": []} | values


def decision(identity: str = "403bf5c38e62", **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": identity, "at": AT, "kind": "order.place", "what": "Buy 97.672 ETH/BTC on paper"}
    row |= {"by": "process:macd", "because": {"rule": "MACD crossed up", "score": 0.123456}, "verdict": "waiting"}
    row |= {"snoozed_until": None, "group": "to approve", "answers": ["approve", "reject", "snooze"]}
    return row | {"why": "", "undoable": False, "undo_held": "", "expires": None, "editable": []} | values


def test_a_long_name_is_cut_in_the_middle_and_no_line_is_longer_than_the_terminal(width: int, shown: Shown) -> None:
    first, second = ("night-shift-of-the-trading-desk-in-husum-" + end for end in ("one", "two"))
    alike = {"because": "a long reason " * 20, "progress": 0.5, "restarts": 12, "needs_you": 3}
    show_processes(ps(process(first, "restarting", **alike), process(second, "running", **alike)))
    lines = shown()
    assert max(map(len, lines)) <= width
    assert [line.split()[1].partition("…")[2][-3:] for line in lines[1:]] == ["one", "two"]


def test_a_process_is_one_line_whatever_it_has_to_say(width: int, shown: Shown) -> None:
    long = "it raised ValueError: " + "a very long reason " * 20
    show_processes(ps(process("a", "failed", because=long), process("b", doing="step " * 60, progress=0.5, restarts=3)))
    title, first, second = shown()
    assert title.split()[:2] == ["State", "Process"]
    assert first.startswith("failed   a")
    assert "it raised ValueError" in first
    assert {len(first), len(second)} <= {width, width - 1}
    assert "50%" in second
    assert "…" in second


def test_a_wide_terminal_tells_more(width: int, shown: Shown) -> None:
    show_processes(ps(process(doing="replaying")))
    title, row = shown()
    assert ("Service" in title) == (width == 120)
    assert ("the program started" in row) == (width == 120)
    assert "replaying" in row


def test_a_pipe_gets_everything(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda fallback: __import__("os").terminal_size(fallback))
    show_processes(ps(process(because="reason " * 60)))
    assert shown()[1].endswith("reason")


def test_a_column_that_says_nothing_takes_no_room(shown: Shown) -> None:
    table((Column("One"), Column("Two"), Column("Three")), [("a", "", "c"), ("b", "", Cell("d", "red"))], width=80)
    assert shown() == ["One  Three", "a    c", "b    d"]


def test_room_that_one_column_leaves_goes_to_the_others(shown: Shown) -> None:
    columns = (Column("One"), Column("Two", share=1), Column("Three", share=2))
    table(columns, [("a", "x" * 60, "short")], width=80)
    assert shown()[1] == f"a    {'x' * 60}  short"
    table(columns, [("a", "x" * 60, "y" * 60)], width=80)
    assert [len(each) for each in shown()[1].split()] == [1, 24, 48]


def test_a_next_start_and_another_try_are_told_by_their_time(width: int, shown: Shown) -> None:
    waits = process("w", "waiting", because="its schedule", until=AT)
    show_processes(ps(waits, process("b", "backoff", because="it died", until=AT)))
    _, first, second = shown()
    assert "next start" in first
    assert re.search(r"again at .*: it died", second)


def test_only_the_newest_alerts_are_told_and_the_others_counted(width: int, shown: Shown) -> None:
    alerts = [{"at": AT, "what": f"alert {number} {'x' * 100}", "about": "", "times": 1} for number in range(8)]
    alerts[0] |= {"what": "alert that comes back", "times": 3, "since": AT}
    show_ps(ps(process(), alerts=alerts), "")
    lines = shown()
    assert "(3 times since" in " ".join(lines)
    assert all(len(each) <= width for each in lines)
    assert sum("alert" in each for each in lines) == 5
    assert lines[-1].startswith("and 3 more, older;")


def test_one_process_is_told_with_its_parameters_and_runs(width: int, shown: Shown) -> None:
    parameters = [{"name": "pace", "value": 2, "origin": "set"}, {"name": "path", "value": "/a b", "origin": "default"}]
    run = {"epoch": 7, "started": AT, "result": "failed", "seconds": 3.21, "why": "told to", "detail": "it broke"}
    run |= {"amiss": False}
    show_ps(ps(process(kind="a.b:C", parameters=parameters), runs=[run]), "bot")
    text = "\n".join(shown())
    assert text.startswith("bot (trading)\n")
    assert re.search(r"^pace\s+2\s+set$", text, re.MULTILINE)
    assert re.search(r"^path\s+/a b\s+default$", text, re.MULTILINE)
    assert re.search(r"^7\s.*failed\s+3\.2 s\s+it broke$", text, re.MULTILINE)


def test_the_inbox_has_the_words_whole_and_the_reason_in_a_few_lines(width: int, shown: Shown) -> None:
    words = "Reply to somebody: " + "“a draft that is long enough to be wrapped” " * 5
    unknown = decision("f" * 12, verdict="unknown", group="to look at", answers=["settle done", "settle not-done"])
    items = [decision(what=words, because="reason " * 60), unknown]
    show_inbox({"items": items, "to_approve": 1, "to_look_at": 1, "snoozed": 0})
    lines = shown()
    assert all(len(each) <= width for each in lines)
    assert lines[0] == "To approve"
    assert lines[1].startswith("403bf5c3  Reply to somebody")
    assert lines.index("To look at") < next(place for place, each in enumerate(lines) if each.startswith("ffffffff"))
    assert " ".join(" ".join(lines).split()).count("long enough to be wrapped") == 5
    assert sum("reason" in each for each in lines) == 3
    assert any("unknown: look whether it was done" in each for each in lines)
    assert "1 to approve, 1 to look at. 'inbox ID' shows one in full; approve, reject, snooze ID." in " ".join(lines)


def test_decisions_are_one_line_each(width: int, shown: Shown) -> None:
    show_decisions({"decisions": [decision(what="Buy " * 50, undoable=True, verdict="done")]})
    title, row = shown()
    assert len(row) <= width
    assert title.split()[:4] == ["Id", "When", "State", "What"]
    assert ("MACD" in row) == (width == 120)


def test_below_the_ledger_stands_which_part_of_it_that_is(width: int, shown: Shown) -> None:
    asked = {"last": 20, "by": "", "kind": "", "process": "", "before": ""}
    told = {"decisions": [decision(verdict="done")] * 2, "matching": 1_234, "older": 1_232, "total": 1_234}
    show_ledger(told, asked)
    end = " ".join(shown()[3:])
    assert "The newest: 2 of 1,234." in end
    assert "1,232 are older: dreamscape decisions --before 403bf5c3" in end
    narrowed = told | {"matching": 5, "older": 3}
    show_ledger(narrowed, asked | {"by": "you", "process": "a bot"})
    end = " ".join(shown()[3:])
    assert "The newest: 2 of 5 that fit; 1,234 decisions in all." in end
    assert "dreamscape decisions --by you --process 'a bot' --before" in end
    show_ledger(told | {"decisions": [], "matching": 0}, asked | {"by": "learner"})
    assert shown() == ["None of 1,234 decisions fits."]


def test_who_decides_is_called_the_same_on_the_command_line_and_in_the_ledger(width: int) -> None:
    assert DECIDERS == wanted.DECIDERS


def test_one_decision_is_told_with_what_can_be_edited(width: int, shown: Shown) -> None:
    show_one(decision(fields={"text": "two\nlines", "score": 1}, editable=["text"], evidence={"diff": "-a\n+b"}))
    text = "\n".join(shown())
    assert re.search(r"^Editable +text$", text, re.MULTILINE)
    assert re.search(r"Decided .* by macd", text)
    assert "rule MACD crossed up, score 0.1235" in text
    assert "  text\n    two\n    lines" in text
    assert "  diff\n    -a\n    +b" in text


def test_times_are_told_as_times_except_where_they_can_be_edited(width: int, shown: Shown) -> None:
    at = "2024-01-03T13:15:00+00:00"
    show_one(decision(because={"bar": at}, fields={"slot": at}, editable=["slot"], outcome={"sandbox time": at}))
    text = "\n".join(shown())
    assert "bar Wed 3 Jan 2024, " in text
    assert "  sandbox time  Wed 3 Jan 2024, " in text
    assert f"  slot  {at}" in text
    assert "Expires" not in text
    show_one(decision(fields={"slot": at}))
    told = "\n".join(shown())
    assert "  slot  Wed 3 Jan 2024, " in told
    assert "Editable" not in told
    show_one(decision(expires=at))
    assert re.search(r"^Expires +3 Jan 2024 ", "\n".join(shown()), re.MULTILINE)
    show_one(decision(verdict="done", fields={"slot": at}))
    assert "  slot  Wed 3 Jan 2024, " in "\n".join(shown())


def test_wide_letters_and_what_steers_a_terminal_are_kept_in_their_place(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fit("日本語の名前", 5) == "日本…"
    monkeypatch.setenv("COLUMNS", "20")
    paragraph("\x1b[31mred\x07 and more than one line of it", 4, "", "a")
    lines = shown()
    assert lines[0].startswith("a   �[31mred�")
    assert all(each.startswith("    ") for each in lines[1:])


def test_a_terminal_sees_shapes_and_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    seen = Terminal()
    monkeypatch.setattr(sys, "stdout", seen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    show_processes(ps(process("a", "failed")))
    assert "\x1b[1;31m✗ failed" in seen.getvalue()
