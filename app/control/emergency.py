"""The account brought to rest from this very process, where the program does not answer or does not run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.control.protocol import Document
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.core.clock import Clock
    from services.trading.desk.keeper import Account
    from services.trading.desk.panic import Remaining

_MEND = "give the exchange, its address and its key as Dreamscape was started with them, or look at the exchange's page"


def stop_account(home: Home, env: Mapping[str, str]) -> Document:
    """Do the emergency stop by the account's ledger, with the key of keyring or env, and end who holds its lease.

    ``ended`` is the process that was ended, 0 for none; nobody is ended where the account cannot be worked from here.
    Raises ``UserError`` for that, and ``AccountTaken`` where the holder does not end.
    """
    from services.core.clock import SystemClock
    from services.trading.desk.commands import stopped as told
    from services.trading.desk.emergency import stop

    clock = SystemClock()
    account = _account(home, env, clock) if home.accounts.is_dir() else None
    if account is None:
        return {"account": "none", "remaining": [], "ended": 0}
    stopped = stop(account, clock, "stop-trading")
    left = [*stopped.remaining, *_elsewhere(home, account)]
    said = "stopped" if stopped.reached else "the exchange cannot be reached"
    return {"account": said, "ended": stopped.ended, **told(left, stopped.dust, stopped.amiss)}


def _account(home: Home, env: Mapping[str, str], clock: Clock) -> Account | None:
    """The account that can be worked from here; None where none was ever kept. Raises ``UserError``."""
    from app.secrets import Secrets
    from app.settings.load import load
    from app.wiring.account import account_of, holder_of, other_ledgers, was_kept
    from services.trading.desk.emergency import why_not

    secrets = Secrets(env)
    kept = secrets.from_keyring() if secrets.needs_keyring() else {}
    trading = load(home, env, keyring=kept).settings.trading
    account = account_of(home, trading, clock) if was_kept(home) else None
    for path in other_ledgers(home, account):
        if pid := holder_of(path):
            raise UserError(f"process {pid} keeps this account, and the settings here name another", str(path), _MEND)
        if account is None:
            raise UserError("the account of this ledger cannot be worked: no key is given here", str(path), _MEND)
    if account is not None and (why := why_not(account)):
        raise UserError(f"the account cannot be worked with this key: {why}", str(account.ledger), _MEND)
    return account


def _elsewhere(home: Home, account: Account) -> list[Remaining]:
    """What the ledgers of other accounts say is still ours there."""
    from app.wiring.account import other_ledgers
    from services.trading.desk.emergency import left_in

    return [_of(path, each) for path in other_ledgers(home, account) for each in left_in(path)]


def _of(path: Path, each: Remaining) -> Remaining:
    from dataclasses import replace

    return replace(each, what=f"{each.what}, by {path.name}, whose key is not given here")
