from tests.support.desk_work import DIFF
from widgets.parts.evidence.exhibits import Diff, Grid, Values, Words, bounded, exhibits, heading


def test_a_sentence_is_a_text_and_nothing_is_nothing():
    assert exhibits("its slot has come", "Why") == (Words("Why", "its slot has come"),)
    assert exhibits("") == exhibits({}) == ()


def test_short_values_stand_together_and_numbers_are_rounded():
    found = exhibits({"quality_score": 0.912345, "tried": 1234, "safe": True, "model": None}, "Why")
    assert found == (Values("Why", (("Quality score", "0.9123"), ("Tried", "1234"), ("Safe", "yes"), ("Model", "—"))),)


def test_a_diff_is_known_by_its_hunks_whatever_its_name():
    assert exhibits({"change": DIFF}) == (Diff("Change", DIFF),)
    assert isinstance(exhibits({"parent": "--- is what I think\nof it"})[0], Words)


def test_a_long_text_is_a_text_and_a_traceback_is_code():
    traceback = 'Traceback (most recent call last):\n  File "bot.py", line 3'
    assert exhibits({"parent": "one\ntwo", "error": traceback}) == (
        Words("Parent", "one\ntwo"),
        Words("Error", traceback, code=True),
    )


def test_rows_of_the_same_shape_are_a_table_with_numbers_to_the_right():
    grid = exhibits({"tests": [{"test": "test_a", "ms": 4}, {"test": "test_b", "ms": 12.5, "note": "slow\nagain"}]})[0]
    assert grid == Grid(
        "Tests", ("Test", "Ms", "Note"), (("test_a", "4", ""), ("test_b", "12.5", "slow again")), frozenset({1})
    )


def test_what_is_inside_stands_under_its_own_name():
    assert exhibits({"scores": {"tests": 1.0, "size": 0.5}}) == (Values("Scores", (("Tests", "1"), ("Size", "0.5"))),)
    assert exhibits({"limits": {}}) == (Values("Limits", (("Nothing", "—"),)),)


def test_where_a_name_alone_would_not_do_the_group_stands_before_it():
    assert exhibits({"text": "one\ntwo"}, "Changed by you", above="Changed by you:") == (
        Words("Changed by you: text", "one\ntwo"),
    )


def test_what_is_cut_is_said():
    assert bounded("x" * 12, 10) == "x" * 10 + "\n… 2 more characters"


def test_a_name_is_written_as_a_person_would():
    assert heading("repair_strategy") == "Repair strategy"
    assert heading("BTC") == "BTC"
