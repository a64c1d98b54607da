"""Promotions by a strategy's name: which decision is meant, told to the ledger as approving or undoing it would be."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import select

from app.engine import Engine
from app.paths import Home
from app.wiring.own_files.files import layered
from services.core.commands import Command
from services.core.decisions import ledger
from services.core.decisions.commands import ApproveDecision, UndoDecision
from services.core.decisions.decision import Verdict
from services.core.errors import UserError
from services.core.store.schema import decisions
from services.orchestrator.near_names import near_name
from services.trading.learning.commands import Demote, Promote
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.standing import Challenger, Challengers, missing_for
from services.trading.strategy import load_strategy

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Promotions:
    """Obeys ``Promote`` and ``Demote``, each in a worker. Their futures give the decision's id, or ``UserError``."""

    engine: Engine
    home: Home

    def register(self) -> None:
        self.engine.commands.register(Promote, self._obey)
        self.engine.commands.register(Demote, self._obey)

    def _obey(self, command: Promote | Demote, by: str) -> Future[str]:
        done: Future[str] = Future()

        def work() -> None:
            try:
                meant = self._meant(command)
                identity = meant.id
                self.engine.clock.result(self.engine.commands.dispatch(meant, by))
                done.set_result(identity)
            except Exception as error:
                if not isinstance(error, UserError | ledger.NotWaiting):
                    log.exception("%s of %s failed", command.type_name, command.strategy)
                done.set_exception(error)

        self.engine.workers.start(f"{command.type_name} {command.strategy} {id(command)}", work)
        return done

    def _meant(self, command: Promote | Demote) -> ApproveDecision | UndoDecision:
        promotes = isinstance(command, Promote)
        identity = self._one(command, Verdict.WAITING if promotes else Verdict.DONE)
        if identity:
            return ApproveDecision(identity) if promotes else UndoDecision(identity)
        known = _strategies(self.home)
        if command.strategy not in known and not self._newest(command.strategy):
            near = near_name(command.strategy, known)
            mend = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
            raise UserError(
                f"there is no strategy called {command.strategy}", "promote" if promotes else "demote", mend
            )
        if promotes:
            raise UserError(f"no promotion of {command.strategy!r} waits", "promote", self._how_far(command.strategy))
        raise UserError(
            f"{command.strategy!r} has no promotion to take back", "demote", "'dreamscape decisions' has all"
        )

    def _how_far(self, strategy: str) -> str:
        """What is missing for the promotion of each of its challengers, on which candles."""
        known: tuple[Challenger, ...] = self.engine.view.value(Challengers)
        told = [f"{each.process}, on {each.label}, {missing_for(each)}" for each in known if each.strategy == strategy]
        rests = "; ".join(told) or f"none runs for {strategy}, and 'dreamscape walk-forward' begins one with --shadow"
        return f"A shadow run asks for one once it is earned: {rests}"

    def _one(self, command: Promote | Demote, verdict: Verdict) -> str:
        """The id of the latest promotion that is meant; empty where there is none.

        Raises ``UserError`` where several files hold a strategy of that name: each has its own.
        """
        newest = self._newest(command.strategy, verdict)
        if len(newest) > 1:
            do = "approve" if isinstance(command, Promote) else "undo"
            told = ", ".join(f"'dreamscape {do} {identity}' for {file}" for file, identity in newest.items())
            what = f"{len(newest)} files hold a strategy called {command.strategy}"
            raise UserError(what, command.type_name.rpartition(".")[2], f"Say which: {told}")
        return next(iter(newest.values()), "")

    def _newest(self, strategy: str, verdict: Verdict | None = None) -> dict[str, str]:
        """The id of the latest promotion of that strategy that stands so, if asked, of each file that holds one."""
        kind = decisions.c.kind == PromoteStrategy.type_name
        if verdict is not None:
            kind &= decisions.c.verdict == str(verdict)
        order, found = decisions.c.at.desc(), dict[str, str]()
        with self.engine.store.reading.connect() as connection:
            for identity in connection.execute(select(decisions.c.id).where(kind).order_by(order)).scalars().all():
                effect = ledger.find(connection, identity).effect()
                if isinstance(effect, PromoteStrategy) and effect.strategy == strategy:
                    found.setdefault(effect.file, str(identity))
        return found


def _strategies(home: Home) -> list[str]:
    """The names that there are: of the strategies, and of the files of those that cannot be read."""
    names = set()
    for path in layered("trading", home.strategies).values():
        try:
            names.add(load_strategy(path).name)
        except UserError:
            names.add(path.stem)
    return sorted(names)


KINDS: dict[str, type[Command]] = {"promote": Promote, "demote": Demote}
"""As the command line calls them."""
