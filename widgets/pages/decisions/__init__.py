"""The ledger: every act that was taken for the user or put before them, with why, what came of it, and Undo."""

from widgets.pages.decisions.at_hand import Ask, AtHand
from widgets.pages.decisions.page import DecisionsPage
from widgets.pages.decisions.state import decisions_state

__all__ = ["Ask", "AtHand", "DecisionsPage", "decisions_state"]
