"""A user's file becomes a process, or one clear mistake for each that is in it; the rest goes on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.durations import hours, minutes, seconds
from services.core.errors import UserError
from services.core.process import Process, Restart
from services.orchestrator.definitions.definition import Definition, RestartEntry
from services.orchestrator.definitions.process_files import dump, load, load_folder, write
from services.orchestrator.scripts.script import Script
from services.orchestrator.triggers.entry import TriggerEntry
from services.orchestrator.triggers.event_match import Condition
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Cron, Every, Once, OnEvent, OnFiles


class Replay(Process):
    parallel = False

    strategy: str = "macd"
    speed: float = 1.0


KINDS = {"script": Script, "trading.replay": Replay}
WHOLE = r"""
kind: script
with:
  command: python main.py --fast
  folder: ~/bots
  environment: {PORT: 8080, MODE: "on"}
  alive: output within 60s
  patterns:
    progress: 'Epoch (?P<done>\d+)/(?P<total>\d+)'
    loss: 'loss=([\d.]+)'
schedule:
  - every: 5m
  - cron: "0 6 * * 1-5"
    zone: Europe/Berlin
  - at: 2026-12-01T09:00
    zone: Europe/Berlin
  - on: debugger.suite.ended
    where: {failed: ">0", suite: nightly}
  - files: [src/**/*.py, conf.yaml]
    debounce: 2s
