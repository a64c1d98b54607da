"""What a form asks for becomes a definition that the files' own rules accept."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from app.wiring.own_files.definition_text import read_text
from app.wiring.own_files.new_processes import NewScript as Wanted
from app.wiring.own_files.new_processes import add_script
from services.orchestrator.scripts.script import Script
from widgets.pages.processes.new_script import NewProject, ScriptFields, project_faults, script_faults

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOUND = {"name": "nap", "command": "sleep 1"}


def faults(**fields: str) -> dict[str, str]:
    return script_faults(ScriptFields(**(SOUND | fields)), ("paging",), NOW)


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"name": ""}, "name", "Give it a name"),
        ({"name": "a b"}, "name", "letters, digits"),
        ({"name": "paging"}, "name", "already"),
        ({"command": " "}, "command", "Say what is to be run"),
        ({"command": "x 'y"}, "command", "cannot be split"),
        ({"command": "a | b"}, "command", "sh -c"),
        ({"folder": "here"}, "folder", "write the whole path"),
        ({"when": "every"}, "time", "Say how often"),
        ({"when": "every", "time": "often"}, "time", "is no duration"),
        ({"when": "every", "time": "10ms"}, "time", "too short"),
        ({"when": "cron", "time": "* *"}, "time", "2 fields instead of five"),
        ({"when": "at", "time": "soon"}, "time", "Write a day and a time"),
        ({"when": "at", "time": "2026-03-01 08:00"}, "time", "has passed"),
        ({"sign": "file", "within": "60s"}, "alive", "which file"),
        ({"sign": "http", "within": "10s"}, "alive", "which address"),
        ({"sign": "http", "within": "10s", "what": "host:80"}, "alive", "is no address"),
        ({"sign": "output", "within": ""}, "alive", "within which time"),
        ({"patterns": "queue"}, "patterns", "does not show which part is the number"),
        ({"patterns": "a queue = (x)"}, "patterns", "is no name for a metric"),
        ({"patterns": "q = (\\d+)\nq = (\\d)"}, "patterns", "twice"),
    ],
)
def test_each_field_says_in_a_sentence_what_is_wrong(fields, field, told):
    found = faults(**fields)
    assert list(found) == [field]
    assert told in found[field]
    assert found[field].endswith((".", "?"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"folder": "~/reports"},
        {"when": "every", "time": "1h30m"},
        {"when": "cron", "time": "30 6 * * 1-5", "zone": "Europe/Berlin"},
        {"when": "cron", "time": "@daily"},
        {"when": "at", "time": "2026-03-02 21:30"},
        {"sign": "output", "within": "60s"},
        {"sign": "file", "what": "out put.csv", "within": "5m"},
        {"sign": "http", "what": "http://127.0.0.1:8000/health", "within": "10s"},
        {"patterns": "progress = step (?P<done>\\d+)/(?P<total>\\d+)\n\nqueue = queue=(\\d+)\n"},
    ],
)
def test_what_has_no_fault_is_a_sound_definition(fields):
    assert faults(**fields) == {}
    script = ScriptFields(**(SOUND | fields)).script()
    command = add_script(Wanted(**(asdict(script) | {"patterns": dict(script.patterns)})))
    definition = read_text(command.text, script.name)
    assert Script(**definition.parameters).command == "sleep 1"
    assert len(definition.triggers) == (1 if "when" in fields else 0)


def test_a_project_needs_its_folder_and_may_have_a_name():
    assert list(project_faults(NewProject(""), ())) == ["path"]
    assert list(project_faults(NewProject("/code/x", name="a b"), ())) == ["name"]
    assert project_faults(NewProject("~/code/x"), ("x",)) == {}
