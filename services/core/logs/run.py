"""Which run the code at hand belongs to, so that its log lines can be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunOf:
    """A run and the process it is a run of."""

    run: str
    process: str


_current: ContextVar[RunOf | None] = ContextVar("current_run", default=None)


@contextmanager
def logging_as(run: str, process: str) -> Iterator[None]:
    """Mark every line logged inside as this run's; threads started inside need their own mark."""
    token = _current.set(RunOf(run, process))
    try:
        yield
    finally:
        _current.reset(token)


def current_run() -> RunOf | None:
    return _current.get()
