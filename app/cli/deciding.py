"""What a person tells the ledger: `dreamscape approve`, `edit`, `look-again`, `reject`, `snooze` and their like."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.columns import paragraph
from app.cli.decisions_shown import SHORT, show_decisions
from app.cli.output import document, local, say
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.durations import parse_duration
from services.core.errors import UserError
from services.orchestrator.overrides import words

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WANTED = {
    "approve": ("done",),
    "edit": ("done",),
    "look-again": ("waiting", "expired"),
    "reject": ("rejected",),
    "wake": ("waiting",),
    "snooze": ("waiting",),
    "undo": ("undone", "waiting"),
}
_SETTLED = {"done": ("done",), "not-done": ("not done", "undone")}
"""What can be said of an unknown act, and where it then stands; one that was being taken back is then undone."""
_ID = "as 'dreamscape inbox' shows it; its beginning is enough"


def add_parser(subparsers: Parsers) -> None:
    approve = subparsers.add_parser("approve", help="carry out what waits")
    approve.add_argument("id", metavar="ID", help=_ID)
    approve.add_argument("--edit", metavar="field=value", nargs="+", default=[], help="change the draft first")
    edit = subparsers.add_parser("edit", help="change the draft that waits, then carry it out")
    edit.add_argument("id", metavar="ID", help=_ID)
    edit.add_argument(
        "values",
        metavar="field=value",
        nargs="*",
        help="as 'dreamscape inbox ID' shows the fields; without any, $EDITOR opens the draft's words",
    )
    edit.add_argument("--file", metavar="FILE", type=Path, help="take the draft's words from a file")
    look = subparsers.add_parser("look-again", help="look whether what was found is still so")
    look.add_argument("id", metavar="ID", help=_ID)
    reject = subparsers.add_parser("reject", help="decline what waits")
    reject.add_argument("id", metavar="ID", help=_ID)
    reject.add_argument("--why", metavar="TEXT", default="", help="the reason, for the ledger")
    snooze = subparsers.add_parser("snooze", help="put off what waits: it comes back by itself")
    snooze.add_argument("id", metavar="ID", help=_ID)
    until = snooze.add_mutually_exclusive_group()
    until.add_argument(
        "--for", dest="time", metavar="TIME", type=duration, default="1h", help="2h, 30m, 3d; 1h if left"
    )
    until.add_argument(
        "--until", choices=("evening", "tomorrow", "next-week"), help="18:00 today, 09:00 tomorrow, Monday 09:00"
    )
    wake = subparsers.add_parser("wake", help="bring back at once what was put off")
    wake.add_argument("id", metavar="ID", help="as 'dreamscape inbox --all' shows it; its beginning is enough")
    undo = subparsers.add_parser("undo", help="take back what was done")
    undo.add_argument("id", metavar="ID", help="as 'dreamscape decisions' shows it; its beginning is enough")
    settle = subparsers.add_parser("settle", help="say what came of an act that nobody could tell")
    settle.add_argument("id", metavar="ID", help="as 'dreamscape inbox' shows it; its beginning is enough")
    settle.add_argument("outcome", choices=_SETTLED, help="what you found when you looked")
    settle.add_argument("--reason", metavar="TEXT", required=True, help="how you know, for the ledger")


def duration(text: str) -> timedelta:
    """A duration above nothing and below ten years, for argparse."""
    try:
        found = parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not timedelta(0) < found < timedelta(days=3650):
        raise argparse.ArgumentTypeError(f"{text!r} is not between nothing and ten years")
    return found


def run(args: argparse.Namespace) -> int:
    """Obey; 1 where the decision was heard and yet did not come out as wanted (expired, unknown, refused outside)."""
    from app.control.here import tell

    home = Home.choose(args.home, os.environ)
    by_hand = args.command == "edit" and not args.values and args.file is None
    told = _from_editor(home, args) if by_hand else tell(home, _request(home, args))
    if told is None:
        say("Nothing is changed; it still waits.")
        return 1
    (decision,) = told["decisions"]
    if args.json:
        document(told)
    elif args.command == "snooze":
        say(f"{decision['id'][:SHORT]} is put off until {local(decision['snoozed_until'])}: {decision['what']}")
    elif args.command == "wake":
        say(f"{decision['id'][:SHORT]} is back in the Inbox: {decision['what']}")
    elif args.command == "look-again":
        say(f"{decision['id'][:SHORT]} is being looked at again; it leaves the Inbox once it is gone.")
    else:
        show_decisions(told)
        if decision["why"]:
            paragraph(f"{decision['verdict']}: {decision['why']}")
    return 0 if decision["verdict"] in _wanted(args) else 1


def _wanted(args: argparse.Namespace) -> tuple[str, ...]:
    return _SETTLED[args.outcome] if args.command == "settle" else _WANTED[args.command]


def _request(home: Home, args: argparse.Namespace) -> Request:
    """What is to be done."""
    fields: Document = {"id": args.id}
    match args.command:
        case "reject":
            fields["why"] = args.why
        case "settle":
            fields |= {"done": args.outcome == "done", "why": args.reason}
        case "snooze":
            fields["seconds"] = _wait(args).total_seconds()
        case "approve" if args.edit:
            return Request("edit", fields | {"changes": words(args.edit)})
        case "edit":
            changes = words(args.values) if args.file is None else _from_file(home, args)
            return Request("edit", fields | {"changes": changes})
    return Request(args.command, fields)


def _wait(args: argparse.Namespace) -> timedelta:
    """For how long it is to be put off."""
    if args.until is None:
        wait: timedelta = args.time
        return wait
    from services.core.clock import SystemClock
    from services.core.decisions.moments import moments

    now = SystemClock().now()
    found = next((moment for moment in moments(now) if moment.name == args.until), None)
    if found is None:
        raise UserError("this evening has begun", "snooze --until evening", "put it off until tomorrow, or --for 2h")
    return found.at - now


def _from_file(home: Home, args: argparse.Namespace) -> Document:
    """The draft's words from a file."""
    from app.cli.editor import draft_in, words_in

    if args.values:
        raise UserError("the words are given twice", "edit", "give field=value or --file FILE")
    name, _ = draft_in(_decision(home, args))
    return {name: words_in(args.file)}


