"""The account brought to rest from this very process, where the program does not answer or does not run."""

from __future__ import annotations

from collections.abc import Mapping

from app.control.protocol import Document
from app.paths import Home


def stop_account(home: Home, env: Mapping[str, str]) -> Document:
    """End who holds the account's lease, and do the emergency stop by its ledger, with the key of keyring or env.

    ``ended`` is the process that was ended, 0 for none. Raises ``AccountTaken`` where it does not end.
    """
    from app.secrets import Secrets
    from app.settings.load import load
    from app.wiring.account import account_of, end_holder_of, ledger_of
    from services.core.clock import SystemClock
    from services.trading.desk.emergency import stop

    clock, secrets = SystemClock(), Secrets(env)
    ended = end_holder_of(home, clock)
    kept = secrets.from_keyring() if secrets.needs_keyring() else {}
    trading = load(home, env, keyring=kept).settings.trading
    account = account_of(home, trading, clock) if ledger_of(home, trading) else None
    if account is None:
        return {"account": "none", "remaining": [], "ended": ended}
    stopped = stop(account, clock, "stop-trading")
    left = [{"bot": each.bot, "market": each.symbol, "what": each.what} for each in stopped.remaining]
    said = "stopped" if stopped.reached else "the exchange cannot be reached"
    return {"account": said, "remaining": left, "ended": ended or stopped.ended}
