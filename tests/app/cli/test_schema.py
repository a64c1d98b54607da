"""`dreamscape schema`: what an editor is told of a file is what the program takes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli.main import main
from app.wiring.own_files.files import default_names, layered
from app.wiring.own_files.schemas import FORMS, schema_of
from services.core.yamlfile import _compose, parse_model
from services.trading.strategy import Strategy
from tests.support.json_schema import faults

ROOT = Path(__file__).parents[3]
FOLDERS = {"strategy": "trading", "rules": "rules", "campaign": "engagement"}
PLAIN: dict[str, Any] = {
    "name": "a",
    "market": {"symbol": "ETH/BTC", "tick": 0.01, "step": 0.001},
    "timeframe": "5m",
    "capital": 1,
}


def read(text: str) -> Any:
    return _compose(text, "test")[0]


def shipped() -> list[tuple[str, Path]]:
    return [
        (form, path) for form, folder in FOLDERS.items() for path in layered(folder, ROOT / "no such home").values()
    ]


@pytest.mark.parametrize(("form", "path"), shipped(), ids=lambda part: getattr(part, "name", part))
def test_every_file_that_comes_with_the_program_is_of_its_form(form: str, path: Path) -> None:
    assert faults(read(path.read_text(encoding="utf-8")), schema_of(form)) == []


def test_none_of_them_is_left_out() -> None:
    assert len(shipped()) == len(default_names())
    assert set(FOLDERS) == set(FORMS)


def test_the_strategies_of_the_readme_are_of_their_form() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = [example for example in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S) if "timeframe:" in example]
    assert found
    assert [faults(read(example), schema_of("strategy")) for example in found] == [[]] * len(found)


def test_the_further_keys_of_the_readme_are_taken_together() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (keys,) = (example for example in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S) if "short:" in example)
    written = {**PLAIN, **read(keys)}
    assert faults(written, schema_of("strategy")) == []
    assert parse_model(yaml.safe_dump(written), Strategy, "README").short_exit == 0.1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"execution": {"limit": {"offset": {"ticks": 2}, "then": "market"}}}, []),
        ({"terms": {"a": {"kind": "macd_curl", "depth": 0.5}, "b": {"kind": "volume"}}}, []),
        ({"capital": 0}, ["$.capital: 0 against 0"]),
        ({"captial": 1}, ["$: no key captial"]),
        ({"terms": {"a": {"kind": "macd_curls"}}}, ["$.terms.a: 0 of "]),
        ({"terms": {"a": {"kind": "volume", "depth": 0.5}}}, ["$.terms.a: 0 of "]),
        ({"execution": {"limit": {"then": "wait"}}}, ["$.execution: none of 2 forms"]),
        ({"fee_in": "coins"}, ["$.fee_in: none of 2 forms"]),
    ],
)
def test_what_it_marks_is_what_the_program_refuses(change: dict[str, Any], told: list[str]) -> None:
    found = faults({**PLAIN, **change}, schema_of("strategy"))
    assert len(found) == len(told)
    assert all(fault.startswith(each) for fault, each in zip(found, told, strict=True)), found


def test_it_tells_each_member_of_a_union_by_its_kind() -> None:
    schema = schema_of("strategy")
    union = schema["properties"]["terms"]["additionalProperties"]
    assert union["discriminator"]["propertyName"] == "kind"
    for kind, ref in union["discriminator"]["mapping"].items():
        member = schema["$defs"][ref.removeprefix("#/$defs/")]
        assert member["properties"]["kind"]["const"] == kind
        assert "kind" in member["required"]


def test_it_is_shown_or_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "campaign"]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of("campaign")
    assert main(["schema", "strategy", "--out", str(tmp_path / "s.json")]) == 0
    assert f"# yaml-language-server: $schema={tmp_path / 's.json'}" in capsys.readouterr().out
    assert json.loads((tmp_path / "s.json").read_text()) == schema_of("strategy")
    assert main(["schema", "rules", "--out", str(tmp_path / "no" / "s.json")]) == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err


def test_empty_terms_are_marked_as_they_are_refused() -> None:
    assert faults({**PLAIN, "terms": {}}, schema_of("strategy"))
