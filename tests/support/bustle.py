"""A real engine at work on a manual clock: processes that run, wait, are paused, come back and have failed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.wiring.projections import all_projections
from services.core.durations import hours, seconds
from services.core.process import ConfigurationFault, Process, Restart
from services.core.process.context import Context
from services.core.projections.views import View
from services.orchestrator.triggers.trigger import Every
from tests.support.hour import Patient
from tests.support.program import Program


class Works(Process):
    """Goes step by step, a second each, and says where it is."""

    heartbeat = seconds(30)
    total: int = 400
    what: str = "step"

    def run(self, context: Context) -> None:
        for number in range(1, self.total + 1):
            context.progress(number, self.total, f"{self.what} {number} of {self.total}")
            context.wait(1, f"the next {self.what}")


class Breaks(Process):
    """Fails on the network, as a stream does; tried again after a while."""

    heartbeat = seconds(30)
    restart = Restart(first=hours(2), cap=hours(2), at_most=5)

    def run(self, context: Context) -> None:
        context.wait(2, "the stream")
        raise ConnectionResetError("stream closed by the other side (104)")


class Misconfigured(Process):
    """Cannot work as it is."""

    def run(self, context: Context) -> None:
        raise ConfigurationFault("there is no interpreter: set `interpreter` to one in [[debugger.projects]]")


@dataclass
class House:
    """The program with its processes; ``view`` is what pages get."""

    program: Program

    @property
    def view(self) -> View:
        return self.program.engine.view

    def has_it(self, state: str, name: str) -> bool:
        return str(self.program.state_of(name)) == state

    def told(self) -> list[Any]:
        """The commands that the journal holds, oldest first."""
        from services.core.commands import CommandGiven

        return self.program.events(CommandGiven)


def quiet_house(folder: Path) -> House:
    """Nothing is defined yet."""
    return House(Program(folder).open(all_projections()))


def busy_house(folder: Path) -> House:
    """Nine processes, each in a state of its own, after some minutes of work."""
    house = quiet_house(folder)
    house.program.engine.orchestrator.supervisor.healing.rng = Patient()
    start = house.program.start
    start(Works(900, "candle"), "macd-eth-btc", service="trading", fixed="it comes with Dreamscape")
    start(Works(1_890, "backtest"), "walk-forward", service="trading")
    start(Works(300, "post"), "build-in-public", service="engagement")
    start(Works(50, "file"), "paging", service="debugger", triggers=(Every(seconds(90)),))
    start(Works(400, "row"), "nightly-import", service="scripts")
    start(Works(200, "page"), "price-mirror", service="scripts")
    house.program.advance(150)
    house.program.pause("price-mirror")
    house.program.advance(2)
    start(Misconfigured(), "billing-api", service="debugger")
    start(Works(10, "table"), "weekly review", service="system", triggers=(Every(hours(24)),))
    start(Breaks(), "mentions-stream", service="engagement")
    house.program.advance(4)
    return house
