import pytest

from services.core.errors import UserError, UserErrors


@pytest.mark.parametrize(
    "what, where, mend, told",
    [
        ("it is no number", "a.toml:3:1", "write one", "a.toml:3:1: it is no number. Write one."),
        ("it is no number.", "", "write one.", "It is no number. Write one."),
        ("unknown key", "a.yaml:1:1", "did you mean theme?", "a.yaml:1:1: unknown key. Did you mean theme?"),
        ("nothing runs", "", "", "Nothing runs."),
    ],
)
def test_a_user_error_reads_as_where_what_and_mend(what: str, where: str, mend: str, told: str) -> None:
    assert str(UserError(what, where, mend)) == told


def test_a_user_error_is_one_line_whatever_it_is_given() -> None:
    assert "\n" not in str(UserError("two\nlines", "a\r\nplace", "mend\n\nit"))


def test_several_errors_are_told_one_a_line_and_can_be_caught_as_one() -> None:
    with pytest.raises(UserError) as caught:
        raise UserErrors([UserError("first", "a"), UserError("second", "b", "mend it")])
    assert str(caught.value).splitlines() == ["a: first.", "b: second. Mend it."]
    assert caught.value.where == "a"


def test_no_errors_are_no_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        UserErrors([])
