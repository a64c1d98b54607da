"""Hearing the record of posts that a home keeps: what cannot be read now is read on later."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from services.core.errors import UserError
from services.trading.social.post import Row


class Hears(Protocol):
    """Whoever takes a stream of posts row by row."""

    def hear(self, row: Row) -> None: ...


@dataclass
class Listener:
    """``hearing`` hears what the record has. ``read`` gives those that were recorded since it was called before."""

    hearing: Hears
    read: Callable[[], Iterable[Row]]
    log: logging.Logger
    unheard: bool = False
    """Whether the record could not be read when it was read last."""

    def catch_up(self) -> None:
        """Hear what was recorded since; that it cannot be read is told once, when that begins."""
        try:
            for row in self.read():
                self.hearing.hear(row)
            self.unheard = False
        except UserError as error:
            if not self.unheard:
                self.log.warning("posts are not heard now: %s", error)
            self.unheard = True
