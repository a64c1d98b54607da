"""The mark of a step: plain Python here, machine code in a process that asked for it before it imported the steps."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_compilers: list[Callable[[Any], Any]] = []


def use_compiler(compiler: Callable[[Any], Any]) -> None:
    """Compile every step that is imported from now on, as ``numba.njit`` does. For a process of its own."""
    _compilers[:] = [compiler]


def step(function: F) -> F:
    """A scalar function over floats and a state of floats that can be compiled as it stands."""
    compiled: F = _compilers[-1](function) if _compilers else function
    return compiled
