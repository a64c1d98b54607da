from datetime import UTC, datetime

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow
from services.engagement.effects import SendReply
from tests.support.desk_work import MendFile
from widgets.parts.decisions.draft import Draft, draft_of


def row(kind: str, evidence: dict) -> DecisionRow:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return DecisionRow("d1", at, kind, "what", "user", "", "", Verdict.WAITING, undoable=False, evidence=evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ({"draft": "Thanks"}, Draft("text", "Thanks", "draft")),
        ({"text": "Thanks", "draft": "older"}, Draft("text", "Thanks", "text")),
        ({"parent": "Thanks"}, None),
        ({"draft": 3}, None),
    ],
)
def test_a_draft_is_the_evidence_that_shows_the_text_of_the_act(evidence, draft):
    assert draft_of(row(SendReply.type_name, evidence)) == draft


def test_an_act_without_a_text_has_no_draft():
    assert draft_of(row(MendFile.type_name, {"draft": "Thanks", "title": "off by one"})) is None
