"""Which version of a plug-in may run, told from the ledger on disk: for commands that need no running instance."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from app.paths import Home
from services.core.decisions.decision import Verdict
from services.core.errors import UserError
from services.core.read_only import uri_of
from services.orchestrator.definitions.plugin_files import digest

_ASKED = "SELECT key, verdict FROM decisions WHERE kind = 'plugin.approve' ORDER BY at DESC"


@dataclass(frozen=True)
class Approved:
    """Called with a plug-in's file, it gives the SHA-256 of the version that lies there and was approved."""

    home: Home

    def __call__(self, file: str) -> str:
        """Raises ``UserError`` where there is no such file, and where nobody approved what lies there."""
        path = self.home.plugins / file
        try:
            version = digest(path.read_bytes())
        except OSError as error:
            mend = "Put the file there, or name another in 'file'"
            raise UserError(f"cannot be read: {error.strerror}", str(path), mend) from error
        verdict = next((each for key, each in self._asked() if key.split(":")[1:3] == [file, version]), None)
        if verdict != Verdict.DONE:
            why = "you declined this version" if verdict == Verdict.REJECTED else "you have not approved this version"
            mend = "Start Dreamscape with its strategy in the home: the Inbox asks, and shows you the source"
            raise UserError(f"{why} of the plug-in", str(path), mend)
        return version

    def _asked(self) -> list[tuple[str, str]]:
        """What was ever asked, newest first."""
        store = self.home.store
        if not store.is_file():
            return []
        try:
            with closing(sqlite3.connect(uri_of(store), uri=True, timeout=5)) as connection:
                return connection.execute(_ASKED).fetchall()
        except sqlite3.Error as error:
            raise UserError(f"its ledger cannot be read: {error}", str(store), "Restore a backup") from error
