"""Steps are plain Python unless a process asks for them compiled; the window's and the trading process never do.

A process that does sets its compiler before it imports any step::

    use_compiler(numba.njit(nogil=True))
    from services.trading.steps.curl import macd_curl

The compiler must keep every rounding as written (no fastmath, no fused multiply-add). One that keeps its results on
disk needs another folder whenever the source of any step changes: numba looks at the caller's own file alone, and would
go on running the old step inside it.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar


class Floats(Protocol):
    """Float64 numbers by index: a list, or an array of a compiled process."""

    def __getitem__(self, index: int, /) -> float: ...

    def __setitem__(self, index: int, number: float, /) -> None: ...


class Integers(Protocol):
    """Whole numbers by index, as ``Floats`` are."""

    def __getitem__(self, index: int, /) -> int: ...

    def __setitem__(self, index: int, number: int, /) -> None: ...


Function = TypeVar("Function", bound=Callable[..., Any])

_compilers: list[Callable[[Any], Any]] = []
_plain: list[str] = []


def use_compiler(compiler: Callable[[Any], Any]) -> None:
    """Compile every step of this process; raises ``RuntimeError`` where one has been imported uncompiled."""
    if _plain:
        raise RuntimeError(f"the step {_plain[0]} was imported before the compiler was set: set it first")
    _compilers[:] = [compiler]


def step(function: Function) -> Function:
    """Mark a step function: compiled where this process has a compiler, itself otherwise."""
    if not _compilers:
        _plain.append(f"{function.__module__}.{function.__name__}")
        return function
    compiled: Function = _compilers[0](function)
    return compiled
