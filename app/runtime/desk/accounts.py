"""The exchange account for the page that shows it: read from its ledger in a worker, every few seconds while seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from services.core.errors import UserError

if TYPE_CHECKING:
    from app.runtime.desk.desk import Desk
    from services.trading.desk.at_a_glance import Glancing
    from services.trading.desk.glance import AccountGlance

EVERY = 60
"""Beats of the pump between two readings: two seconds."""


@runtime_checkable
class ShowsAccount(Protocol):
    """A page that shows the exchange account."""

    @property
    def shows_account(self) -> bool:
        """Whether somebody looks at it now."""
        ...

    def show_account(self, glance: AccountGlance | None, error: str) -> None: ...


class Accounts:
    """Reads for one page; one reading at a time."""

    def __init__(self, page: ShowsAccount, desk: Desk) -> None:
        self._page, self._desk = page, desk
        self._beats, self._reading = EVERY, False  # the first one comes at once
        self._glancing: Glancing | None = None

    def beat(self) -> None:
        """Begin a reading where one is due."""
        self._beats += 1
        if self._reading or not self._page.shows_account or self._beats < EVERY:
            return
        self._beats, self._reading = 0, True
        self._desk.program.engine.workers.start("the exchange account", self._read)

    def call_off(self) -> None:
        """A reading ends by itself."""

    def _read(self) -> None:
        glance, error = self._told()
        self._desk.hand_over(lambda _text: self._show(glance, error), "")

    def _show(self, glance: AccountGlance | None, error: str) -> None:
        self._reading = False
        self._page.show_account(glance, error)

    def _told(self) -> tuple[AccountGlance | None, str]:
        """None where the settings name no account, or nothing was ever kept of it. Blocks."""
        from app.wiring.account import is_live, ledger_of
        from app.wiring.unprotected import unprotected_bots
        from services.trading.desk.at_a_glance import Glancing, glance_at
        from services.trading.venue.arming import confirmation

        program = self._desk.program
        if program.loaded is None:
            return None, ""
        trading = program.loaded.settings.trading
        path = ledger_of(program.home, trading)
        if path is None:
            return None, ""
        if self._glancing is None or self._glancing.path != path:
            self._glancing = Glancing(path)
        try:
            name = trading.exchange or ""
            bots = unprotected_bots(unit.plan for unit in tuple(program.engine.orchestrator.units.values()))
            unasked = program.door.unasked if program.door is not None else ""
            glance = glance_at(self._glancing.book(), name, confirmation(name, bots), unasked)
            return replace(glance, play_money=not is_live(trading)), ""
        except UserError as mistake:
            return None, str(mistake)
