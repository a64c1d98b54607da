"""Who carries out which effect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.paths import Home
from app.wiring.own_files.files import DEFAULTS
from app.wiring.own_files.plugins import ApprovePlugin, PluginApprovals
from services.core.clock import Clock
from services.core.effects import AT_ONCE, Details, Effect, Handler, Outcome, Standing
from services.engagement.handlers import engagement_handlers
from services.engagement.network import Platform
from services.engagement.sandbox.network import SANDBOX, SandboxNetwork
from services.orchestrator.units.records import RestartProcess
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.promoting import PromoteFiles
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper


class Noted:
    """For what the house itself has already done when it enters the ledger; there is nothing left to carry out."""

    final = "the house has done it already, and nothing is held by it"

    def carry_out(self, effect: Effect) -> Details:
        return {}

    def look_up(self, effect: Effect) -> Outcome:
        return Outcome(Standing.DONE)

    def settling(self, effect: Effect) -> timedelta:
        return AT_ONCE


@dataclass
class Networks(Mapping[str, Platform]):
    """The networks by name. The sandbox is opened when it is first needed: a damaged file of it holds up nobody else.

    Raises ``UserError`` where it cannot be opened.
    """

    home: Home
    clock: Clock
    _opened: Platform | None = None

    def __getitem__(self, name: str) -> Platform:
        if name != SANDBOX:
            raise KeyError(name)
        if self._opened is None:
            self._opened = SandboxNetwork(self.home.sandbox, self.clock)
        return self._opened

    def __contains__(self, name: object) -> bool:
        return name == SANDBOX

    def __iter__(self) -> Iterator[str]:
        return iter((SANDBOX,))

    def __len__(self) -> int:
        return 1


def all_handlers(home: Home, clock: Clock) -> dict[type[Effect], Handler]:
    """The handler of every effect the program knows."""
    return {
        RestartProcess: Noted(),
        ApprovePlugin: PluginApprovals(),
        PlaceOrder: PlaceOnPaper(home.paper),
        PromoteStrategy: PromoteFiles(home.strategies / "trading", DEFAULTS / "trading"),
        **engagement_handlers(Networks(home, clock)),
    }
