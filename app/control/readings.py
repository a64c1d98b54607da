"""What can be asked without changing anything, read from the frozen projections of a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from sqlalchemy import Connection

from app.control.protocol import Document
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.decisions.parts import names_of, part_of
from services.core.decisions.wanted import DECIDERS, Part, Wanted, is_kind, kinds_in
from services.core.effects import draft_fields
from services.core.errors import UserError
from services.core.process import PAUSED, State
from services.core.projections.views import View
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.orchestrator.commands import NoSuchProcess
from services.orchestrator.definitions.file_mistakes import FileMistakes
from services.orchestrator.history.alerts import AlertRow
from services.orchestrator.history.projections import Processes, ProcessRow, Pulse, RunRow, progress_of
from services.orchestrator.history.watched import standing_rules, why_paused
from services.orchestrator.near_names import hint

NOT_RUNNING = "Dreamscape is not running"
_KINDS = (
    "a part of one is enough, order means every kind of order on paper and at the exchange, and commas divide several"
)
_STAYS = frozenset({State.PAUSED, State.FAILED, State.STOPPED})
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class PsFields(msgspec.Struct, forbid_unknown_fields=True):
    """Which process; all when empty. One of them is told with its last runs."""

    process: str = ""
    last: Count = 10


class InboxFields(msgspec.Struct, forbid_unknown_fields=True):
    """``all`` also tells what is put off."""

    all: bool = False


class DecisionsFields(msgspec.Struct, forbid_unknown_fields=True):
    """How many, and of which: who decided, what kind, of which process; before which one, by its id."""

    last: Count = 20
    process: str = ""
    by: Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(DECIDERS)})?$")] = ""
    kind: str = ""
    before: str = ""


RunsOf = Callable[[str, int], tuple[RunRow, ...]]
"""The newest runs of a process, as many as are wanted, from the store."""


def ps(view: View, fields: PsFields, running: bool, runs_of: RunsOf, amiss: Sequence[AlertRow] = ()) -> Document:
    """The processes as they are shown, what needs attention, and the runs of one if one is asked for.

    What is ``amiss`` with the store comes first, whomever it is asked of: what is shown may then be old.
    """
    rows = view.value(Processes).rows
    if fields.process:
        rows = (_named(rows, fields.process),)
    told: Document = {"running": running, "processes": [process(view, row, running) for row in rows]}
    told["alerts"] = [_plain(asdict(alert)) for alert in _alerts(view, fields.process, amiss)]
    if fields.process:
        told["runs"] = [_plain(asdict(run)) for run in runs_of(fields.process, fields.last)]
    return told


def _named(rows: tuple[ProcessRow, ...], name: str) -> ProcessRow:
    found = next((row for row in rows if row.name == name), None)
    if found is None:
        raise NoSuchProcess(f"no process is called {name!r}; {hint(name, [row.name for row in rows])}")
    return found


def _alerts(view: View, about: str, amiss: Sequence[AlertRow]) -> list[AlertRow]:
    """What is amiss now, and the newest alerts, about one process if one is named."""
    now = {(alert.what, alert.about) for alert in amiss}
    kept = [alert for alert in view.value(Pulse).alerts if (alert.what, alert.about) not in now]
    return [*amiss, *(alert for alert in kept if about in ("", alert.about, Path(alert.about).stem))]


def process(view: View, row: ProcessRow, running: bool) -> Document:
    """One process; when nothing runs, none of them is said to."""
    told = _plain(asdict(row))
    told["progress"] = progress_of(view, row) if running else None
    told["amiss"] = row.still_amiss
    told["doing"] = row.doing_now
    known = view.value(Decisions)
    told["needs_you"] = sum(each.process == row.name for each in (*known.waiting, *known.unknown))
    if row.state in PAUSED:
        why = why_paused(view, row, at_rest=not running)
        told["because"] = why or ("" if row.state is State.PAUSING and not running else row.because)
    if not running:
        told |= at_rest(row) | {"began": None}
    return told


def at_rest(row: ProcessRow) -> Document:
    """The state of a process while the program does not run, from the last that was kept."""
    if row.state in _STAYS:
        return {"doing": "", "until": None}
    if row.state is State.PAUSING:
        return {"state": str(State.PAUSED), "doing": "", "until": None}
    because = f"{NOT_RUNNING}; it was {row.state}, and goes on with the next start"
    return {"state": str(State.STOPPED), "because": because, "doing": "", "until": None}


ANSWERS = ("approve", "edit", "reject", "snooze")
"""What can be said to a question; what has no draft cannot be edited."""
ANSWERS_FINDING = ("look-again", "reject", "snooze")
"""What can be said to a finding: there is nothing to approve."""
ANSWERS_UNKNOWN = ("settle done", "settle not-done")
"""What can be said of an act whose outcome nobody could tell."""


def inbox(view: View, fields: InboxFields) -> Document:
    """What waits for a person: questions, and acts whose outcome nobody could tell; what is put off if asked for."""
    value, now = view.value(Decisions), view.at
    # Who brings back what was put off looks each minute, and while nothing runs nobody does.
    back = tuple(row for row in value.snoozed if row.snoozed_until is not None and row.snoozed_until <= now)
    later = tuple(row for row in value.snoozed if row not in back)
    # As the window has them: the oldest first, after what nobody could tell and before findings.
    rows = sorted((*value.waiting, *value.unknown, *back), key=lambda row: (not row.unknown, row.finding, row.at))
    shown = (*rows, *later) if fields.all else rows
    to_look_at, rules = sum(row.to_look_at for row in rows), view.value(RuleStandings)
    return {
        "items": [
            decision(row, rules) | {"answers": _answers(row), "group": _group(row, row in later)} for row in shown
        ],
        "to_approve": len(rows) - to_look_at,
        "to_look_at": to_look_at,
        "snoozed": len(later),
    }


def _answers(row: DecisionRow) -> list[str]:
    if row.unknown:
        return list(ANSWERS_UNKNOWN)
    answers = ANSWERS_FINDING if row.finding else ANSWERS
    said = [each for each in answers if each != "edit" or draft_fields(row.kind)]
    return [*said, *(("wake",) if row.snoozed_until else ())]


def _group(row: DecisionRow, later: bool) -> str:
    """Under which heading it stands, in the words of the window."""
    return "put off" if later else "to look at" if row.to_look_at else "to approve"


def decisions(view: View, fields: DecisionsFields, connection: Connection | None) -> Document:
    """A part of the ledger, newest first, how many fit in all, and how many of them are older than these.

    Raises ``NoSuchProcess`` for a name that nobody bears or decided under, ``UserError`` for a kind that none is of,
    ``NoSuchDecision``. Without a connection there is no store yet.
    """
    wanted = Wanted(fields.by, fields.kind, fields.process)
    part = part_of(connection, wanted, fields.last, fields.before) if connection is not None else Part()
    if not part.matching or "," in fields.kind:
        _require_names(view, fields, connection)
    rows = [_with_put_off(row, view) for row in part.rows]
    rules = view.value(RuleStandings)
    counts = {"matching": part.matching, "older": part.older, "total": part.total, "removed": part.removed}
    return {"decisions": [decision(row, rules) for row in rows], **counts}


def _with_put_off(row: DecisionRow, view: View) -> DecisionRow:
    known = view.value(Decisions).by_id(row.id) if row.verdict is Verdict.WAITING else None
    return replace(row, snoozed_until=known.snoozed_until) if known is not None else row


def _require_names(view: View, fields: DecisionsFields, connection: Connection | None) -> None:
    """Where nothing fits, a name may be mistaken; of several kinds one may be, whatever fits the others."""
    kinds, processes = names_of(connection) if connection is not None else ((), ())
    if fields.process and fields.process not in processes:
        _named(view.value(Processes).rows, fields.process)
    for word in kinds_in(fields.kind) or ([fields.kind] if fields.kind else []):
        if kinds and not any(is_kind(kind, word) for kind in kinds):
            mend = f"there are {', '.join(kinds)}; {_KINDS}"
            raise UserError(f"no decision is of the kind {word!r}", "--kind", mend)


def rules(view: View) -> Document:
    """The rules in force, and how each stands for every subject; the files of rules that have mistakes."""
    shown, now = standing_rules(view), view.at
    wrong = [file for file in view.value(FileMistakes).files if file.path.startswith("strategies/rules/")]
    return {
        "rules": [
            asdict(row.read)
            | {"state": None if row.subjects else row.word(None, now)}
            | {"subjects": [_subject(row, subject, now) for subject in row.subjects]}
            for row in shown.rows
        ],
        "mistakes": [str(each) for file in wrong for each in file.mistakes],
    }


def _subject(row: RuleRow, subject: SubjectRow, now: datetime) -> Document:
    cooling = row.cooling_until(subject, now)
    shown = {"state": row.word(subject, now)}
    return _plain(asdict(subject)) | shown | {"cooling_until": cooling.isoformat() if cooling else None}


def decision(row: DecisionRow, rules: RulesValue) -> Document:
    """A decision as lists tell it; one whose undo something holds says what."""
    held = undo_held(row, rules)
    return _plain(asdict(row)) | {"undoable": row.can_undo and not held, "undo_held": held}


def fields_as(kind: type[Any], fields: Document) -> Any:
    """The fields of a request as ``kind``; raises ``UserError`` where they do not fit."""
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise UserError(str(error), "request", "use the command line of the same version") from error


def _plain(fields: dict[str, Any]) -> Document:
    """As JSON has it: times in ISO 8601, states as their words."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value if value is None else _word(value)
        for name, value in fields.items()
    }


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
