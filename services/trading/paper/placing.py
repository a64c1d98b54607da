"""How the house carries out ``PlaceOrder``: at the paper broker. Registered in ``app/``; runs in the parent."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from services.core.effects import AT_ONCE, Details, Outcome, Refused, Standing
from services.trading.paper.broker import PaperBroker, Receipt, Unusable
from services.trading.paper.orders import PlaceOrder


class PlaceOnPaper:
    """A handler for ``PlaceOrder``. A fill is a fact, so there is no undo."""

    final = "what was filled stays so; only an order the other way closes it"

    def __init__(self, path: Path) -> None:
        self.broker = PaperBroker(path)
        self.on_missing: Callable[[], None] = lambda: None
        """Called before a file that is not there, or is empty, is begun: it may have been lost. It may block."""
        self._lock = threading.Lock()
        self._underway: set[str] = set()

    def carry_out(self, effect: PlaceOrder) -> Details:
        """Place the order; details are the ``Fill``. Raises ``Refused`` with the broker's reason."""
        with self._lock:
            self._look_after_the_file()
            self._underway.add(effect.client_id)
        try:
            receipt = self.broker.place(effect)
        except Unusable as unusable:
            raise Refused(str(unusable)) from unusable
        finally:
            with self._lock:
                self._underway.discard(effect.client_id)
        if receipt.refused:
            raise Refused(receipt.refused)
        return _details(receipt)

    def look_up(self, effect: PlaceOrder) -> Outcome:
        """What the broker has is so; what it lacks has not arrived, unless a thread of ours is still bringing it."""
        with self._lock:
            if effect.client_id in self._underway:
                return Outcome(Standing.UNKNOWN, why="the order is still on its way to the paper broker")
            self._look_after_the_file()
        receipt = self.broker.find(effect.client_id)
        if receipt is None:
            return Outcome(Standing.NOT_DONE, why="the paper broker has no such order")
        if receipt.refused:
            return Outcome(Standing.NOT_DONE, why=receipt.refused)
        return Outcome(Standing.DONE, _details(receipt))

    def settling(self, effect: PlaceOrder) -> timedelta:
        """An order is at the broker in one transaction of a file here, or never."""
        return AT_ONCE

    def _look_after_the_file(self) -> None:
        if self.broker.missing:
            self.on_missing()


def _details(receipt: Receipt) -> Details:
    details: Details = msgspec.to_builtins(receipt.fill)
    return details
