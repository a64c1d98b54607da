"""The journal: one writer; what is delivered is on disk."""

from services.core.journal.transaction import Transaction, Work
from services.core.journal.writer import Journal, JournalClosed

__all__ = ["Journal", "JournalClosed", "Transaction", "Work"]
