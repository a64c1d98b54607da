"""The host of a run in a child interpreter: every word goes over the pipe, acts are carried out in the parent."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import count
from typing import Any, BinaryIO

from services.core.clock import Clock
from services.core.decisions.decision import Proposal
from services.core.effects import Details, Effect, Outcome, Standing
from services.core.events import Event
from services.core.events.messages import Message
from services.core.process.context import Because, Order, Position
from services.core.process.injection import Fault
from services.core.process.running import EventRefused, Progress, Superseded, Waiting
from services.orchestrator.children.protocol import (
    LONGEST,
    Act,
    Answer,
    Beat,
    Commit,
    Holding,
    Learn,
    Named,
    Propose,
    Reply,
    SampleBatch,
    Tell,
    Word,
    encode,
)


class ParentFault(RuntimeError):
    """What was asked of the parent failed there; the message says how."""


class WordTooLong(ValueError):
    """More was to be told at once than the parent takes; the message says how much."""


_FINAL: dict[str, type[Exception]] = {kind.__name__: kind for kind in (Superseded, EventRefused)}
"""Faults after which nothing of the run counts; also told where nobody waits for an answer."""


class PipeHost:
    """Implements ``Host`` by asking the parent."""

    EVERY = 0.1
    """Seconds between batches of samples and between beats on the pipe."""

    def __init__(self, out: BinaryIO, clock: Clock) -> None:
        self.order = Order.GO
        self._out = out
        self._clock = clock
        self._writing = threading.Lock()
        self._told = threading.Event()
        self._asks: dict[int, Future[Any]] = {}
        self._numbers = count(1)
        self._samples: list[tuple[str, float]] = []
        self._flushed = clock.monotonic()
        self._beaten = 0.0
        self._ended: Exception | None = None
        """Why nothing more of this run counts."""
        self._fault: Fault | None = None

    def hear(self, reply: Reply) -> None:
        """Take the parent's word; called by the listening thread."""
        match reply:
            case Tell(order, fault):
                self.order, self._fault = order, fault or self._fault
                self._told.set()
            case Answer(ask, value, fault, text):
                self._answered(self._asks.pop(ask, None), value, fault, text)

    def send(self, word: Word) -> None:
        """Tell the parent; raises ``WordTooLong`` for what it would not read to the end."""
        line = encode(word) + b"\n"
        if len(line) > LONGEST:
            told = f"{len(line) / 2**20:.1f} MiB are told at once, and {LONGEST // 2**20} can be"
            raise WordTooLong(f"{told}; keep what is large in a file, and tell its name")
        with self._writing:
            self._out.write(line)

    def flush(self) -> None:
        """Send the samples that have gathered."""
        self._flushed = self._clock.monotonic()
        if self._samples:
            values, self._samples = self._samples, []
            self.send(SampleBatch(values))

    @property
    def behind(self) -> bool:
        """What is told over the pipe is the parent's to keep: it holds the child back where it cannot."""
        return False

    def commit(self, events: Sequence[Event], position: Position | None, wait: bool) -> None:
        self._check()
        told = [_named(event) for event in events]
        if not wait:
            self.send(Commit(told, position))
            return
        self._ask(lambda number: Commit(told, position, number))

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        self._check()
        now = self._clock.monotonic()
        if now - self._flushed >= self.EVERY:
            self.flush()
        if now - self._beaten >= self.EVERY:
            self._beaten = now
            what = waiting.what if waiting else None
            self.send(Beat(progress.done, progress.total, progress.doing, progress.eta, what))

    def fault(self) -> Fault | None:
        fault, self._fault = self._fault, None
        return fault

    def sample(self, metric: str, value: float) -> None:
        self._samples.append((metric, value))
        if len(self._samples) >= 500:
            self.flush()

    def act(self, effect: Effect, because: Because) -> Outcome:
        self.flush()
        answer: dict[str, Any] = self._ask(lambda number: Act(number, _named(effect), because))
        details: Details = answer["details"]
        return Outcome(Standing(answer["standing"]), details, answer["why"])

    def propose(self, proposal: Proposal) -> "Future[str]":
        expires = proposal.expires.timestamp() if proposal.expires else None
        effect = _named(proposal.effect)
        return self._begun(
            lambda number: Propose(number, effect, proposal.because, proposal.what, expires, proposal.evidence)
        )

    def learn(
        self,
        learner: str,
        arms: Sequence[str],
        rewards: dict[str, float],
        events: Sequence[Event],
        position: Position | None,
    ) -> dict[str, float]:
        told = [_named(event) for event in events]
        weights: dict[str, float] = self._ask(
            lambda number: Learn(number, learner, list(arms), rewards, told, position)
        )
        return weights

    def hold(self) -> None:
        self.flush()
        self.send(Holding(paused=True))
        while self.order is Order.PAUSE:
            self._told.wait()
            self._told.clear()
        self.send(Holding(paused=False))

    def pause_for(self, timeout: float) -> None:
        self._told.wait(timeout)
        self._told.clear()

    def rouse(self) -> None:
        self._told.set()

    def _ask(self, word: Any) -> Any:
        return self._begun(word).result()

    def _begun(self, word: Any) -> "Future[Any]":
        self._check()
        number = next(self._numbers)
        future: Future[Any] = Future()
        self._asks[number] = future
        try:
            self.send(word(number))
        except BaseException:
            del self._asks[number]
            raise
        return future

    def _answered(self, future: "Future[Any] | None", value: Any, fault: str, text: str) -> None:
        if fault in _FINAL:
            self._ended = _FINAL[fault](text)
        if future is None:
            return
        if fault in _FINAL:
            future.set_exception(_FINAL[fault](text))
        elif fault:
            future.set_exception(ParentFault(f"{fault}: {text}"))
        else:
            future.set_result(value)

    def _check(self) -> None:
        if self._ended is not None:
            raise self._ended


def _named(message: Message) -> Named:
    return Named(message.type_name, message.type_version, message.encode().decode())
