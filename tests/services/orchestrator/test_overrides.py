"""``key=value`` is read the same from a command line and from the window."""

import pytest

from services.core.errors import UserError
from services.orchestrator.overrides import pairs


def test_values_are_what_they_look_like():
    given = {"a=1": 1, "a=1.5": 1.5, "a=true": True, "a=null": None, 'a="1"': "1", "a=x y": "x y", "a=[1, 2]": [1, 2]}
    assert {text: pairs([text])["a"] for text in given} == given


@pytest.mark.parametrize(("words", "told"), [(["a"], "key=value"), (["=1"], "key=value"), (["a=1", "a=2"], "twice")])
def test_what_is_no_pair_is_told(words, told):
    with pytest.raises(UserError, match=told):
        pairs(words)


def test_what_json_does_not_know_is_text():
    assert pairs(["a=NaN"]) == {"a": "NaN"}
