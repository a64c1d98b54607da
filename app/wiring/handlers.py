"""Who carries out which effect."""

from app.paths import Home
from app.wiring.concerns import LookLater
from app.wiring.plugins import ApprovePlugin, PluginApprovals
from services.core.clock import Clock
from services.core.effects import Details, Effect, Handler, Outcome, Standing
from services.debugger.concerns import LookAgain
from services.engagement.handlers import engagement_handlers
from services.engagement.network import Platform
from services.engagement.sandbox import SandboxNetwork
from services.orchestrator.records import RestartProcess
from services.trading.orders import PlaceOrder
from services.trading.placing import PlaceOnPaper


class Noted:
    """For what the house itself has already done when it enters the ledger; there is nothing left to carry out."""

    def carry_out(self, effect: Effect) -> Details:
        return {}

    def look_up(self, effect: Effect) -> Outcome:
        return Outcome(Standing.DONE)


def all_handlers(home: Home, clock: Clock) -> dict[type[Effect], Handler]:
    """The handler of every effect the program knows."""
    sandbox: Platform = SandboxNetwork(home.sandbox, clock)
    return {
        RestartProcess: Noted(),
        ApprovePlugin: PluginApprovals(),
        LookAgain: LookLater(),
        PlaceOrder: PlaceOnPaper(home.paper),
        **engagement_handlers({sandbox.name: sandbox}),
    }
