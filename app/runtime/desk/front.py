"""What the parts of the desk may ask of it. They are made by the desk, and so they do not import it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

from services.core.commands import Command
from widgets.parts.status import Status
from widgets.parts.toast import Offered

if TYPE_CHECKING:
    from app.program import Program
    from widgets.frame.main_window import MainWindow


class Front(Protocol):
    """A window over a program, in which commands are given and words are told; all of it on the GUI thread."""

    program: Program
    window: MainWindow
    up: bool

    def dispatch(
        self, command: Command, *, of_now: bool = False, then: Callable[[Future[Any]], None] | None = None
    ) -> bool: ...

    def tell(self, text: str, status: Status = Status.OK, offered: Offered | None = None) -> None: ...

    def show(self, page: str, what: str) -> None: ...

    def hand_over(self, call: Callable[[str], None], text: str) -> None: ...
