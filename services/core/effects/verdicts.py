"""What the standing of an act with the outside makes of its decision."""

from services.core.decisions.decision import Verdict
from services.core.effects import Standing

OF_ACT = {
    Standing.DONE: Verdict.DONE,
    Standing.NOT_DONE: Verdict.NOT_DONE,
    Standing.UNKNOWN: Verdict.UNKNOWN,
}
OF_UNDO = {
    Standing.DONE: Verdict.DONE,
    Standing.NOT_DONE: Verdict.UNDONE,
    Standing.UNKNOWN: Verdict.UNDOING,
}
"""What a look-up of the act says of its being taken back; while nobody can tell, the taking back stays open."""
