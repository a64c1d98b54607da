"""The command line: one parser, of which only the chosen command's module is imported."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from services.core.errors import UserError

DONE, NEGATIVE, WRONG, STOPPED, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(frozen=True)
class Entry:
    """A command: the module under ``app.cli`` that parses and runs it, and its line in the help; hidden without."""

    module: str
    help: str

    @property
    def shown(self) -> dict[str, Any]:
        """What the help is told of it."""
        return {"help": self.help} if self.help else {}


COMMANDS = {
    "run": Entry("run", "the dashboard; with --headless everything but the window"),
    "ps": Entry("asking", "the processes and how they stand"),
    "pause": Entry("telling", "hold a process at its next checkpoint"),
    "resume": Entry("telling", "let a process go on"),
    "cancel": Entry("telling", "end a process's runs; its schedule stays"),
    "run-now": Entry("telling", "start a run now, with parameters for this run alone"),
    "skip-next": Entry("telling", "leave out the next scheduled run"),
    "set": Entry("telling", "change a process's parameters"),
    "kill": Entry("telling", "end a process's interpreter as a fault would; the watchdog heals it"),
    "fault": Entry("telling", ""),
    "stop-trading": Entry("stop_trading", "end every trading process"),
    "process": Entry("process", "add a script, project or strategy as a process, or remove one"),
    "inbox": Entry("asking", "what waits for you"),
    "approve": Entry("deciding", "carry out what waits"),
    "reject": Entry("deciding", "decline what waits"),
    "undo": Entry("deciding", "take back what was done"),
    "decisions": Entry("asking", "what was done, by whom and why"),
    "rules": Entry("asking", "the rules, and how each stands for what it watches"),
    "rearm": Entry("rearm", "let a rule that stopped something fire again, such as the drawdown stop"),
    "logs": Entry("logs", "the log's last lines"),
    "quit": Entry("quit", "end the running instance"),
    "screenshot": Entry("screenshot", "a page of the real window as a picture"),
    "config": Entry("config", "the settings in force, and where each came from"),
    "backup": Entry("keeping", "a checked copy of the store"),
    "restore": Entry("keeping", "put a backup in the store's place"),
    "export": Entry("keeping", "the store as JSON lines"),
    "import": Entry("keeping", "an export, or an old learning_db.json, into the store"),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options, formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=20, width=110)
        )

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


def main(words: Sequence[str]) -> int:
    """Run one command; returns the exit code.

    0 done, 1 a negative finding, 2 wrong usage or input, 3 stopped by a guard.
    """
    parser = parser_for(words)
    args = parser.parse_args(words)
    args.command = args.command or "run"
    return guarded(lambda: _run(args))


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with the arguments of the command that ``words`` name; of the others only the names."""
    parser = Parser(prog="dreamscape", description="A desktop command centre that runs, watches and heals your bots.")
    _add_common(parser, home=None, as_json=False)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    chosen = _chosen(words)
    if chosen:
        importlib.import_module(f"app.cli.{COMMANDS[chosen].module}").add_parser(subparsers)
    else:
        for name, entry in COMMANDS.items():
            subparsers.add_parser(name, **entry.shown)
        if not any(word in ("-h", "--help") for word in words):
            importlib.import_module("app.cli.run").set_defaults(parser)
    _share(subparsers)
    return parser


def guarded(work: Callable[[], int]) -> int:
    """Run a command; its errors become one clear line and an exit code."""
    try:
        return work()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
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
        sys.stderr.write(f"{told}\n")
        return _code(error)


def _run(args: argparse.Namespace) -> int:
    if args.command != "run":
        told = logging.StreamHandler(sys.stderr)
        told.setLevel(logging.ERROR)  # of its own: a program that is opened for a picture lowers the root's
        logging.basicConfig(handlers=[told], level=logging.ERROR, format="%(levelname)s %(message)s")
    module = importlib.import_module(f"app.cli.{COMMANDS[args.command].module}")
    code: int = module.run(args)
    return code


def _code(error: Exception) -> int:
    from app.control.protocol import RefusedByGuard
    from services.orchestrator.holds import HeldByGuard

    return STOPPED if isinstance(error, RefusedByGuard | HeldByGuard) else WRONG


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
