"""Kinds of process by the names that a definition has for them, read where no service is loaded."""

NAMES = {
    "services.orchestrator.scripts.script:Script": "script",
    "services.trading.paper.process:ReplayTrader": "trading.replay",
    "services.trading.paper.live_trader:PaperTrader": "trading.paper",
    "services.trading.live.trader:LiveTrader": "trading.live",
    "services.trading.social.recorder:PostRecorder": "trading.posts",
    "app.wiring.plans.learning_at_home:ShadowAtHome": "trading.shadow",
    "services.trading.learning.shadow_live:LiveShadowTrader": "trading.shadow",
    "app.wiring.plans.learning_at_home:WalkForwardAtHome": "trading.walk-forward",
    "services.engagement.runner:CampaignRunner": "engagement.campaign",
    "services.debugger.watch:ProjectWatch": "debugger.project",
}
"""By where the class lives, as a plan says it."""


def kind_name(path: str) -> str:
    """A kind as its definition names it; what is the house's own has no file, and a plug-in's is its file."""
    return "part of Dreamscape" if path.startswith("object:") else NAMES.get(path, path)


ACCOUNT = "account"
"""The process that keeps the exchange account, as ``ps`` lists it."""


def trades(name: str, service: str) -> bool:
    """Whether a process has to do with trading: a bot, or the keeper of the account."""
    return service == "trading" or name == ACCOUNT
