"""A wish that the account took on and of which nothing was bought: its decision says so, and so does its bot's log."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from app.engine import Engine
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged
from services.core.effects import Outcome, Standing
from services.core.events import Recorded
from services.core.journal import Transaction
from services.core.logs.run import logging_as
from services.trading.desk.asking import enter_key
from services.trading.desk.events import EntryEnded


@dataclass(frozen=True)
class Unbought:
    """Listens on the core thread."""

    engine: Engine
    _early: dict[str, EntryEnded] = field(default_factory=dict)
    """By decision, what ended before the bot had written that it was taken on."""

    def open(self) -> None:
        """Begin to listen."""
        self.engine.bus.subscribe("unbought", self.take)

    def take(self, batch: Sequence[Recorded]) -> None:
        """Follow what was committed. A subscriber of the bus."""
        for recorded in batch:
            match recorded.event:
                case EntryEnded(bought=False) as ended:
                    _log(ended)
                    self.engine.journal.write(partial(self._settle, ended))
                case DecisionChanged(verdict=Verdict.DONE, id=identity) if identity in self._early:
                    self.engine.journal.write(partial(self._settle, self._early.pop(identity)))

    def _settle(self, ended: EntryEnded, tx: Transaction) -> None:
        entry = ledger.by_key(tx, enter_key(ended.bot, ended.symbol, ended.cause))
        if entry is None:
            return
        if entry.decision.verdict is Verdict.DONE:
            outcome = Outcome(Standing.NOT_DONE, why=f"taken on, and nothing was bought: {ended.why}")
            ledger.change(tx, entry, Verdict.NOT_DONE, "program", outcome)
        elif entry.decision.verdict is Verdict.INTENDED:
            self._early[entry.decision.id] = ended


def _log(ended: EntryEnded) -> None:
    with logging_as("", ended.bot):
        told = logging.getLogger(f"process.{ended.bot}")
        told.warning("nothing of %s was bought for the bar of %s: %s", ended.symbol, ended.cause, ended.why)
