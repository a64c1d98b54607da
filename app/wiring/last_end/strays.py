"""What a killed program left running: its scripts, which are found by the mark in their stored position."""

import logging

from services.core.clock import Clock
from services.core.sandbox import end_strays
from services.core.words import counted
from services.orchestrator.units.records import Records

log = logging.getLogger(__name__)


def end_left_scripts(records: Records, clock: Clock) -> int:
    """End the trees of scripts that outlived the program; how many processes that were. Blocks.

    Done before anything begins: a script that is paused, scheduled for later or defined no more would else go on with
    nobody watching it.
    """
    left = 0
    for name, position in records.positions():
        mark, leader = position.get("mark"), position.get("leader", "")
        if position.keys() <= {"mark", "leader"} and isinstance(mark, str) and mark and isinstance(leader, str):
            found = end_strays(mark, clock, leader)
            if found:
                log.warning("%s: ended %s that the last run of Dreamscape had left", name, counted(found, "process"))
            left += found
    return left
