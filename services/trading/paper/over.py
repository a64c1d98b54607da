"""Replays that are over: their orders rest on candles already replayed, and no session begins a second time."""

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from services.core.decisions.condensing import Over
from services.core.events.micros import from_micros
from services.core.store.schema import decisions, processes
from services.trading.paper.broker import PaperBroker, Unusable
from services.trading.paper.orders import PlaceOrder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReplaysOver:
    """The sessions behind the one that each trading process stands in, or is to begin next.

    A session's number is part of the cause of all its orders and only rises, in the same transaction in which a session
    ends. What a process that is there no more has traded stays: one of its name would count from one again.
    """

    broker: PaperBroker

    def over(self, connection: Connection) -> list[Over]:
        """The sessions that are over, those with the oldest orders first."""
        found = [
            over
            for process, session in _sessions(connection)
            for account in _accounts(connection, process)
            if _number(process, account) < session and (over := _over(connection, account)) is not None
        ]
        return sorted(found, key=lambda over: over.newest)

    def forget(self, over: Over) -> bool:
        """Close the account at the paper broker. A file that is none has nothing to forget; one that is in use, or has
        no room to be written in, forgets it another time."""
        account = over.prefix.removesuffix("/")
        try:
            self.broker.forget(account)
        except Unusable as unusable:
            log.warning("%s; what is over is removed from the ledger alone", unusable)
        except sqlite3.OperationalError as error:
            log.warning("the paper account %s is closed another time: %s", account, error)
            return False
        return True

    def give_back(self) -> None:
        """Let the broker's file shrink to what it holds."""
        try:
            self.broker.give_back()
        except sqlite3.DatabaseError as error:
            log.warning("closed accounts still take their room in %s: %s", self.broker.path.name, error)


def accounts_in_use(connection: Connection) -> list[str]:
    """The account of each trading process in the session that it stands in, where that has had an order."""
    return [
        account
        for process, session in _sessions(connection)
        for account in _accounts(connection, process)
        if _number(process, account) == session and _over(connection, account) is not None
    ]


def _sessions(connection: Connection) -> Iterator[tuple[str, int]]:
    """Every process with the session that it is in."""
    for name, position in connection.execute(
        select(processes.c.name, processes.c.position).where(processes.c.position.is_not(None))
    ):
        known = msgspec.json.decode(position)
        session = known.get("session") if isinstance(known, dict) else None
        if isinstance(session, int):
            yield name, session


def _accounts(connection: Connection, process: str) -> Iterator[str]:
    """The accounts of a process, found by hopping over the orders of each: their keys begin with its name."""
    key, cursor, end = decisions.c.key, f"{process}/", process + _AFTER_SLASH
    while first := connection.execute(select(func.min(key)).where(key >= cursor, key < end)).scalar():
        account = first.rsplit("/", 2)[0]
        if account.count("/") == process.count("/") + 2:
            yield account
            cursor = account + _AFTER_SLASH
        else:  # of another process, or no order
            cursor = first + " "


_AFTER_SLASH = chr(ord("/") + 1)


def _number(process: str, account: str) -> int:
    """The session's number; one that never is over where the name is none of ours."""
    number = account.rpartition("/")[2]
    return int(number) if number.isdecimal() else 2**63


def _over(connection: Connection, account: str) -> Over | None:
    """The last of its keys is that of the last candle. None where these are no orders."""
    prefix, key = f"{account}/", decisions.c.key
    last = select(decisions.c.at).where(key >= prefix, key < account + _AFTER_SLASH, decisions.c.kind == _KIND)
    at = connection.execute(last.order_by(key.desc()).limit(1)).scalar()
    return Over(_KIND, prefix, from_micros(at)) if at is not None else None


_KIND = PlaceOrder.type_name
