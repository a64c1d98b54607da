"""An old learning_db.json becomes arms, and what is not understood is said."""

from datetime import UTC, datetime

import pytest

from services.core.learning import Learner
from services.core.learning.arms import Counts
from services.core.learning.old import import_arms

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_both_old_shapes_are_read():
    old = {
        "fix imports": {"successes": 8, "failures": 2},
        "#python": {"reward": 1.5, "count": 10},
        "mutate": {"success": 3, "attempts": 4, "last_used": "2024-01-01"},
    }
    imported = import_arms(old)
    assert imported.not_understood == {}
    assert imported.counts == {"fix imports": Counts(8, 2), "#python": Counts(1.5, 8.5), "mutate": Counts(3, 1)}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (3, "found int"),
        ({"wins": 3}, "expected successes and failures, or reward and count; found wins"),
        ({"successes": "many", "failures": 1}, "successes is 'many', not a number"),
        ({"successes": -1, "failures": 1}, "not a number of zero or more"),
        ({"successes": True, "failures": 1}, "successes is True"),
        ({"reward": 12, "count": 10}, "more than 1 each"),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_kept(entry, told):
    imported = import_arms({"odd": entry, "good": {"successes": 1, "failures": 1}})
    assert list(imported.counts) == ["good"]
    assert told in imported.not_understood["odd"]


def test_something_else_than_a_mapping_is_said():
    assert "found list" in import_arms([1, 2]).not_understood[""]


def test_a_learner_goes_on_from_what_was_imported():
    learner = Learner(import_arms({"a": {"successes": 9, "failures": 1}, "b": {"successes": 1, "failures": 9}}).state)
    assert learner.weights(["a", "b"], AT)["a"] > 0.99
    learner.update("b", 1.0, AT)
    assert learner.known(["a"], AT)["a"] == Counts(9 * 0.99, 1 * 0.99)