def _from_editor(home: Home, args: argparse.Namespace) -> Document | None:
    """What came of the draft's words as a person leaves them in their editor; None where they change nothing."""
    from app.cli.editor import draft_file, draft_in, editor
    from app.control.here import tell

    if args.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError("say what to change", "edit", "such as text='the better words'; 'dreamscape inbox ID' has them")
    command, decision = editor(os.environ), _decision(home, args)
    name, before = draft_in(decision)
    with draft_file(name, before, decision["id"][:SHORT]) as draft:
        while words := draft.written(command):
            say(f"{words}\n")
            if not _agreed("Carry it out with these words? [y/N] "):
                break
            try:
                told = tell(home, Request("edit", {"id": decision["id"], "changes": {name: words}}))
            except UserError as refusal:
                say(str(refusal))
                if not _agreed("Open the editor again? [Y/n] ", otherwise=True):
                    raise UserError("nothing is changed, and it still waits", f"decision {decision['id']}") from None
            else:
                draft.taken = True
                return told
    return None


def _decision(home: Home, args: argparse.Namespace) -> Document:
    from app.control.here import read

    (decision,) = read(home, Request("decision", {"id": args.id}))["decisions"]
    found: Document = decision
    return found


def _agreed(question: str, *, otherwise: bool = False) -> bool:
    """What a person answers; ``otherwise`` stands for an empty line, and an end of the terminal is a no."""
    try:
        answer = input(question).strip().casefold()
    except EOFError:
        return False
    return answer in ("y", "yes") if answer else otherwise
