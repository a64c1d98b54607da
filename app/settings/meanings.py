"""What each setting means, in a sentence, for pages and help."""

from __future__ import annotations

from collections.abc import Mapping

_LIMIT = "How many runs of this service may go on at once"
MEANINGS: Mapping[str, str] = {
    "general.theme": "The look of the window; system follows the desktop",
    "general.close": "What closing the window does: ask, go on in the tray, or quit in order",
    "general.autostart": "Whether the window opens when you log in",
    "general.reduce_motion": "No growing and no fading, besides what the desktop asks for",
    "store.disk_cap_mb": "MB for store, measures and simulated books; the oldest go first (logs and backups apart)",
    "store.events_keep_days": "Days that events stay in the journal before they may be cleared",
    "store.decisions_keep_days": "Days that decisions keep their reasons; then what was done and what came of it stay",
    "store.replay_keep_days": "Days that a replay that is over keeps its orders; fewer where room is short",
    "store.backups_keep": "How many backups are kept; the oldest goes first",
    "log.level": "The level that is written by default; an error turns DEBUG on for a while",
    "log.escalation_seconds": "Seconds that DEBUG stays on for a process after an error",
    "log.ring": "Lines kept in memory for each process, written out when something fails",
    "environment.declared": "What you say this is: dev or prod; prod counts only if nothing speaks against it",
    "environment.prod_branches": "Branches that may be production, as patterns",
    "environment.prod_hosts": "Hosts that are production, as patterns",
    "orchestrator.limits.trading": _LIMIT,
    "orchestrator.limits.engagement": _LIMIT,
    "orchestrator.limits.debugger": _LIMIT,
    "orchestrator.limits.system": _LIMIT,
    "orchestrator.limits.scripts": _LIMIT,
    "orchestrator.limits.plugins": _LIMIT,
    "orchestrator.restarts_at_most": "Restarts of all processes within the time below after which no more are tried",
    "orchestrator.restarts_within_seconds": "Seconds over which restarts are counted",
    "orchestrator.crashes_to_safe_mode": "Unclean ends of the program after which it starts with all paused",
    "orchestrator.crashes_within_seconds": "Seconds over which unclean ends are counted",
    "trading.paper_capital": "What every strategy's paper account begins with in place of its own capital",
    "trading.speed": "Recorded candles that a strategy replays in each second",
    "trading.data": "A folder of recorded candles",
    "trading.exchange": "The exchange that live trading would use, by its ccxt name",
    "trading.api_url": "Stands for every address of the exchange, its streams too, such as that of its sandbox",
    "trading.api_key": "The exchange's key; in the keyring or the environment only",
    "trading.api_secret": "The secret that belongs to the key; in the keyring or the environment only",
    "trading.live": "Whether an account may be armed at all; each is confirmed by hand besides, and never in CI",
    "engagement.platform": "Where posts come from and go to",
    "debugger.projects": "Projects under care: path, and optionally interpreter and schedule",
}
"""By dotted name; a test holds it against the model."""
