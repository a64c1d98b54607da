"""The impact score ranks files within their project and says by which factors."""

from hypothesis import given
from hypothesis import strategies as st

from services.debugger.scanner.impact import FLOOR, score

RAW = st.dictionaries(
    st.text(min_size=1),
    st.fixed_dictionaries({name: st.integers(0, 10**6) for name in ("complexity", "churn", "lines")}),
    min_size=1,
)


@given(RAW)
def test_every_score_and_factor_lies_between_the_floor_and_one(raw):
    for each in score(raw):
        assert FLOOR <= each.impact <= 1
        assert all(FLOOR <= factor <= 1 for factor in each.factors.values())


@given(RAW)
def test_a_file_that_is_ahead_in_all_is_ahead(raw):
    ahead = dict.fromkeys(("complexity", "churn", "lines"), 10**7)
    assert score({**raw, "ahead": ahead})[0].path == "ahead"


def test_files_that_are_alike_share_their_score():
    same = {"complexity": 3.0, "churn": 0.0, "lines": 9.0}
    first, second = score({"a": same, "b": same})
    assert first.impact == second.impact == 0.75