overlap: queue
most: 3
misfire: once
grace: 5m
after: [feed]
priority: 2
restart: {first: 2s, at_most: 5, within: 1h}
heartbeat: 30s
enabled: false
"""


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    """Each mistake as told, without the folder."""
    with pytest.raises(UserError) as caught:
        load(put(folder, "bot.yaml", text), KINDS)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_each_missed_time_needs_an_overlap_that_lets_it_run(tmp_path: Path) -> None:
    script = "kind: script\nwith: {command: ls}\nmisfire: all\n"
    (told,) = mistakes(tmp_path, script)
    assert told.startswith("bot.yaml:3:10")
    assert "write 'overlap: queue' or 'overlap: parallel'" in told
    assert load(put(tmp_path, "bot.yaml", f"{script}overlap: queue\n"), KINDS).misfire is Misfire.ALL


def test_everything_that_can_be_said_is_understood(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "old-bot.yaml", WHOLE), KINDS)
    assert definition.name == "old-bot"
    assert definition.triggers == (
        Every(minutes(5)),
        Cron("0 6 * * 1-5", "Europe/Berlin"),
        Once(datetime(2026, 12, 1, 8, tzinfo=UTC)),
        OnEvent("debugger.suite.ended", (Condition("failed", ">", 0), Condition("suite", "==", "nightly"))),
        OnFiles(("src/**/*.py", "conf.yaml"), seconds(2)),
    )
    assert (definition.overlap, definition.most, definition.misfire) == (Overlap.QUEUED, 3, Misfire.ONCE)
    assert (definition.grace, definition.after, definition.priority) == (minutes(5), ("feed",), 2)
    assert (definition.heartbeat, definition.enabled) == (seconds(30), False)
    assert definition.parameters["environment"] == {"PORT": 8080, "MODE": "on"}


def test_what_a_file_says_about_restarts_goes_over_what_the_class_says(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "bot.yaml", WHOLE), KINDS)
    assert definition.policy(Restart()) == Restart(first=seconds(2), at_most=5, within=hours(1))


def test_the_shortest_file_is_one_line_and_a_command(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "bot.yaml", "kind: script\nwith: {command: [sleep, '1']}\n"), KINDS)
    assert definition == Definition(name="bot", kind="script", parameters={"command": ["sleep", "1"]})


def test_the_parameters_build_the_process(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "bot.yaml", "kind: trading.replay\nwith: {speed: 2.5}\n"), KINDS)
    assert KINDS[definition.kind](**definition.parameters) == Replay(speed=2.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind: scrpt\n", "bot.yaml:1:7: kind: no process is of the kind 'scrpt'; did you mean 'script'?"),
        ("name: x\n", "the key 'kind' is missing"),
        ("kind: script\nwith: {comand: x}\n", "bot.yaml:2:8: there is no key 'comand'. Write 'command'."),
        ("kind: script\n", "the key 'with' is missing"),
        ("kind: script\nwith: {command: a | b}\n", "bot.yaml:2:17: with.command: '|' needs a shell"),
        ("kind: script\nwith: {command: a, alive: sometimes}\n", "bot.yaml:2:27: with.alive: 'sometimes' tells no"),
        ("kind: script\nwith: {command: a, stop_signal: TREM}\n", "did you mean TERM?"),
        (
            "kind: script\nwith:\n  command: a\n  patterns: {loss: '('}\n",
            "bot.yaml:4:13: with.patterns: '(' is no regul",
        ),
        ("kind: trading.replay\noverlap: quque\n", "bot.yaml:2:10: overlap is 'quque'"),
        (
            "kind: trading.replay\noverlap: parallel\n",
            "bot.yaml:2:10: overlap: a run of 'trading.replay' goes on where the last one ended",
        ),
        ("kind: trading.replay\nschedul: []\n", "bot.yaml:2:1: there is no key 'schedul'. Write 'schedule'."),
        ("kind: trading.replay\nschedule:\n  - evry: 5m\n", "bot.yaml:3:5: there is no key 'evry'. Write 'every'."),
        ("kind: trading.replay\nschedule:\n  - every: 5\n", "bot.yaml:3:12: schedule.0.every: 5 has no unit"),
        ("kind: trading.replay\nschedule:\n  - every: 1ms\n", "1ms is too short for a schedule; 1s is the least"),
        (
            "kind: trading.replay\nschedule:\n  - cron: '61 * * * *'\n",
            "bot.yaml:3:11: schedule.0.cron: '61 * * * *' is",
        ),
        ("kind: trading.replay\nschedule:\n  - {cron: '@daily', every: 5m}\n", "here is every and cron"),
        ("kind: trading.replay\nschedule:\n  - {every: 5m, zone: UTC}\n", "zone goes with cron or at, not with every"),
        (
            "kind: trading.replay\nschedule:\n  - {cron: '@daily', zone: Europe/Berln}\n",
            "did you mean 'Europe/Berlin'?",
        ),
        (
            "kind: trading.replay\nschedule:\n  - on: a.b\n    where: {failed: '>many'}\n",
            "bot.yaml:4:21: schedule.0.where.failed: '>many' compares with no number",
        ),
        ("kind: trading.replay\nrestart: {frist: 1s}\n", "bot.yaml:2:11: there is no key 'frist'. Write 'first'."),
        ("kind: trading.replay\nname: a b\n", "bot.yaml:2:7: name"),
        ("kind: trading.replay\nwith: {speed: fast}\n", "bot.yaml:2:15: with.speed is 'fast'"),
        (
            "kind: script\nalive: output within 60s\nwith: {command: a}\n",
            "bot.yaml:2:1: there is no key 'alive'. 'alive' belongs under 'with', line 3.",
        ),
        (
            "kind: script\nwith:\n  command: a\n  schedule: [{every: 5m}]\n",
            "bot.yaml:4:3: there is no key 'schedule'. 'schedule' belongs at the top of the file, beside 'with'.",
        ),
        ("kind: script\nevery: 5m\nwith: {command: a}\n", "there is no key 'every'. 'every' belongs under 'schedule'."),
        ("kind: script\ncommand: a\n", "there is no key 'command'. 'command' belongs under 'with'."),
        ("kind: [\n", "bot.yaml:2:1"),
        ("- 1\n", "bot.yaml:1:1"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in line for line in mistakes(tmp_path, text)), mistakes(tmp_path, text)


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "kind: scrpt\npriority: 12\nschedule:\n  - every: often\n  - cron: x\ngrce: 1m\n")
    assert len(told) == 5


def test_a_plug_in_is_named_by_its_file_and_checked_where_it_runs(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "mine.yaml", "kind: my_bot.py:MyBot\nwith: {anything: [1, 2]}\n"), KINDS)
    assert definition.is_plugin
    assert definition.parameters == {"anything": [1, 2]}


def test_one_bad_file_leaves_the_others(tmp_path: Path) -> None:
    put(tmp_path, "good.yaml", "kind: trading.replay\n")
    put(tmp_path, "bad.yaml", "kind: nothing\n")
    loaded = load_folder(tmp_path, KINDS)
    assert list(loaded.definitions) == ["good"]
    assert len(loaded.mistakes) == 1


def test_a_file_whose_name_no_process_can_have_is_told_what_a_name_is(tmp_path: Path) -> None:
    put(tmp_path, "my bot.yaml", "kind: trading.replay\n")
    (told,) = load_folder(tmp_path, KINDS).mistakes
    assert "cannot be called 'my bot': a name has letters, digits" in str(told)
    assert load(put(tmp_path, "my bot.yaml", "kind: trading.replay\nname: mine\n"), KINDS).name == "mine"


def test_a_name_is_given_once(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "kind: trading.replay\n")
    put(tmp_path, "b.yaml", "kind: trading.replay\nname: a\n")
    loaded = load_folder(tmp_path, KINDS)
    assert list(loaded.definitions) == ["a"]
    assert "defined in a.yaml already" in str(loaded.mistakes[0])


def test_rings_and_strangers_are_told_and_the_rest_starts(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "kind: trading.replay\nafter: [b]\n")
    put(tmp_path, "b.yaml", "kind: trading.replay\nafter: [a]\n")
    put(tmp_path, "c.yaml", "kind: trading.replay\nafter: [fed]\n")
    put(tmp_path, "d.yaml", "kind: trading.replay\nafter: [feed]\n")
    put(tmp_path, "e.yaml", "kind: trading.replay\nafter: [d]\n")
    loaded = load_folder(tmp_path, KINDS, others=["feed"])
    assert list(loaded.definitions) == ["d", "e"]
    told = "\n".join(str(mistake) for mistake in loaded.mistakes)
    assert "no process is called 'fed'; did you mean 'feed'?" in told
    assert told.count("none of them could ever start") == 2


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    definition = load(put(tmp_path, "bot.yaml", WHOLE), KINDS)
    path = write(tmp_path / "processes", definition)
    assert path.name == "bot.yaml"
    assert load(path, KINDS) == definition


def test_a_written_file_says_only_what_is_not_usual(tmp_path: Path) -> None:
    definition = Definition(
        name="bot",
        kind="script",
        parameters={"command": "python main.py"},
        schedule=tuple(TriggerEntry.of(each) for each in (Every(minutes(90)), OnFiles(("src",)))),
        restart=RestartEntry(at_most=5),
    )
    text = dump(definition)
    assert text.splitlines() == [
        "name: bot",
        "kind: script",
        "with:",
        "  command: python main.py",
        "schedule:",
        "- every: 1h30m",
        "- files:",
        "  - src",
        "  debounce: 500ms",
        "restart:",
        "  at_most: 5",
    ]


def test_writing_leaves_no_half_file_behind(tmp_path: Path) -> None:
    write(tmp_path, Definition(name="bot", kind="script", parameters={"command": "a"}))
    write(tmp_path, Definition(name="bot", kind="script", parameters={"command": "b"}))
    assert [path.name for path in tmp_path.iterdir()] == ["bot.yaml"]
    assert load(tmp_path / "bot.yaml", KINDS).parameters == {"command": "b"}


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["yes", "no", "1e5", "0x1f", "22:00", "2026-01-31", "null", "~", "", " x", "- a", "a: b", "#", "1_000", "=", "<<"]
)


@given(st.dictionaries(texts, texts | st.integers() | st.booleans() | st.lists(texts, max_size=3), max_size=4))
def test_any_parameters_survive_being_written(
    tmp_path_factory: pytest.TempPathFactory, parameters: dict[str, Any]
) -> None:
    definition = Definition(name="mine", kind="plug.py:Mine", parameters=parameters)
    assert load(write(tmp_path_factory.mktemp("home"), definition), KINDS) == definition
