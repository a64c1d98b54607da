"""Whether real money may be spent: allowed here, armed by a person for this very key, and the key may not send it away.

Arming tells of one moment. A key may be another one since, or have been given more rights at the exchange; so what it
may do is read when the account is opened, and again and again. What is held is protected, and sold, whatever it may do.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from services.core.errors import in_words
from services.trading.desk.register import Register
from services.trading.venue.arming import against_key
from services.trading.venue.rights import Rights
from services.trading.venue.venue import VenueRefused, VenueUnsure

log = logging.getLogger(__name__)
EVERY = 3600.0
"""Seconds between two readings of a key that may trade and nothing more."""
AGAIN = 60.0
"""The same where it may do too much or too little, or could not be asked: it may be mended at the exchange."""
_UNREAD = "what the key may do could not be read"
_OTHER_KEY = "it was armed for another key: arm the account again for this one (dreamscape arm)"


@runtime_checkable
class TellsRights(Protocol):
    """A venue that tells what its key may do."""

    def rights(self) -> Rights: ...


@dataclass
class Permission:
    """``key`` is the digest of the key in use; ``forbidden`` why nothing may be bought here, whoever armed it."""

    register: Register
    live: bool
    key: str = ""
    forbidden: Callable[[], str] = lambda: ""
    _against: str = f"{_UNREAD} yet"
    _read_at: float | None = None
    """By a clock that no measuring moves."""

    @property
    def asked(self) -> bool:
        """Whether the key was asked for since the account was opened; nothing is decided on entries before."""
        return not self.live or self._read_at is not None

    def round(self) -> None:
        """Read the key's rights where that is due. After what protects: an answer may be waited for."""
        if not self.live or not self._is_due():
            return
        before = self._against
        with suppress(VenueRefused, VenueUnsure):  # what was said stands in ``against``, and it is tried again
            self.read()
        if self._against != before:
            told = self._against or "it may trade, and may not withdraw"
            log.log(logging.WARNING if self._against else logging.INFO, "the account's key: %s", told)

    def read(self) -> Rights | None:
        """What the key may do now; None where the exchange has no word for that.

        Raises ``VenueUnsure`` or ``VenueRefused``; then nothing is bought until it could be read.
        """
        self._read_at, self._against = self.register.clock.monotonic(), _UNREAD
        venue = self.register.venue
        try:
            rights = venue.rights() if isinstance(venue, TellsRights) else None
        except (VenueRefused, VenueUnsure) as error:
            self._against = f"{_UNREAD}: {in_words(error)}"
            raise
        self._against = "; ".join(against_key(rights))
        return rights

    def unarmed(self) -> str:
        """Why nothing may be bought; empty where it may. Play money needs nothing of all that."""
        if why := self.forbidden():
            return why
        if not self.live:
            return ""
        if self.register.book.armed is None:
            return "live trading is not armed"
        return self.amiss()

    def amiss(self) -> str:
        """Why nothing is bought although a person has armed the account; empty where nothing is wrong."""
        armed = self.register.book.armed
        if not self.live or armed is None:
            return ""
        return self._against if armed.key == self.key else _OTHER_KEY

    def _is_due(self) -> bool:
        every = AGAIN if self._against else EVERY
        return self._read_at is None or self.register.clock.monotonic() - self._read_at >= every
