"""The journal: one writer; what is delivered is on disk."""

from services.core.journal.writer import Journal, JournalClosed, Transaction, Work

__all__ = ["Journal", "JournalClosed", "Transaction", "Work"]
