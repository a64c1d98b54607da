"""A home that was copied from one that runs now: what that one runs is not ours to end."""

import logging

from app.control.lock import HomeLock
from app.paths import Home
from app.wiring.last_end import starts
from services.core.journal import Journal

log = logging.getLogger(__name__)


def is_a_copy(journal: Journal, home: Home) -> bool:
    """Whether it is one; that is said in the log."""
    before = starts.home_before(journal, home.root)
    if before is None or HomeLock(Home(before, "the store")).taken_by_another() is None:
        return False
    log.warning("this home is a copy of %s, which runs: what it runs is left alone", before)
    return True
