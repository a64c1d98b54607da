"""The processes in words for people: one line each, or one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.cli.columns import WIDE, Cell, Column, line, on_terminal, paragraph, table, terminal_width
from app.cli.decisions_shown import who
from app.cli.output import local, local_minute, say
from app.wiring.plans.kind_names import kind_name
from services.core.words import counted

if TYPE_CHECKING:
    from app.control.protocol import Document

_ALERTS = 5
_LABEL = 14
_NOT_RUNNING = "Dreamscape is not running; "
FACES = {
    "running": ("●", "green"),
    "starting": ("◐", "green"),
    "waiting": ("○", "cyan"),
    "resuming": ("◐", "yellow"),
    "pausing": ("◫", "yellow"),
    "paused": ("◫", "yellow"),
    "stalled": ("▲", "red"),
    "backoff": ("↻", "magenta"),
    "stopping": ("◐", ""),
    "stopped": ("■", "dim"),
    "failed": ("✗", "bold red"),
}
"""Shape and colour of a state, where a person looks; the word itself always stands beside it."""
_BAD = ("failed", "died", "stalled", "misconfigured")
_RESULTS = {"finished": "green"} | dict.fromkeys(_BAD, "red")


def show_ps(told: Document, asked: str) -> None:
    """The answer to ``ps``: all processes, or the one that was asked for."""
    if not told["running"]:
        say("Dreamscape is not running; this is how it was left.")
    if asked:
        for row in told["processes"]:
            _show_one(row)
        _show_alerts(told["alerts"])
        _show_runs(told["runs"])
        return
    show_processes(told)
    _show_alerts(told["alerts"])


def show_processes(told: Document) -> None:
    """The table of processes, also shown after they were told something."""
    columns = (
        Column("State"),
        Column("Process", most=32, names=True),
        Column("Service", since=WIDE),
        Column("Done"),
        Column("Restarts"),
        Column("Inbox"),
        Column("Now", share=1),
    )
    table(
        columns,
        [
            (
                _state(row),
                row["name"],
                row["service"],
                _percent(row["progress"]),
                str(row["restarts"] or ""),
                str(row["needs_you"] or ""),
                _now(row),
            )
            for row in told["processes"]
        ],
    )


def _show_one(row: Document) -> None:
    state = _state(row)
    line(f"{row['name']} ({row['service']})", "bold")
    facts = (
        ("State", f"{state.text} since {local(row['since'])}"),
        ("Last run", f"finished: {row['amiss']}" if row["amiss"] else ""),
        ("Because", _because(row)),
        ("Doing", row["doing"]),
        ("Progress", _percent(row["progress"])),
        ("Next start" if row["state"] == "waiting" else "Until", local(row["until"])),
        ("Restarts", str(row["restarts"] or "")),
        ("In the Inbox", f"{row['needs_you']}; 'dreamscape inbox' has them" if row["needs_you"] else ""),
        ("Stalled at", row["stalled_at"]),
        ("Kind", kind_name(row["kind"])),
    )
    for name, text in facts:
        if text:
            paragraph(text, _LABEL, state.style if name == "State" else "", f"{name}")
    if row["parameters"]:
        say("")
        columns = (Column("Parameter", most=32, names=True), Column("Value", share=1), Column("From"))
        table(columns, [(each["name"], _value(each["value"]), str(each["origin"])) for each in row["parameters"]])


def _show_runs(runs: list[Document]) -> None:
    if not runs:
        return
    say("")
    columns = (Column("Run"), Column("Started"), Column("Result", most=40), Column("Took"), Column("Why", share=1))
    table(
        columns,
        [
            (
                str(each["epoch"]),
                local(each["started"]),
                _result(each),
                _seconds(each["seconds"]),
                _about(each),
            )
            for each in runs
        ],
    )


def _result(run: Document) -> Cell:
    """How a run ended; one that found something amiss tells what."""
    result = run["result"] or "running"
    return Cell(f"finished: {run['detail']}", "yellow") if run["amiss"] else Cell(result, _RESULTS.get(result, ""))


def _about(run: Document) -> str:
    """What went wrong, or what made it due and how it ended."""
    told = (each for each in (run["why"], "" if run["amiss"] else run["detail"]) if each)
    return str(run["detail"]) if run["result"] in _BAD and run["detail"] else "; ".join(told)


def _show_alerts(alerts: list[Document]) -> None:
    if not alerts:
        return
    say("")
    for each in alerts[:_ALERTS]:
        when = local_minute(each["at"])
        often = f" ({counted(each['times'], 'time')} since {local_minute(each['since'])})" if each["times"] > 1 else ""
        paragraph(each["what"] + often, len(when) + 2, "", when)
    if (more := len(alerts) - _ALERTS) > 0:
        say(f"and {more} more, older; 'dreamscape ps --json' has them all.")


def _state(row: Document) -> Cell:
    state = row["state"]
    face, style = ("◆", "yellow") if row["amiss"] else FACES.get(state, ("", ""))
    return Cell(f"{face} {state}".strip() if on_terminal() else state, style)


def _now(row: Document) -> str:
    """What a person wants to know first of a process in this state."""
    if row["amiss"]:
        told = _next(row)
        return f"finished: {row['amiss']}" + (f", {told}" if told else "")
    because, wide = _because(row), not terminal_width() or terminal_width() >= WIDE
    if told := _next(row):
        return told + (f", {because}" if wide else "")
    if row["until"]:
        return f"again at {local(row['until'])}: {because}"
    if row["doing"]:
        return f"{row['doing']} ({because})" if wide else str(row["doing"])
    return because


def _next(row: Document) -> str:
    return f"next start {local_minute(row['until'])}" if row["state"] == "waiting" and row["until"] else ""


def _because(row: Document) -> str:
    """The reason; that nothing runs is said once for all."""
    told: str = row["because"]
    told = told.removeprefix(_NOT_RUNNING)
    if row["state"] not in ("paused", "pausing") or not row["by"]:
        return told
    from services.orchestrator.history.watched import PLAINLY_HELD

    by = f"by {who(row['by'])}, {local_minute(row['since'])}"
    return by if told in PLAINLY_HELD else ": ".join(filter(None, (by, told)))


def _value(value: Any) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{fraction:.0%}"


def _seconds(seconds: float | None) -> str:
    from widgets.parts.text.times import took

    return "" if seconds is None else took(seconds)
