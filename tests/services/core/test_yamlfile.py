"""The user's YAML files: every mistake with its place and its mend."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, field_validator

from services.core import yamlfile
from services.core.errors import UserError, UserErrors
from services.core.logs.redaction import Redactor
from services.core.yamlfile import Document, load_model, parse_model


class Cap(Document):
    per_day: int = Field(gt=0)
    platform: Literal["mastodon", "bluesky"] = "bluesky"


class Campaign(Document):
    name: str
    hours: tuple[str, ...] = ()
    caps: list[Cap] = []
    threshold: float = 0.5
    starts: date | None = None
    quiet: bool = False

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if len(name) > 10:
            raise ValueError("a name has at most 10 letters")
        return name


def read(text: str) -> Campaign:
    return parse_model(text, Campaign, "c.yaml")


def mistake(text: str) -> str:
    with pytest.raises(UserError) as told:
        read(text)
    return str(told.value)


def test_a_right_file_becomes_its_model(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("name: pets\nhours: [22:00, 08:30]\ncaps: [{per_day: 3}]\nthreshold: 1e-3\nstarts: 2026-01-31\n")
    campaign = load_model(path, Campaign)
    assert campaign.hours == ("22:00", "08:30")
    assert campaign.threshold == 0.001
    assert campaign.starts == date(2026, 1, 31)
    assert campaign.caps[0].platform == "bluesky"


def test_words_that_old_yaml_turns_into_booleans_stay_words() -> None:
    assert read("name: no").name == "no"
    assert read("name: on\nquiet: true").quiet is True


def test_an_unknown_key_is_told_where_it_stands_with_the_one_that_was_meant() -> None:
    assert mistake("name: a\ncaps:\n  - per_dya: 3\n    per_day: 3\n") == (
        "c.yaml:3:5: there is no key 'per_dya'. Write 'per_day'."
    )


def test_an_unknown_key_that_resembles_none_lists_the_keys_of_its_place() -> None:
    assert "Remove it; the keys here are per_day, platform" in mistake("name: a\ncaps: [{per_day: 1, xyz: 3}]")


def test_a_wrong_choice_suggests_the_nearest() -> None:
    assert mistake("name: a\ncaps: [{per_day: 1, platform: mastodn}]") == (
        "c.yaml:2:31: caps.0.platform is 'mastodn'. Write 'mastodon'. For example: 'platform: mastodon'."
    )


def test_a_wrong_value_is_told_with_its_rule() -> None:
    assert mistake("name: a\ncaps: [{per_day: 0}]") == (
        "c.yaml:2:18: caps.0.per_day is 0. It should be greater than 0. For example: 'per_day: 1'."
    )


def test_text_for_a_number_and_a_boolean_for_a_number_are_mistakes() -> None:
    assert "caps.0.per_day is '3'. It should be a whole number" in mistake('name: a\ncaps: [{per_day: "3"}]')
    assert "threshold is True" in mistake("name: a\nthreshold: true")


def test_a_missing_key_is_told_at_the_mapping_that_lacks_it() -> None:
    assert mistake("name: a\ncaps:\n  - platform: bluesky\n") == (
        "c.yaml:3:5: the key 'per_day' is missing. Add 'per_day' here. For example: 'per_day: 1'."
    )


def test_a_rule_of_the_model_itself_is_told_in_its_own_words() -> None:
    assert mistake("name: much-too-long-a-name") == (
        "c.yaml:1:7: name: a name has at most 10 letters. For example: 'name: text'."
    )


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(UserErrors) as told:
        read("nam: a\nthreshold: high\ncaps: [{per_day: -1}]\n")
    assert [error.where for error in told.value.errors] == ["c.yaml:1:1", "c.yaml:1:1", "c.yaml:2:12", "c.yaml:3:18"]


def test_a_key_that_stands_twice_is_refused_instead_of_the_last_one_winning() -> None:
    assert "c.yaml:2:1: the key 'name' stands here a second time" in mistake("name: a\nname: b\n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("name: [a", "c.yaml:1:9"),
        ("name: a\n\tquiet: true", "c.yaml:2:1"),
        ("name: !!python/object:os.x {}", "c.yaml:1:7"),
    ],
)
def test_what_is_no_plain_yaml_is_told_with_its_place(text: str, place: str) -> None:
    assert mistake(text).startswith(place)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "just words"])
def test_a_file_that_holds_no_keys_says_so(text: str) -> None:
    assert mistake(text).startswith("c.yaml")


def test_aliases_that_grow_without_bound_are_refused() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]" for old, new in zip("abcdef", "bcdefg", strict=True)]
    assert "aliases grow without bound" in mistake("\n".join(lines))
    assert "aliases grow without bound" in mistake("name: &a [*a]")


def test_endless_nesting_is_refused() -> None:
    assert "nested too deeply" in mistake("name: " + "[" * 5000)


def test_a_number_of_more_digits_than_can_be_read_is_refused() -> None:
    told = mistake(f"name: a\nthreshold: {'1' * 5000}")
    assert told.startswith("c.yaml: a number in it cannot be read: Exceeds the limit")
    assert told.endswith("Write it with fewer digits.")


def test_aliases_and_merged_keys_work() -> None:
    campaign = read("name: a\ncaps:\n  - &cap {per_day: 2}\n  - {<<: *cap, platform: mastodon}\n")
    assert [cap.per_day for cap in campaign.caps] == [2, 2]


def test_a_file_that_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    (tmp_path / "huge.yaml").write_bytes(b"#" * 1_000_001)
    for name, what in [("none.yaml", "No such file"), ("latin.yaml", "UTF-8"), ("huge.yaml", "larger"), (".", "read")]:
        with pytest.raises(UserError, match=what) as told:
            load_model(tmp_path / name, Campaign)
        assert told.value.where == str(tmp_path / name)


class Either(Document):
    command: str | tuple[str, ...]


def test_a_value_that_fits_no_alternative_is_one_mistake() -> None:
    with pytest.raises(UserError) as told:
        parse_model("command: 5", Either, "e.yaml")
    assert str(told.value) == ("e.yaml:1:10: command is 5. It should be text or a list. For example: 'command: text'.")


def test_where_one_alternative_fits_only_what_is_wrong_in_it_is_told() -> None:
    with pytest.raises(UserError) as told:
        parse_model("command: [echo, 5]", Either, "e.yaml")
    assert str(told.value).startswith("e.yaml:1:17: command.1 is 5. It should be text.")
    assert "a list" not in str(told.value)


class Curl(Document):
    kind: Literal["macd_curl"]
    fast: int = 12


class Strength(Document):
    kind: Literal["rsi"]
    period: int = 14


class Terms(Document):
    terms: dict[str, Annotated[Curl | Strength, Field(discriminator="kind")]]


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (
            "{kind: macd_crl}",
            "t.yaml:2:15: terms.one.kind is 'macd_crl'. Write 'macd_curl'. For example: 'kind: macd_curl'.",
        ),
        ("{fast: 3}", "t.yaml:2:8: the key 'kind' is missing. Add 'kind' here. For example: 'kind: macd_curl'."),
        ("{kind: rsi, perid: 3}", "t.yaml:2:20: there is no key 'perid'. Write 'period'."),
        ("{kind: rsi, fast: 3}", "t.yaml:2:20: there is no key 'fast'. Remove it; the keys here are kind, period."),
    ],
)
def test_of_several_forms_the_one_that_is_meant_is_told(term: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_model(f"terms:\n  one: {term}", Terms, "t.yaml")
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("name: a\nhours: 9", "It should be a list. For example: 'hours: [text]'"),
        ("name: a\ncaps: 3", "It should be a list. For example: 'caps: [{per_day: 1}]'"),
        ("name: a\ncaps: [3]", "should be keys with values. For example: 'caps: [{per_day: 1}]'"),
        ("name: a\nstarts: soon", "For example: 'starts: 2026-01-31'"),
        ("name: a\nquiet: 1", "It should be true or false. For example: 'quiet: true'"),
        ("- name: a", "should be keys with values. For example: 'name: text'"),
        ("name: a\nname: b", "Take one of the two out"),
        ("name: a\n\tquiet: true", "Indent with spaces"),
        ("name: [a", "Close the quote or bracket"),
        ("name: a\nhours [1]", "a line is 'name: value'"),
    ],
)
def test_a_mistake_shows_the_right_form(text: str, right: str) -> None:
    told = mistake(text)
    assert right in told
    assert Redactor().clean(told) == told


@pytest.mark.parametrize("mend", [yamlfile._FORMS, *(mend for _sign, mend in yamlfile._SYNTAX)])
def test_no_example_of_the_right_form_is_taken_for_a_secret(mend: str) -> None:
    assert Redactor().clean(mend) == mend


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes among files there")
def test_a_pipe_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(UserError, match="no regular file"):
        load_model(tmp_path / "pipe.yaml", Campaign)
