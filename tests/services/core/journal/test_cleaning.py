"""What looks like a secret is out of a fact before it is kept, and the fact stays what it is."""

import pytest

from services.core.errors import UserError
from services.core.events import ForeignEvent
from services.core.journal.cleaning import clean_event, clean_words, refuse_secrets
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


def test_data_that_code_goes_on_with_loses_registered_secrets_alone() -> None:
    redactor = Redactor()
    redactor.register("hunter2")
    position = {"cursor": "next_token=abc123", "seen": ["a", "hunter2 b"], "count": 3}
    assert clean_words(position, redactor.hide) == {
        "cursor": "next_token=abc123",
        "seen": ["a", f"{MASK} b"],
        "count": 3,
    }
    plain = {"cursor": "next_token=abc123", "count": 3}
    assert clean_words(plain, redactor.hide) is plain


@pytest.mark.parametrize("data", [{"note": {"to": ["x hunter2"]}}, {"note": {"hunter2": 1}}])
def test_what_cannot_do_without_a_secret_is_refused_by_the_name_of_its_field(data: dict[str, object]) -> None:
    redactor = Redactor()
    redactor.register("hunter2")
    with pytest.raises(UserError, match=r"^bot, note: it holds a secret") as refused:
        refuse_secrets(data, redactor.hide, "bot")
    assert "hunter2" not in str(refused.value)
    refuse_secrets({"note": "api_key=abc123"}, redactor.hide, "what only looks like one is the user's business")
