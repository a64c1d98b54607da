"""`dreamscape ps`, `inbox`, `decisions` and `rules`: what is, what waits, what was done, and what watches."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.output import document, local, say, table, words
from app.control.protocol import Document, Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    ps = subparsers.add_parser("ps", help="the processes and how they stand")
    ps.add_argument("process", metavar="NAME", nargs="?", default="", help="one of them, with its last runs")
    ps.add_argument("--last", metavar="N", type=count, default=10, help="how many of its runs")
    subparsers.add_parser("inbox", help="what waits for you")
    subparsers.add_parser("rules", help="the rules, and how each stands for what it watches")
    decisions = subparsers.add_parser("decisions", help="what was done, by whom and why")
    decisions.add_argument("--last", metavar="N", type=count, default=20, help="how many of the newest")
    decisions.add_argument("--process", metavar="NAME", default="", help="of this process alone")


def count(text: str) -> int:
    """A number from 1 to 10000, for argparse."""
    if not (text.isdecimal() and 1 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)


def run(args: argparse.Namespace) -> int:
    from app.control.client import NotRunning, ask

    home = Home.choose(args.home, os.environ)
    fields: Document = {"last": args.last, "process": args.process} if "last" in args else {}
    request = Request(args.command, fields)
    try:
        told = ask(home, request)
    except NotRunning:
        # The store is opened only where nobody can answer: that costs more than all the rest.
        from app.control.here import read

        told = read(home, request)
    if args.json:
        document(told)
    else:
        {"ps": _ps, "inbox": _inbox, "decisions": _decisions, "rules": _rules}[args.command](told)
    return 0


def show_processes(told: Document) -> None:
    """The table of processes, also shown after they were told something."""
    rows = [
        (each["name"], each["service"], each["state"], _percent(each["progress"]), each["restarts"], _why(each))
        for each in told["processes"]
    ]
    table(("Process", "Service", "State", "Progress", "Restarts", "Because"), rows)


def _ps(told: Document) -> None:
    if not told["running"]:
        say("Dreamscape is not running; this is how it was left.")
    if not told["processes"]:
        say("There are no processes yet; 'dreamscape process add' adds one.")
        return
    show_processes(told)
    for alert in told["alerts"]:
        say(f"{local(alert['at'])}  {alert['what']}")
    if "runs" in told:
        rows = [
            (
                each["epoch"],
                local(each["started"]),
                each["result"] or "running",
                _seconds(each["seconds"]),
                each["why"],
                each["detail"],
            )
            for each in told["runs"]
        ]
        table(("Run", "Started", "Result", "Seconds", "Why", "Detail"), rows, "Result")


def _inbox(told: Document) -> None:
    if not told["items"]:
        say("Nothing waits for you.")
        return
    rows = [
        (each["id"], local(each["at"]), each["verdict"], each["what"], words(each["because"])) for each in told["items"]
    ]
    table(("Id", "Since", "State", "What", "Because"), rows)


def _decisions(told: Document) -> None:
    if not told["decisions"]:
        say("Nothing was decided yet.")
        return
    show_decisions(told)


def _rules(told: Document) -> None:
    for mistake in told["mistakes"]:
        say(mistake)
    if not told["rules"]:
        say("No rules were read yet; the next start reads them.")
        return
    rows = [row for rule in told["rules"] for row in _subjects(rule)]
    table(("Rule", "For", "State", "Since", "Fires when", "Because"), rows)


def _subjects(rule: Document) -> Iterator[tuple[str, ...]]:
    """A line for each subject of a rule; one for a rule that has seen none, with the reason."""
    when = f"{rule['metric']} {rule['condition']}"
    if not rule["subjects"]:
        why = rule["unheard"] or "no value has been measured yet"
        yield rule["rule"], "", "dormant" if rule["unheard"] else "no value yet", "", when, why
    for each in rule["subjects"]:
        latched = "; only you end it: 'dreamscape rearm'" if each["latched"] else ""
        cooling = f"; cools down until {local(each['cooling_until'])}" if each["cooling_until"] else ""
        held = f"; {each['why_withheld']}" if each["why_withheld"] else ""
        because = f"{each['because']}{held}{cooling}{latched}".removeprefix("; ")
        yield rule["rule"], each["each"], each["state"], local(each["since"]), when, because


def show_decisions(told: Document) -> None:
    """The table of decisions, also shown after one was settled."""
    rows = [
        (
            each["id"],
            local(each["at"]),
            each["verdict"],
            each["what"],
            each["by"],
            words(each["because"]) + (f" ({each['why']})" if each["why"] else ""),
            "yes" if each["undoable"] else "",
        )
        for each in told["decisions"]
    ]
    table(("Id", "When", "State", "What", "By", "Because", "Undo"), rows)


def _why(row: Document) -> str:
    until = f" until {local(row['until'])}" if row["until"] else ""
    doing = f"; {row['doing']}" if row["doing"] else ""
    return f"{row['because']}{until}{doing}"


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{fraction:.0%}"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
