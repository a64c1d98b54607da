"""The account brought to rest from this very process, where the program does not answer or does not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.control.protocol import Document
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.core.clock import Clock
    from services.trading.desk.keeper import Account
    from services.trading.desk.panic import Remaining

Tell = Callable[[str], None]
_MEND = "give the exchange, its address and its key as Dreamscape was started with them, or look at the exchange's page"


def stop_account(
    home: Home, env: Mapping[str, str], tell: Tell = lambda told: None, *, answers: bool = False
) -> Document:
    """Do the emergency stop by the account's ledger, with the key of keyring or env, and end who holds its lease.

    ``ended`` is the process that was ended, 0 for none; nobody is ended where the account cannot be worked from here.
    A program that ``answers`` goes on with the stop by itself, and is not ended where the exchange gives no answer here
    either: then ``account`` is "unasked", and what is told is the ledger's word. ``tell`` hears what it waits for.
    Raises ``UserError`` where the key or the settings do not fit, and ``AccountTaken`` where the holder does not end.
    """
    from services.core.clock import SystemClock
    from services.trading.desk.commands import rows
    from services.trading.desk.emergency import stop

    clock = SystemClock()
    account, unsure = _account(home, env, clock) if home.accounts.is_dir() else (None, "")
    if account is None:
        return {"account": "none", "cancelled": [], "closed": [], "remaining": [], "ended": 0}
    if unsure and answers:
        return by_ledgers(home, unsure) | {"ended": 0}
    stopped = stop(account, clock, "stop-trading", tell=tell)
    told = stopped.told
    told["remaining"] += rows(_elsewhere(home, account))
    return {"account": "unasked" if told.get("unasked") else "stopped", "ended": stopped.ended, **told}


def by_ledgers(home: Home, why: str) -> Document:
    """What our ledgers say is open or held, where the exchange cannot be asked, and ``why``."""
    from services.trading.desk.commands import rows
    from services.trading.desk.emergency import left_in

    left = [each for path in sorted(home.accounts.glob("*.db")) for each in left_in(path)]
    return {"account": "unasked", "cancelled": [], "closed": [], "remaining": rows(left), "unasked": why}


def _account(home: Home, env: Mapping[str, str], clock: Clock) -> tuple[Account | None, str]:
    """The account that can be worked from here, and why it is unsure whether it can be now; None where none was ever
    kept. Raises ``UserError``."""
    from app.secrets import Secrets
    from app.settings.load import load
    from app.wiring.account import account_of, holder_of, other_ledgers, was_kept
    from services.trading.desk.emergency import tried

    secrets = Secrets(env)
    kept = secrets.from_keyring() if secrets.needs_keyring() else {}
    trading = load(home, env, keyring=kept).settings.trading
    account = account_of(home, trading, clock) if was_kept(home) else None
    for path in other_ledgers(home, account):
        if pid := holder_of(path):
            raise UserError(f"process {pid} keeps this account, and the settings here name another", str(path), _MEND)
        if account is None:
            raise UserError("the account of this ledger cannot be worked: no key is given here", str(path), _MEND)
    if account is None:
        return None, ""
    found = tried(account)
    if found.refused:
        raise UserError(f"the account cannot be worked with this key: {found.refused}", str(account.ledger), _MEND)
    return account, found.unsure


def _elsewhere(home: Home, account: Account) -> list[Remaining]:
    """What the ledgers of other accounts say is still ours there."""
    from app.wiring.account import other_ledgers
    from services.trading.desk.emergency import left_in

    return [_of(path, each) for path in other_ledgers(home, account) for each in left_in(path)]


def _of(path: Path, each: Remaining) -> Remaining:
    from dataclasses import replace

    return replace(each, what=f"{each.what}, by {path.name}, whose key is not given here")
