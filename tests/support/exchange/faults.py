"""What goes wrong, with which request and how often; told through ``/_ctl/fault`` as plain JSON."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """For requests ``on`` a method and path ("POST /api/v3/order", "*"), whose fields are ``where``.

    The first ``skip`` are spared, the next ``times`` are hit. ``delay`` seconds pass before anything else.
    """

    on: str
    where: dict[str, str] = field(default_factory=dict)
    skip: int = 0
    times: int = 1
    delay: float = 0.0
    commit: str = "now"
    """``now``, ``never``, or ``late``: after ``seconds``, or at the release where those are none."""
    answer: Any = "normal"
    """``normal``, ``lost`` (the connection breaks), ``held`` (till ``seconds`` or release), or a reply of one's own."""
    seconds: float | None = None
    hide: bool = False
    """The order cannot be seen (nor its trades) until ``seconds`` or release."""
    lag: bool = False
    """Balances told stay as they are until ``seconds`` or release."""
    price: str = ""
    """The market's price is this one right before the request is obeyed."""
    fill: str = ""
    """So much of the order is filled before it is answered, and the answer does not say so."""

    def hits(self, request: str, fields: Mapping[str, str]) -> bool:
        """Count a request that matches, and tell whether it is hit."""
        if self.on not in ("*", request) or any(fields.get(name) != value for name, value in self.where.items()):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if not self.times:
            return False
        self.times -= 1
        return True


@dataclass
class Faults:
    """All that are set, in order; the first that hits counts."""

    told: list[Fault] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hit: int = 0

    def add(self, fields: dict[str, Any]) -> None:
        self.told.append(Fault(**fields))

    def of(self, request: str, fields: Mapping[str, str]) -> Fault:
        """The fault that hits this request, else one that does nothing."""
        fault = next((each for each in self.told if each.hits(request, fields)), None)
        self.hit += fault is not None
        return fault or Fault("*")

    def release(self) -> None:
        """Let go of everything held, late, hidden or lagging."""
        self.released.set()
        self.released = asyncio.Event()

    async def over(self, fault: Fault) -> None:
        """Wait until a fault's time has passed, or its release."""
        released = self.released
        if fault.seconds is None:
            await released.wait()
        else:
            await asyncio.wait([asyncio.ensure_future(released.wait())], timeout=fault.seconds)
