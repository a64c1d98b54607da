"""Which plug-ins a process may run, as its plan tells it: it has no ledger of its own to ask."""

from dataclasses import dataclass
from pathlib import Path

from services.core.clock import Clock
from services.core.errors import UserError
from services.trading.plugins.series import PluginTerms, plugin_files
from services.trading.strategy import Strategy


@dataclass(frozen=True)
class Versions:
    """Called with a plug-in's file, it gives the SHA-256 that may run. Raises ``UserError`` for any other."""

    known: dict[str, str]

    def __call__(self, file: str) -> str:
        if file not in self.known:
            raise UserError("no version of this plug-in is approved", file, "Approve it in the Inbox")
        return self.known[file]


def plugin_terms(
    strategy: Strategy, folder: str | None, approved: dict[str, str] | None, cache: str | None, clock: Clock
) -> PluginTerms:
    """Raises ``UserError`` where nothing is told of plug-ins."""
    if folder is None or approved is None or cache is None:
        mend = "Put the strategy into the home, where its plug-ins can be approved"
        raise UserError(f"its plug-ins ({', '.join(plugin_files(strategy))}) may not run here", strategy.name, mend)
    return PluginTerms(Path(folder), Path(cache), Versions(approved), clock)
