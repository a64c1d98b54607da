"""Adopted scripts: any command as a process, with schedule, watchdog, pause, history and rules like any other."""

import errno
import uuid
from dataclasses import field
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from services.core.durations import parse_duration, seconds
from services.core.folders import is_folder
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.core.process.running import Cancelled, Superseded
from services.core.sandbox import CannotStart, Ended, Tree, end_strays
from services.core.sandbox.environment import looks_secret
from services.core.words import counted
from services.orchestrator.events import NOT_WHEN_ASKED
from services.orchestrator.scripts.events import ScriptEnded, ScriptStarted
from services.orchestrator.scripts.launch import Launch, launch, missing, secret_words, signal_number, split_command
from services.orchestrator.scripts.life import Alive, Life
from services.orchestrator.scripts.output import Patterns, check_pattern
from services.orchestrator.scripts.signals import CAN_SUSPEND, end_in_words
from services.orchestrator.scripts.steering import Steering

MISCONFIGURED = 78
"""EX_CONFIG of sysexits.h: the program says that it is configured wrongly."""
_LEFTOVERS = seconds(2)
_CANNOT = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ENOEXEC, errno.EISDIR, errno.ENAMETOOLONG}
)


class ScriptFailed(Exception):
    """A script ended with an exit code that is not fine; the message has its last words."""


def _command(given: str | tuple[str, ...]) -> str | tuple[str, ...]:
    secret = secret_words(split_command(given))
    if secret:
        raise ValueError(
            f"{', '.join(secret)} looks like a secret, and no file keeps one; let the script read it from a variable, "
            "set that where Dreamscape is started, and name it under pass_on"
        )
    return given


def _signal(given: str) -> str:
    signal_number(given)
    return given


def _alive(given: str) -> str:
    if given:
        Alive.parse(given)
    return given


def _grace(given: str) -> str:
    parse_duration(given)
    return given


def _environment(given: dict[str, str | int | float]) -> dict[str, str | int | float]:
    secret = [name for name, value in given.items() if looks_secret(name, str(value))]
    if secret:
        raise ValueError(
            f"{', '.join(secret)} looks like a secret, and no file keeps one; set it where Dreamscape is started, "
            "and name it under pass_on"
        )
    return given


def _patterns(given: dict[str, str]) -> dict[str, str]:
    for name, pattern in given.items():
        check_pattern(name, pattern)
    return given


