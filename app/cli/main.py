"""The command line: one parser, of which only the chosen command's module is imported."""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from app.cli.commands import COMMANDS
from app.paths import Home
from services.core.errors import UserError
from services.core.plain import plain

_WIDEST = 110
DONE, NEGATIVE, WRONG, STOPPED, INTERRUPTED = 0, 1, 2, 3, 130


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def __init__(self, **options: Any) -> None:
        width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
        super().__init__(
            **options, formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=20, width=width)
        )

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


class _Version(argparse.Action):
    """Says the version and ends; what reads it is imported only then."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        sys.stdout.write(f"{importlib.import_module('app.version').in_words()}\n")
        parser.exit(DONE)


def main(words: Sequence[str]) -> int:
    """Run one command; returns the exit code.

    0 done, 1 a negative finding, 2 wrong usage or input, 3 stopped by a guard.
    """
    for stream in (sys.stdout, sys.stderr):  # a terminal or pipe that knows few letters gets "?" for the others
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = parser_for(words)
    args, unknown = parser.parse_known_args(words)
    if unknown:
        _refuse(parser, unknown, _chosen(words))
    args.command = args.command or "run"
    return guarded(lambda: _run(args))


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with the arguments of the command that ``words`` name; of the others only the names."""
    parser = Parser(prog="dreamscape", description="A desktop command centre that runs, watches and heals your bots.")
    parser.add_argument("--version", action=_Version, help="which Dreamscape this is")
    _add_common(parser, home=None, as_json=False)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    chosen = _chosen(words)
    if chosen:
        importlib.import_module(f"app.cli.{COMMANDS[chosen].module}").add_parser(subparsers)
        entry, command = COMMANDS[chosen], subparsers.choices[chosen]
        command.description = f"{entry.help[:1].upper()}{entry.help[1:]}." if entry.help else None
        command.epilog = f"--json has, at least: {entry.keys.replace(',', ', ').replace(',  ', ', ')}"
    else:
        for name, entry in COMMANDS.items():
            if entry.help:
                subparsers.add_parser(name, **entry.shown)
        if not any(word in ("-h", "--help") for word in words):
            importlib.import_module("app.cli.run").set_defaults(parser)
    _share(subparsers)
    return parser


def _refuse(parser: argparse.ArgumentParser, unknown: Sequence[str], chosen: str) -> NoReturn:
    """Say what nobody understands, and how the command is written."""
    actions = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    command: argparse.ArgumentParser = next(actions).choices.get(chosen, parser)
    usage = " ".join(command.format_usage().removeprefix("usage: ").split()).removesuffix(" ...")
    for common in (" [-h]", " [--home DIR]", " [--json]"):
        usage = usage.replace(common, "")
    command.error(f"unrecognized arguments: {' '.join(unknown)}. Write {usage}")


def guarded(work: Callable[[], int]) -> int:
    """Run a command; its errors become one clear line and an exit code."""
    try:
        return work()
    except UserError as error:
        sys.stderr.write(f"{plain(str(error))}\n")
        return _code(error)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Who read our output has gone; Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        told = _told(error)
        if told is None:
            raise
        sys.stderr.write(f"{plain(told)}\n")
        return _code(error)


def _run(args: argparse.Namespace) -> int:
    if args.command != "run":
        told = logging.StreamHandler(sys.stderr)
        told.setLevel(logging.ERROR)  # of its own: a program that is opened for a picture lowers the root's
        logging.basicConfig(handlers=[told], level=logging.ERROR, format="%(levelname)s %(message)s")
    module = importlib.import_module(f"app.cli.{COMMANDS[args.command].module}")
    try:
        Home.choose(args.home, os.environ).check()
        code: int = module.run(args)
    except UserError as error:
        if args.command == "run" and not args.headless:
            _show_where_nobody_reads(error)
        raise
    return code


def _show_where_nobody_reads(error: UserError) -> None:
    """Who starts it by a click has no terminal that tells why no window comes."""
    alone = importlib.import_module("app.runtime.alone")
    if alone.nobody_reads():
        alone.show(str(error))


def _code(error: Exception) -> int:
    from app.control.protocol import RefusedByGuard
    from services.core.decisions.ledger import HeldBack
    from services.orchestrator.supervision.holds import HeldByGuard

    return STOPPED if isinstance(error, RefusedByGuard | HeldByGuard | HeldBack) else WRONG


def _told(error: Exception) -> str | None:
    """Words for an error of the domain; None for a fault of ours, which keeps its traceback."""
    from app.control.protocol import Fault
    from app.control.refusals import in_words

    if isinstance(error, Fault):
        return f"The running instance failed at it: {error}. Its log ('dreamscape logs') says where."
    return in_words(error)


def _chosen(words: Sequence[str]) -> str:
    """The command among the words, or nothing; an option's value is no command."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word == "--home":
            skip = True
        elif not word.startswith("-"):
            return word if word in COMMANDS else ""
    return ""


def _share(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Let the common options stand behind the command too, however deep."""
    for parser in subparsers.choices.values():
        _add_common(parser, home=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                _share(action)


def _add_common(parser: argparse.ArgumentParser, home: str | None, as_json: bool | str) -> None:
    parser.add_argument("--home", metavar="DIR", default=home, help="the folder with settings, store and logs")
    parser.add_argument("--json", action="store_true", default=as_json, help="one JSON document on standard output")
