"""The parent's side of a child interpreter: spawns it, answers it, renews its lease, and ends it when told."""

import logging
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from services.core.clock import Clock
from services.core.events import Event
from services.core.logs import PRINTED, decode, logging_as
from services.core.logs.line import LONGEST_TEXT
from services.core.process.running import EventRefused, Progress, Superseded, Waiting
from services.core.sandbox import scrub
from services.core.sandbox.tree import MARK
from services.orchestrator.children.protocol import (
    LONGEST,
    Act,
    Answer,
    Beat,
    Commit,
    Ended,
    Holding,
    Learn,
    Log,
    Propose,
    Renew,
    Reply,
    SampleBatch,
    Start,
    Tell,
    Word,
    decode_unread,
    decode_word,
    encode,
)
from services.orchestrator.children.told import effect_of, event_of, proposal_of
from services.orchestrator.events import Result
from services.orchestrator.units.frames import main_frame
from services.orchestrator.units.host import RunHost, plain
from services.orchestrator.units.run import Description, Ending

if sys.platform == "win32":
    from services.core.sandbox.windows import Containment
else:
    from services.core.sandbox.posix import Containment

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]
GRACE = 1.0
"""Seconds between asking a child's tree to end and killing it."""


def command() -> list[str]:
    """How a child interpreter is started; a frozen build starts itself with a hidden switch."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--child"]
    entry = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import services.orchestrator.children.child as c; c.main()"
    # -P: what lies in the folder from which the program was started is nobody's module.
    return [sys.executable, "-P", "-X", "utf8", "-c", entry]


def child_environment(environ: Mapping[str, str], mark: str) -> dict[str, str]:
    """What a child interpreter sees: no key, and the mark by which its tree is known."""
    environment = scrub(environ, keep=()) | {MARK: mark + environ.get(MARK, ""), "PYTHONUNBUFFERED": "1"}
    if "DREAMSCAPE_FAULTS" in environ:
        environment["DREAMSCAPE_FAULTS"] = environ["DREAMSCAPE_FAULTS"]
    return environment


def spawn(errors: int) -> "tuple[subprocess.Popen[bytes], Containment]":
    """A child interpreter, contained with all that will descend from it; ``errors`` is where its stderr goes."""
    mark = uuid.uuid4().hex
    contained = Containment(mark)
    try:
        child = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=child_environment(os.environ, mark),
            **contained.options(None),
        )
    except OSError:
        contained.close()
        raise
    contained.adopt(child)
    return child, contained


@dataclass
class ChildRunner:
    """Runs a process in a child interpreter; ``execute`` blocks in a worker until the child has ended."""

    description: Description
    host: RunHost
    clock: Clock
    lease: float
    """Seconds without renewal after which the child ends itself."""
    modules: Sequence[str]
    start_act: Callable[[str, Callable[[], None]], None]
    """Starts a worker for an act, so that the child's other words are heard meanwhile."""
    _child: "subprocess.Popen[bytes] | None" = None
    _contained: Containment | None = None
    _ending: Ending | None = None
    _last_words: deque[str] = field(default_factory=lambda: deque(maxlen=120))
    _outbox: "SimpleQueue[bytes | None]" = field(default_factory=SimpleQueue)
    _hears: bool = False
    """The child has been told what to run; before that it understands nothing else."""
    _stopped: bool = False
    _refused: EventRefused | None = None
    """What the child told and could not be kept; its position must not get past that."""

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def execute(self) -> Ending:
        if self._stopped:
            return Ending(Result.DIED, "it was ended before it began")
        child = self._spawn()
        helpers = [
            threading.Thread(target=work, args=(child,), name=name, daemon=True)
            for name, work in (("child-errors", self._hear_errors), ("child-words", self._speak))
        ]
        for helper in helpers:
            helper.start()
        self._outbox.put(_line(self._start()))
        self._hears = True
        self.renew()
        self.tell()
        assert child.stdout is not None
        while self._ending is None and (line := child.stdout.readline(LONGEST)):
            self._hear(line)
        self._reap(child)
        self._outbox.put(None)
        for helper in helpers:
            helper.join(1.0)
        _close(child.stdout)
        return self._ending or Ending(Result.DIED, self._died(child.returncode), "\n".join(self._last_words))

    @property
    def killable(self) -> bool:
        return True

    @property
    def grace(self) -> float:
        return 0.0

    def tell(self) -> None:
        """Pass on what the run has been told."""
        if self._hears:
            self._tell(Tell(self.host.order, self.host.fault()))

    def renew(self) -> None:
        """Let the child live for another lease."""
        self._tell(Renew(self.lease))

    def stop(self) -> None:
        """End the whole tree at once."""
        self._stopped = True
        if self._contained is not None:
            self._contained.kill()

    def probe(self) -> None:
        """Ask the child's C-level handler for its stack; it comes over standard error even if no Python runs."""
        if self._child is not None and self._child.poll() is None and hasattr(signal, "SIGUSR1"):
            self._child.send_signal(signal.SIGUSR1)

    def where(self) -> str:
        """Where the child's main thread stood when it was last probed, or what it said last."""
        return (
            main_frame(self._last_words)
            or f"child {self.pid}, doing {self.host.control.progress.doing or 'nothing told'}"
        )

    def _spawn(self) -> "subprocess.Popen[bytes]":
        child, contained = spawn(errors=subprocess.PIPE)
        self._child, self._contained = child, contained
        if self._stopped:  # while it was being started
            contained.kill()
        return child

    def _start(self) -> Start:
        told = self.description
        return Start(
            told.name,
            told.path,
            told.parameters,
            told.epoch,
            told.position,
            told.overrides,
            list(self.modules),
            told.version,
        )

    def _hear(self, line: bytes) -> None:
        try:
            word = decode_word(line)
        except msgspec.MsgspecError as error:
            self._unread(line, error)
            return
        if isinstance(word, Ended):
            self._ending = self._ended(word)
            return
        try:
            self._obey(word)
        except Superseded as error:
            self._answer(getattr(word, "ask", None) or 0, fault=error)

    def _unread(self, line: bytes, error: Exception) -> None:
        """A word that cannot be read. Whoever waits is answered; where none can tell whether somebody does, it ends."""
        log.error("%s: not a word of the protocol (%s)", self.description.name, error)
        told = f"what it told cannot be read: {error}"
        try:
            unread = decode_unread(line)
        except msgspec.MsgspecError:
            if len(line) >= LONGEST:
                told = f"it told more than {LONGEST // 2**20} MiB at once"
            self._ending = Ending(Result.FAILED, told)
            return
        if unread.type in ("commit", "learn"):  # both bring events, which would be missing
            self._refused = self._refused or EventRefused(told)
            self._answer(unread.ask or 0, fault=self._refused)
        elif unread.ask is not None:
            self._answer(unread.ask, fault=ValueError(told))

    def _ended(self, word: Ended) -> Ending:
        """How the run ended; what could not be kept makes it fail, also where the child did not hear of it in time."""
        if self._refused is not None and word.result is Result.FINISHED:
            return Ending(Result.FAILED, str(self._refused))
        return Ending(word.result, word.detail, word.traceback, word.amiss)

    def _obey(self, word: Word) -> None:
        match word:
            case Beat(done, total, doing, eta, waiting):
                self.host.beat(Progress(done, total, doing, eta), Waiting(waiting) if waiting else None)
            case SampleBatch(values):
                for metric, value in values:
                    self.host.sample(metric, value)
            case Holding(paused):
                self.host.control.hold(paused)
                self.host.changed()
            case Log(line):
                told = decode(line.encode())
                if told is not None:
                    self.host.house.hear(told)
            case Commit():
                self._commit(word)
            case Act(ask, effect, because):
                self._in_worker(ask, lambda: plain(self.host.act(effect_of(effect), because)))
            case Propose(ask):
                self._in_worker(ask, lambda: self.clock.result(self.host.propose(proposal_of(word))))
            case Learn():
                self._learn(word)

    def _commit(self, word: Commit) -> None:
        """Keep what the child told; once something of it was refused nothing more, whether it waits or not."""
        events = self._events(word)
        if events is None:
            return
        position = word.position
        if word.ask is None:
            self.host.commit(events, position, wait=False)
        else:
            self._in_worker(word.ask, lambda: self.host.commit(events, position, wait=True))

    def _learn(self, word: Learn) -> None:
        events = self._events(word)
        if events is None:
            return
        learner, arms, rewards, position = word.learner, word.arms, word.rewards, word.position
        self._in_worker(word.ask, lambda: self.host.learn(learner, arms, rewards, events, position))

    def _events(self, word: Commit | Learn) -> list[Event] | None:
        """The events of a word; None where one is refused, or was before, of which the child is told."""
        try:
            if self._refused is not None:
                raise self._refused
            return [event_of(named) for named in word.events]
        except EventRefused as error:
            self._refused = error
            self._answer(word.ask or 0, fault=error)
            return None

    def _in_worker(self, ask: int, work: Callable[[], Any]) -> None:
        """Do what blocks elsewhere, and answer."""

        def run() -> None:
            try:
                self._answer(ask, work())
            except Exception as error:
                if not isinstance(error, Superseded):  # the child is told in one line; where it was is told here
                    log.warning("%s: what it asked for failed", self.description.name, exc_info=True)
                self._answer(ask, fault=error)

        self.start_act(f"{self.description.name}#{self.description.epoch}:{ask}", run)

    def _answer(self, ask: int, value: Any = None, fault: Exception | None = None) -> None:
        if fault is None and len(encode(Answer(ask, value))) >= LONGEST:
            fault = ValueError(f"the answer has more than {LONGEST // 2**20} MiB")
        if fault is not None:
            self._tell(Answer(ask, None, type(fault).__name__, str(fault)[:LONGEST_TEXT]))
        else:
            self._tell(Answer(ask, value))

    def _tell(self, reply: Reply) -> None:
        """Have the child told; never waits, for a child that does not read must not hold up the core."""
        if self._hears:
            self._outbox.put(_line(reply))

    def _speak(self, child: "subprocess.Popen[bytes]") -> None:
        """Write to the child what it is told; one that is gone hears nothing, and its end is told by its pipe."""
        assert child.stdin is not None
        try:
            while (line := self._outbox.get()) is not None:
                child.stdin.write(line)
                child.stdin.flush()
        except OSError as error:
            log.debug("%s hears no more: %s", self.description.name, error)
        _close(child.stdin)

    def _hear_errors(self, child: "subprocess.Popen[bytes]") -> None:
        """What the child's code prints, and its dying words, are its log."""
        assert child.stderr is not None
        logger = logging.getLogger(f"process.{self.description.name}")
        for raw in iter(lambda: child.stderr.readline(20_000) if child.stderr else b"", b""):
            text = raw.decode("utf-8", errors="replace").rstrip()
            self._last_words.append(text)
            with logging_as(f"{self.description.name}#{self.description.epoch}", self.description.name):
                logger.info("%s", text, extra=PRINTED)
        # Closed here alone: while this thread reads, another that closes the pipe would wait for it.
        _close(child.stderr)

    def _reap(self, child: "subprocess.Popen[bytes]") -> None:
        """The child has ended or is about to; leave nothing of its tree behind."""
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            log.warning("%s did not end by itself", self.description.name)
        if self._contained is not None:
            self._contained.kill()
        child.wait()
        if self._contained is not None:
            self._contained.close()

    def _died(self, code: int) -> str:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"its interpreter ended with {how}"


def _line(reply: Reply) -> bytes:
    return encode(reply) + b"\n"


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError as error:
        log.debug("a child's pipe was already gone: %s", error)
