"""The paper account and the sandbox network, where their files are gone or empty: rebuilt from the ledger, and told.

Both are an outside of their own, with a file of their own. What the house did there is in the ledger, each act with
what came of it; so the books can be written again, and a bot that holds coins finds them at its broker.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

import msgspec

from app.engine import Engine
from app.paths import Home
from app.wiring.open_alerts import OpenAlerts
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Entry
from services.core.effects import Details, Effect
from services.core.errors import UserError
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.words import counted
from services.engagement.effects import LikePost, PublishPost, SendReply, mark_of
from services.engagement.network import Action
from services.engagement.sandbox.network import DoneBefore, SandboxNetwork
from services.orchestrator.events import Alert
from services.trading.fills import Fill
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.over import accounts_in_use
from services.trading.paper.placing import PlaceOnPaper

T = TypeVar("T")
log = logging.getLogger(__name__)
_ACTIONS: dict[type[Effect], Action] = {PublishPost: Action.POST, SendReply: Action.REPLY, LikePost: Action.LIKE}
_UNREADABLE = (UnknownMessage, MalformedMessage, msgspec.ValidationError, LookupError, ValueError, TypeError)


def mend_books(engine: Engine, home: Home) -> None:
    """Look after both before anything is asked of them, and after a paper account that vanishes later. Blocks."""
    handler = engine.acts.handlers[PlaceOrder]
    assert isinstance(handler, PlaceOnPaper)
    handler.on_missing = partial(mend_paper, engine, handler.broker)
    mend_paper(engine, handler.broker)
    mend_sandbox(engine, home.sandbox)


def mend_paper(engine: Engine, broker: PaperBroker) -> None:
    """Rebuild the paper account from the orders that were filled, where it lacks the newest of them.

    Where it has orders and has never heard of what bots stand in, only that is written again, beside them: a session
    may have been closed there since the copy was made from which the store was put back.
    """
    kinds = (PlaceOrder.type_name,)
    newest, unread = _newest(engine, kinds, _order)
    sessions = {account: found for account in _in_use(engine) if (found := _newest_in(engine, kinds, account))}
    if newest:
        sessions.setdefault(newest[0].account, newest[0])
    try:
        lost = [] if broker.missing else [each for each in sessions if broker.find(sessions[each].client_id) is None]
        apart = lost and broker.received() and not any(broker.balance(account) for account in lost)
        lacks = broker.missing or (not apart if lost else not sessions and not broker.received())
    except UserError as error:  # a damaged file is told where the feeds are
        log.debug("the paper account is left as it is: %s", error)
        return
    _tell_unread(engine, broker.path, "" if lacks else unread)
    if not lacks:
        for account in lost:
            _reopen(engine, broker, account)
    if not lacks or not (newest or unread):
        return
    aside = _set_aside(broker.path)
    try:
        came = f"rebuilt from the ledger, with {counted(broker.rebuild(map(_order, _done(engine, kinds))), 'fill')}"
    except _UNREADABLE as error:
        came = f"begun anew, since the ledger does not add up ({error}); what bots hold on paper cannot be sold"
    _tell(engine, broker.path, came, aside)


def _reopen(engine: Engine, broker: PaperBroker, account: str) -> None:
    """Write one account again, beside the others."""
    kinds = (PlaceOrder.type_name,)
    try:
        fills = broker.reopen(account, map(_order, _done(engine, kinds, prefix=f"{account}/")))
        came = f"written again from the ledger, with {counted(fills, 'fill')}"
    except _UNREADABLE as error:
        came = f"begun anew, since the ledger does not add up ({error}); what it holds on paper cannot be sold"
    told = f"{broker.path.name} lacked the account {account}: it is {came}"
    log.warning("%s", told)
    engine.journal.append(Alert(told, broker.path.name))


def _in_use(engine: Engine) -> list[str]:
    with engine.store.reading.connect() as connection:
        return accounts_in_use(connection)


def _newest_in(engine: Engine, kinds: Sequence[str], account: str) -> PlaceOrder | None:
    """The newest order that was filled for an account; None where none was, or none can be read."""
    found, _unread = _newest(engine, kinds, _order, f"{account}/")
    return found[0] if found else None


def mend_sandbox(engine: Engine, path: Path) -> None:
    """Rebuild the sandbox network from what was done on it, where it lacks the newest of that."""
    kinds = tuple(kind.type_name for kind in _ACTIONS)
    newest, unread = _newest(engine, kinds, _act)
    try:
        lacks = _is_blank(path) or _lacks(_network(engine, path), newest)
    except UserError as error:  # the campaign's process tells of a damaged file
        log.debug("the sandbox network is left as it is: %s", error)
        return
    _tell_unread(engine, path, "" if lacks else unread)
    if not lacks or not (newest or unread):
        return
    aside = _set_aside(path)
    try:
        acts = _network(engine, path).rebuild(map(_act, _done(engine, kinds)))
        came = f"rebuilt from the ledger: {acts:,} acts, and the simulated crowd's answers to them"
    except _UNREADABLE as error:
        came = f"begun anew, since the ledger does not add up ({error}); what was posted there is gone"
    _tell(engine, path, came, aside)


def _lacks(network: SandboxNetwork, newest: DoneBefore | None) -> bool:
    return network.find(newest.mark) is None if newest else network.unused


def _newest(engine: Engine, kinds: Sequence[str], read: Callable[[Entry], T], prefix: str = "") -> tuple[T | None, str]:
    """The newest that was done and can be read; and why what is newer cannot be, if there is such."""
    unread = ""
    for newest in (1, None):
        for entry in reversed(_done(engine, kinds, newest, prefix)):
            try:
                return read(entry), unread
            except _UNREADABLE as error:
                unread = unread or f"decision {entry.decision.id} ({entry.decision.what}): {error}"
        if not unread:
            break
    return None, unread


def _tell_unread(engine: Engine, path: Path, unread: str) -> None:
    """Tell, for as long as it is so, that nobody can say whether the books are whole."""
    told = f"whether {path.name} lacks the newest of what was done cannot be told, since the ledger has something that "
    told += f"cannot be read; the file is left as it is. {unread}"
    for news in OpenAlerts(engine, f"the ledger about {path.name}").follow([told] if unread else []):
        log.warning("%s", news)


def _done(engine: Engine, kinds: Sequence[str], newest: int | None = None, prefix: str = "") -> list[Entry]:
    """What was done, oldest first."""
    with engine.store.reading.connect() as connection:
        return ledger.done(connection, kinds, newest, prefix)[::-1]


def _order(entry: Entry) -> tuple[PlaceOrder, Fill]:
    effect = entry.effect()
    assert isinstance(effect, PlaceOrder)
    return effect, msgspec.convert(entry.decision.outcome, Fill)


def _act(entry: Entry) -> DoneBefore:
    effect, outcome = entry.effect(), entry.decision.outcome
    action = _ACTIONS[type(effect)]
    at, undone = _moment(outcome), entry.decision.verdict is Verdict.UNDONE
    text, target = getattr(effect, "text", ""), getattr(effect, "response", "")
    return DoneBefore(outcome["id"], action, at, mark_of(effect), text, target, undone)


def _moment(outcome: Details) -> datetime:
    """When it was done, by the network's own time."""
    return datetime.fromisoformat(outcome.get(SandboxNetwork.time_label) or outcome["at"])


def _network(engine: Engine, path: Path) -> SandboxNetwork:
    return SandboxNetwork(path, engine.clock)


def _is_blank(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def _set_aside(path: Path) -> Path | None:
    """Where a file that has something in it, though not what it should, is kept; None for one that has nothing."""
    if _is_blank(path):
        return None
    aside = next(each for number in count(1) if not (each := path.with_name(f"{path.name}.other-{number}")).exists())
    for suffix in ("", "-wal", "-shm"):  # what SQLite has beside its file belongs to it
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside


def _tell(engine: Engine, path: Path, came: str, aside: Path | None) -> None:
    kept = f"; what was in it is kept as {aside.name}" if aside else ""
    lost = "was gone or empty" if aside is None else "lacked the newest of what was done"
    told = f"{path.name} {lost}: it is {came}{kept}"
    log.warning("%s", told)
    engine.journal.append(Alert(told, path.name))
