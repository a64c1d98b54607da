import pytest
import yaml

from services.core.words import counted, number_text, place_and_mend, shortened, term, titled, typed_number


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1e-05, "0.00001"),
        (1.2e3, "1,200"),
        (1234567.0, "1,235,000"),
        (0.1 + 0.2, "0.3"),
        (-2.0, "-2"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e-300, "about 0"),
        (1e20, "100,000,000,000,000,000,000"),
        (float("inf"), "inf"),
    ],
)
def test_a_number_is_told_in_plain_decimals(value: float, told: str) -> None:
    assert number_text(value) == told


def test_what_is_too_long_is_told_in_short_with_its_length() -> None:
    assert shortened("fits", 4) == "fits"
    told = shortened("a" * 300_000, 100)
    assert told.endswith("a… (300,000 characters in all)")
    assert len(told) == 100


@pytest.mark.parametrize(
    ("value", "typed"), [(1e-07, "0.0000001"), (1234567.5, "1234567.5"), (0.1 + 0.2, "0.3"), (3e8, "300000000")]
)
def test_a_number_that_is_to_be_typed_has_all_its_digits_and_nothing_between_them(value: float, typed: str) -> None:
    assert typed_number(value) == typed
    assert yaml.safe_load(typed) == pytest.approx(value)


def test_a_noun_follows_its_number() -> None:
    told = [counted(number, "process") for number in (0, 1, 2000)]
    assert told == ["0 processes", "1 process", "2,000 processes"]
    assert (counted(1, "more line"), counted(2, "try", "tries")) == ("1 more line", "2 tries")


def test_terms_are_written_as_the_field_writes_them() -> None:
    assert (titled("macd"), titled("repair_strategy"), term("macd_signal")) == (
        "MACD",
        "Repair strategy",
        "MACD signal",
    )


def test_a_place_and_its_mend_are_a_sentence() -> None:
    assert place_and_mend({"where": "a.py:3", "mend": "mend those named first"}) == "a.py:3: mend those named first"
    assert place_and_mend({"where": "", "mend": "look"}) == "look"
    assert place_and_mend({"where": "a.py", "price": 1.0}) == place_and_mend({}) == ""