class Script(Process):
    """Runs a command and steers it; the command itself is another process, so this needs only a thread.

    What it writes is its log: lines that name a level have it, else standard output is information and standard
    error a warning. Pausing suspends its process group (SIGSTOP, SIGCONT) where the system can. Cancelling sends
    the stop signal to the group, waits for the grace, then kills what is left, grandchildren too; what a script
    leaves behind when it ends by itself is ended as well. What a run left that was killed together with Dreamscape is
    ended before the next run starts.

    Raises ``ConfigurationFault`` for a missing command or folder and for exit code 78, and ``ScriptFailed`` for any
    other code that is not among ``exit_codes``.
    """

    service: ClassVar[str] = "scripts"
    isolation: ClassVar[Isolation] = Isolation.THREAD
    can_pause: ClassVar[bool] = CAN_SUSPEND

    command: Annotated[str | tuple[str, ...], AfterValidator(_command)]
    """Words, or text that is split as a shell would; no shell runs it."""
    folder: str = ""
    """Where it runs; the user's home when empty."""
    interpreter: str = ""
    """Program that is put before the command; a ``.py`` file gets its folder's own Python without being asked."""
    environment: Annotated[dict[str, str | int | float], AfterValidator(_environment)] = field(default_factory=dict)
    """Variables of its own, beside ours without our switches and without what looks like a secret."""
    pass_on: tuple[str, ...] = ()
    """Names of our variables that it gets although they look like a secret."""
    stop_signal: Annotated[str, AfterValidator(_signal)] = "TERM"
    stop_grace: Annotated[str, AfterValidator(_grace)] = "10s"
    """How long it has to end after that signal; when Dreamscape quits it has five seconds at most."""
    alive: Annotated[str, AfterValidator(_alive), Field(examples=["output within 60s"])] = ""
    """``output within 60s``, ``file PATH within 60s`` or ``http URL every 10s``; else it lives while it runs."""
    patterns: Annotated[
        dict[str, str], AfterValidator(_patterns), Field(examples=[{"progress": r"(?P<done>\d+)/(?P<total>\d+)"}])
    ] = field(default_factory=dict)
    """Regular expressions for ``progress`` and for metrics, by name; a metric becomes the sample ``NAME:PROCESS``."""
    exit_codes: tuple[int, ...] = (0,)
    """Codes with which it ended well."""

    def run(self, context: Context) -> None:
        try:
            ready = launch(self.command, self.folder, self.interpreter, self.environment, self.pass_on)
            life = Life(Alive.parse(self.alive) if self.alive else None, ready.folder, context.clock)
            patterns = Patterns(self.patterns)
            stop, grace = signal_number(self.stop_signal), parse_duration(self.stop_grace)
        except ValueError as error:
            raise ConfigurationFault(str(error)) from error
        self._killed = False  # before the tree can be seen: a kill from then on is ours
        tree = self._tree = self._start(context, ready, min(grace, _LEFTOVERS))
        try:
            with tree:
                self._steering = steering = Steering(context, tree, life, patterns, stop, grace)
                self._follow(context, tree, steering)
        except Superseded as late:  # nothing of it counts any more, and yet how it ended is told
            if tree.code is None:
                raise
            raise Superseded(f"it {end_in_words(tree.code, ours=True)}") from late

    def preflight(self) -> None:
        try:
            ready = launch(self.command, self.folder, self.interpreter, self.environment, self.pass_on)
        except ValueError as error:
            raise ConfigurationFault(str(error), "command") from error
        if fault := missing(ready):
            raise self._cannot(ready, fault)

    def stands_at(self) -> str:
        """Its command runs in a process of its own, of which only its signs of life can be known."""
        steering: Steering | None = getattr(self, "_steering", None)
        return steering.stands_at() if steering is not None else ""

    def ends_within(self) -> timedelta:
        steering: Steering | None = getattr(self, "_steering", None)
        return steering.grace if steering is not None else seconds(0)

    def kill(self) -> None:
        tree: Tree | None = getattr(self, "_tree", None)
        if tree is not None:
            self._killed = True
            tree.kill()

    def _start(self, context: Context, ready: Launch, grace: timedelta) -> Tree:
        """Start the tree under a mark that is on disk before it, so that no later run meets a copy of it."""
        before = context.position or {}
        left = end_strays(before["mark"], context.clock, before.get("leader", "")) if before.get("mark") else 0
        if left:
            context.log.warning("ended %s that an earlier run had left", counted(left, "process"))
        mark = uuid.uuid4().hex
        context.position = {"mark": mark}
        context.keep()
        try:
            return Tree(
                ready.argv, cwd=ready.folder, env=ready.environment, clock=context.clock, mark=mark, grace=grace
            )
        except CannotStart as fault:
            if getattr(fault.__cause__, "errno", errno.ENOENT) in _CANNOT:
                raise self._cannot(ready, fault) from fault
            raise

    def _cannot(self, ready: Launch, fault: CannotStart | str) -> ConfigurationFault:
        """What is to be mended where it cannot even be started."""
        if not is_folder(ready.folder):
            return ConfigurationFault(f"{fault}. Make that folder, or write one that is there.", "folder")
        mend = "Install it, make it executable, or write the path of a program that is there."
        return ConfigurationFault(f"{fault}. {mend}", "interpreter" if self.interpreter else "command")

    def _follow(self, context: Context, tree: Tree, steering: Steering) -> None:
        began = context.clock.monotonic()
        if tree.leader:
            context.position = {"mark": tree.mark, "leader": tree.leader}
        context.emit(ScriptStarted(tree.pid))
        context.doing(f"runs as process {tree.pid}")
        context.keep()
        ended = tree.follow(steering.hear, steering.heed)
        took = context.clock.monotonic() - began
        context.emit(ScriptEnded(ended.code, took, steering.asked))
        context.keep()
        if ended.survivors:
            context.log.error("processes that even a kill did not end: %s", sorted(ended.survivors))
        how = f"{end_in_words(ended.code, ours=steering.asked or self._killed)} after {took:.1f} s"
        if steering.asked:
            late = f"{NOT_WHEN_ASKED}; " if steering.out_of_time and not self._killed else ""
            context.outcome = f"{late}it {how}"
            raise Cancelled(context.name)
        self._judge(ended, how, steering.last_words)
        context.outcome = f"it ended by itself, {how.removeprefix('ended ')}"

    def _judge(self, ended: Ended, how: str, last_words: str) -> None:
        if ended.code in self.exit_codes:
            return
        words = f"; its last line: {last_words}" if last_words else ""
        if ended.code == MISCONFIGURED:
            raise ConfigurationFault(f"it says that it is configured wrongly (exit code {MISCONFIGURED}){words}")
        raise ScriptFailed(f"it {how}{words}")
