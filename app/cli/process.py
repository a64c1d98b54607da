"""`dreamscape process add` and `remove`: scripts, projects and strategies as processes of the user's own."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.output import document, say
from app.cli.processes_shown import show_processes
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.orchestrator.definitions.definition import Definition

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("process", help="add a script, project or strategy as a process, or remove one")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="write its file into the home, and start it where Dreamscape runs")
    add.add_argument("name", metavar="NAME")
    what = add.add_mutually_exclusive_group(required=True)
    what.add_argument("--command", dest="script", metavar="COMMAND", help="a script: any command, as one argument")
    what.add_argument("--file", metavar="YAML", type=Path, help="a definition as in the home's processes folder")
    what.add_argument("--project", metavar="PATH", type=Path, help="a project to scan and test")
    what.add_argument("--strategy", metavar="NAME|FILE", help="a trading strategy to run on recorded candles")
    add.add_argument("--every", metavar="DURATION", help="run it again each so often, such as 15m")
    remove = actions.add_parser("remove", help="end it and take its file away; its history stays")
    remove.add_argument("name", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    from app.control.here import tell

    home = Home.choose(args.home, os.environ)
    if args.action == "add":
        request = Request("process-add", {"name": args.name, "text": _text(args, home)})
    else:
        request = Request("process-remove", {"name": args.name})
    told = tell(home, request)
    if args.json:
        document(told)
    else:
        _show(told)
    return 0


def _show(told: Document) -> None:
    if told.get("removed"):
        say(f"{told['name']} is removed ({told['path']}); its history stays.")
        return
    say(f"{told['name']} is defined in {told['path']}.")
    if told["running"]:
        show_processes(told)
    else:
        say("It starts with Dreamscape: 'dreamscape run'.")


def _text(args: argparse.Namespace, home: Home) -> str:
    """The definition as YAML, checked here first so that a mistake is told with the place in the user's own file."""
    from app.wiring.plans.kinds import KINDS
    from services.orchestrator.definitions.process_files import dump, load

    if args.file is not None:
        if args.every:
            raise UserError("--every does not go with --file", "process add", "write 'schedule' into the file")
        definition = load(args.file, KINDS)
        return dump(definition.model_copy(update={"name": args.name}))
    return dump(_definition(args, home))


def _definition(args: argparse.Namespace, home: Home) -> Definition:
    from app.wiring.own_files.definition_text import read_text

    kind, parameters = _kind(args, home)
    if args.every:
        _check_duration(args.every)
    schedule = [{"every": args.every}] if args.every else []
    import json

    # JSON is YAML, so what was typed is checked as a file would be.
    return read_text(json.dumps({"kind": kind, "with": parameters, "schedule": schedule}), args.name)


def _check_duration(every: str) -> None:
    """Told of the option: the file that it goes into is not the user's."""
    from services.core.durations import parse_duration

    try:
        parse_duration(every)
    except ValueError as error:
        raise UserError(str(error), "--every") from error


def _kind(args: argparse.Namespace, home: Home) -> tuple[str, dict[str, Any]]:
    if args.script is not None:
        return "script", {"command": args.script, "folder": str(Path.cwd())}
    if args.project is not None:
        if not args.project.is_dir():
            raise UserError("it is no folder", str(args.project), "give the project's root")
        return "debugger.project", {"path": str(args.project.absolute())}
    from app.cli.strategy_file import strategy_file

    return "trading.replay", {"strategy": str(strategy_file(args.strategy, home))}
