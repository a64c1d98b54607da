"""The ledger: every act that was taken for the user or put before them, with why, what came of it, and Undo."""

from widgets.pages.decisions.page import ACTIONS, DecisionsPage
from widgets.pages.decisions.state import LedgerFilter, decisions_state

__all__ = ["ACTIONS", "DecisionsPage", "LedgerFilter", "decisions_state"]
