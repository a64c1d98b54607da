"""What looks like a secret is out of a fact before it is kept, and the fact stays what it is."""

from services.core.events import ForeignEvent
from services.core.journal.cleaning import clean_event
from services.core.logs import Redactor
from services.core.logs.redaction import MASK


def test_an_event_that_nobody_here_knows_is_cleaned_and_still_an_event() -> None:
    redactor = Redactor()
    redactor.register("hunter2")
    told = ForeignEvent("tide.measured", 2, {"by": "hunter2", "why": "api_key=abc123, denied", "depth": 3})
    cleaned = clean_event(told, redactor.clean)
    assert (cleaned.type_name, cleaned.type_version) == ("tide.measured", 2)
    assert cleaned.payload_fields() == {"by": MASK, "why": f"api_key={MASK}, denied", "depth": 3}


def test_an_event_with_nothing_to_hide_is_the_very_same() -> None:
    told = ForeignEvent("tide.measured", 1, {"depth": 3})
    assert clean_event(told, Redactor().clean) == told
