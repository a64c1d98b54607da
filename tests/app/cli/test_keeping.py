import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app.cli.main import main
from app.control.here import open_here, read
from app.control.lock import HomeLock
from app.control.protocol import Request
from app.paths import Home
from app.transfer.exporting import BEHIND, TABLES
from app.wiring.learning import ENOUGH
from app.wiring.projections import all_projections
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.events.micros import from_micros
from services.core.process import Process
from services.core.process.context import Context
from services.core.projections import retention
from services.core.store import open_store
from services.core.store.restored import restored
from services.core.store.schema import facts, learners
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.manual_clock import START, ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program
from tests.support.stores import load

Cli = Callable[..., tuple[int, Any, str]]


class Patient(Process):
    """Waits."""

    def run(self, context: Context) -> None:
        while True:
            context.wait(1, "the next second")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which something has happened: a run, a paused process, a question, a learner."""
    home = Home(tmp_path / "home").create()
    program = Program(home.root, ManualClock(), {WriteLine: LineWriter()}).open(all_projections())
    program.start(Patient(), "bot")
    program.advance(2)
    program.pause("bot")
    program.advance(2)
    program.engine.acts.propose(Origin("process:bot"), Proposal(WriteLine("/x", "one"), {"score": 0.5}))
    state = msgspec.json.encode({"version": 0, "at": None, "counts": {"a": [1.0, 2.0]}, "updates": []}).decode()
    program.wait(
        program.engine.journal.write(
            lambda tx: tx.connection.execute(learners.insert().values(name="hours", version=1, state=state)) and None
        )
    )
    program.close()
    return home


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in a home with --json; gives its code, its document (None without one) and standard error."""

    def run(home: Home, *words: object) -> tuple[int, Any, str]:
        code = main(["--home", str(home.root), "--json", *map(str, words)])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def contents(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that are exported; of the facts not that it took the place of another."""
    store = open_store(home.store, home.backups, lambda: START)
    with store.reading.connect() as connection:
        found = {table.name: [tuple(row) for row in connection.execute(select(table))] for table in TABLES}
        kept = select(facts).where(facts.c.name != "restored").order_by(facts.c.name)
        found["facts"] = [tuple(row) for row in connection.execute(kept)]
    store.close()
    return found


def put_back(home: Home) -> bool:
    """Whether the store knows that it took the place of another."""
    store = open_store(home.store, home.backups, lambda: START)
    with store.reading.connect() as connection:
        found = restored(connection)
    store.close()
    return found is not None


def test_an_export_comes_back_whole_into_an_empty_home(home: Home, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    before = contents(home)
    code, document, err = cli(home, "export", file)
    assert (code, err) == (0, "")
    assert document["rows"] == sum(map(len, before.values())) == len(file.read_text().splitlines()) - 1
    other = Home(tmp_path / "other")
    code, document, _ = cli(other, "import", file)
    assert code == 0
    assert document["tables"] == {name: len(rows) for name, rows in before.items()}
    assert contents(other) == before
    assert put_back(other), "what it does not know of is looked up"
    assert not put_back(home)
    assert [item["what"] for item in read(other, Request("inbox"))["items"]] == ["Write 'one'"]
    assert [row["state"] for row in read(other, Request("ps"))["processes"]] == ["paused"]


def test_what_is_remembered_by_name_comes_back_but_not_how_this_machine_started(
    home: Home, cli: Cli, tmp_path: Path
) -> None:
    (item,) = cli(home, "inbox")[1]["items"]
    assert cli(home, "snooze", item["id"], "--for", "3d")[0] == 0
    store = open_store(home.store, home.backups, lambda: START)
    here = {"running since": '"2026-03-02T09:00:00Z"', "crashes": "[]"}
    with store.writing.begin() as connection:
        connection.execute(facts.insert(), [{"name": name, "value": value} for name, value in here.items()])
    store.close()
    before = dict(contents(home)["facts"])
    assert {f"snoozed:{item['id']}", "owed:bot"} <= set(before)
    other = Home(tmp_path / "other")
    cli(home, "export", tmp_path / "all.jsonl")
    assert cli(other, "import", tmp_path / "all.jsonl")[0] == 0
    assert dict(contents(other)["facts"]) == {name: value for name, value in before.items() if name not in here}
    assert cli(other, "inbox")[1]["snoozed"] == 1


def test_what_retention_left_of_the_past_comes_back_too(home: Home, cli: Cli, tmp_path: Path) -> None:
    program = Program(home.root, ManualClock()).open(all_projections())
    journal, projections = program.engine.journal, program.engine.projections
    program.engine.ask(projections.keep)
    program.wait(journal.write(lambda tx: None))
    anchor = retention.anchors(projections)[-1]
    program.wait(journal.write(lambda tx: retention.announce(tx, anchor)))
    assert program.wait(journal.write(lambda tx: retention.remove_events(tx, anchor)))
    since = projections.since()
    program.close()
    other = Home(tmp_path / "other")
    cli(home, "export", tmp_path / "all.jsonl")
    assert cli(other, "import", tmp_path / "all.jsonl")[0] == 0
    asked = Request("ps", {"process": "bot"})
    assert read(other, asked)["runs"] == read(home, asked)["runs"] != []
    assert [item["what"] for item in read(other, Request("inbox"))["items"]] == ["Write 'one'"]
    again = Program(other.root, ManualClock()).open(all_projections())
    assert again.engine.projections.since() == since, "what is no longer kept is not shown as an empty past"
    again.close()


def test_the_header_says_what_follows(home: Home, cli: Cli, tmp_path: Path) -> None:
    cli(home, "export", tmp_path / "all.jsonl")
    header, *rows = map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines())
    assert header["dreamscape_export"] == 1
    assert header["rows"]["decisions"] == 1
    assert {row["table"] for row in rows} <= {table.name for table in (*TABLES, *BEHIND)}
    assert from_micros(next(row["at"] for row in rows if row["table"] == "events")) >= START


def _exported_before(home: Home, file: Path) -> Path:
    """What the first Dreamscape exported of its store: each row with the columns that it had then."""
    with closing(sqlite3.connect(load("0001", home.store))) as store:
        store.row_factory = sqlite3.Row
        rows = [
            {"table": str(table.name), **dict(row)}
            for table in TABLES
            for row in store.execute(f"SELECT * FROM {table.name}")
        ]
    count = Counter(row["table"] for row in rows)
    lines = [{"dreamscape_export": 1, "revision": "0001", "at": "2026-03-02T09:00:00Z", "rows": count}, *rows]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def test_an_export_of_an_earlier_dreamscape_is_brought_up_to_this_one(home: Home, cli: Cli, tmp_path: Path) -> None:
    old = Home(tmp_path / "old").create()
    file = _exported_before(old, tmp_path / "old.jsonl")
    before = file.read_bytes()
    other = Home(tmp_path / "other")
    code, document, err = cli(other, "import", file)
    assert (code, err) == (0, "")
    assert document["rows"] == len(before.splitlines()) - 1
    assert contents(other) == contents(old), "as if its store itself had been brought up"
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "spoil, told",
    [
        (lambda lines: lines[:-1], "not whole"),
        (lambda lines: [lines[0], lines[1].replace('"seq"', '"sequence"'), *lines[2:]], ":2: this line is no row"),
        (lambda lines: [lines[0].replace("0001", "0000"), *lines[1:]], "by another version (format 1, revision 0000"),
        (lambda lines: [lines[0].replace("0001", "9999"), *lines[1:]], "Update Dreamscape here, then import it"),
    ],
)
def test_a_spoiled_export_of_an_earlier_dreamscape_changes_nothing(
    cli: Cli, tmp_path: Path, spoil: Callable[[list[str]], list[str]], told: str
) -> None:
    file = _exported_before(Home(tmp_path / "old").create(), tmp_path / "old.jsonl")
    file.write_text("\n".join(spoil(file.read_text().splitlines())) + "\n")
    other = Home(tmp_path / "other").create()
    code, _, err = cli(other, "import", file)
    assert code == 2
    assert told in err
    assert not any(contents(other).values())


def test_an_export_never_overwrites_and_an_import_never_mixes(home: Home, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    cli(home, "export", file)
    code, _, err = cli(home, "export", file)
    assert code == 2
    assert "exists already" in err
    code, _, err = cli(home, "import", file)
    assert code == 2
    assert "not empty" in err


@pytest.mark.parametrize(
    "spoil, told",
    [
        (lambda lines: lines[:-1], "not whole"),
        (lambda lines: [*lines[:3], "{rubbish", *lines[3:]], ":4: this line is no JSON object"),
        (lambda lines: [lines[0], lines[1].replace('"seq"', '"sequence"'), *lines[2:]], ":2: this line is no row"),
        (lambda lines: [*lines, lines[1]], "do not fit the store"),
        (lambda lines: [lines[0].replace('"dreamscape_export":1', '"dreamscape_export":9'), *lines[1:]], "version"),
        (lambda lines: [lines[0].replace("revision", "version"), *lines[1:]], "no header"),
    ],
)
def test_a_spoiled_export_is_told_and_changes_nothing(
    home: Home, cli: Cli, tmp_path: Path, spoil: Callable[[list[str]], list[str]], told: str
) -> None:
    file = tmp_path / "all.jsonl"
    cli(home, "export", file)
    file.write_text("\n".join(spoil(file.read_text().splitlines())) + "\n")
    other = Home(tmp_path / "other").create()
    code, _, err = cli(other, "import", file)
    assert code == 2
    assert told in err
    assert not any(contents(other).values())


def known(home: Home, name: str) -> dict[str, Any]:
    store = open_store(home.store, home.backups, lambda: START)
    with store.reading.connect() as connection:
        text = connection.execute(select(learners.c.state).where(learners.c.name == name)).scalar_one()
    store.close()
    state: dict[str, Any] = json.loads(text)
    return state


OLD = {
    "hashtags": {"#a": {"successes": 3, "failures": 1}, "#b": {"reward": 2.5, "count": 10}, "#c": {"mood": "good"}},
    "hours": {"9": {"successes": 1, "failures": 1}},
}


def test_an_old_learning_file_becomes_learners_and_what_is_not_understood_is_told(cli: Cli, tmp_path: Path) -> None:
    home = Home(tmp_path / "fresh")
    (tmp_path / "learning_db.json").write_text(json.dumps(OLD))
    code, document, _ = cli(home, "import", tmp_path / "learning_db.json")
    assert code == 1
    assert document["rows"] == 3
    assert document["learners"] == {"hashtags": 2, "hours": 1}
    (left,) = document["not_understood"]
    assert left.startswith("hashtags: #c: expected successes and failures")
    assert known(home, "hashtags")["counts"] == {"#a": [3.0, 1.0], "#b": [2.5, 7.5]}


def test_what_was_imported_is_what_a_process_then_learns_from(cli: Cli, tmp_path: Path) -> None:
    home = Home(tmp_path / "fresh")
    (tmp_path / "old.json").write_text(json.dumps({"#a": {"wins": 90, "losses": 10}, "#b": {"wins": 10, "losses": 90}}))
    assert cli(home, "import", tmp_path / "old.json")[0] == 2
    assert cli(home, "import", tmp_path / "old.json", "--learner", "tags")[0] == 0
    engine = open_here(home)
    house = engine.orchestrator.supervisor.launcher.house
    weights = house.learn("tags", ["#a", "#b"], {}, Origin("user"))
    engine.close()
    assert weights["#a"] > 0.99


def test_a_learner_that_knows_something_is_replaced_only_when_told(home: Home, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(json.dumps({"9": {"wins": 1, "losses": 0}}))
    code, _, err = cli(home, "import", tmp_path / "old.json", "--learner", "hours")
    assert code == 2
    assert "--replace" in err
    assert known(home, "hours")["counts"] == {"a": [1.0, 2.0]}
    assert cli(home, "import", tmp_path / "old.json", "--learner", "hours", "--replace")[0] == 0
    assert known(home, "hours")["counts"] == {"9": [1.0, 0.0]}


def test_what_replaces_a_learner_cannot_be_undone_by_what_was_learned_before(
    home: Home, cli: Cli, tmp_path: Path
) -> None:
    engine = open_here(home)
    learn = engine.orchestrator.supervisor.launcher.house.learn
    for _ in range(ENOUGH):
        learn("hours", ["9", "10"], {"9": 1.0}, Origin("process:bot"))
    engine.close()
    (tmp_path / "old.json").write_text(json.dumps({"9": {"wins": 1, "losses": 0}}))
    assert cli(home, "import", tmp_path / "old.json", "--learner", "hours", "--replace")[0] == 0
    engine = open_here(home)
    learn = engine.orchestrator.supervisor.launcher.house.learn
    for _ in range(ENOUGH):
        learn("hours", ["9", "10"], {"10": 1.0}, Origin("process:bot"))
    engine.close()
    newest, oldest = (row for row in cli(home, "decisions")[1]["decisions"] if row["kind"] == "learner.learn")
    code, document, _ = cli(home, "undo", oldest["id"])
    assert code == 1
    assert "it was replaced" in document["decisions"][0]["why"]
    assert cli(home, "undo", newest["id"])[0] == 0
    assert known(home, "hours")["counts"] == {"9": [1.0, 0.0]}


@pytest.mark.parametrize("text, told", [("{", "neither an export nor JSON"), ("[1]", "expected an object")])
def test_a_file_that_is_nothing_of_ours_is_told(cli: Cli, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "x.json").write_text(text)
    code, _, err = cli(Home(tmp_path / "fresh"), "import", tmp_path / "x.json")
    assert code == 2
    assert told in err


def test_a_backup_restores_what_was_and_keeps_what_stood_there(home: Home, cli: Cli) -> None:
    code, backed, _ = cli(home, "backup")
    assert code == 0
    before = contents(home)
    assert cli(home, "resume", "bot")[0] == 0
    code, restored, _ = cli(home, "restore", backed["path"])
    assert code == 0
    assert Path(restored["kept"]).exists()
    assert contents(home) == before
    assert put_back(home)


def test_an_accounts_ledger_that_was_lost_comes_back_and_learns_the_rest_from_the_exchange(
    home: Home, cli: Cli
) -> None:
    home.accounts.mkdir()
    (home.accounts / "instance").write_text(INSTANCE)
    floor = Floor(home.accounts / "binance.db")
    floor.bought("09:00")
    _, backed, _ = cli(home, "backup")
    floor.desk.leave(BOT, MARKET, "10:00", "sold since")
    floor.pass_seconds(3, rounds=3)
    floor.desk.enter(wish("11:00", "300"))
    floor.pass_seconds(1)
    owned, stops = floor.owned(), floor.stops()
    floor.close()
    for path in home.accounts.iterdir():
        path.unlink()
    code, restored, _ = cli(home, "restore", backed["path"])
    assert (code, restored["put_back"]) == (0, ["accounts/instance", "accounts/binance.db"])
    sent = len(floor.venue.sent)
    floor.restart()
    assert (floor.owned(), floor.stops()) == (owned, stops)
    assert len(floor.venue.sent) == sent
    assert floor.users_are_untouched()
    floor.close()


def test_a_store_that_is_damaged_gives_way_to_a_backup(home: Home, cli: Cli) -> None:
    _, backed, _ = cli(home, "backup")
    home.store.write_bytes(b"rubbish" * 10_000)
    assert cli(home, "ps")[0] == 2
    code, restored, err = cli(home, "restore", backed["path"])
    assert (code, err) == (0, "")
    assert Path(restored["kept"]).read_bytes().startswith(b"rubbish")
    assert [row["name"] for row in cli(home, "ps")[1]["processes"]] == ["bot"]


def test_what_is_no_backup_replaces_nothing(home: Home, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"rubbish" * 100)
    before = contents(home)
    code, _, err = cli(home, "restore", tmp_path / "no.db")
    assert code == 2
    assert "no sound store" in err
    assert contents(home) == before


@pytest.mark.parametrize("command", ["restore", "import"])
def test_a_store_in_use_is_left_alone(home: Home, cli: Cli, tmp_path: Path, command: str) -> None:
    _, backed, _ = cli(home, "backup")
    with HomeLock(home):
        code, _, err = cli(home, command, backed["path"])
    assert code == 2
    assert f"runs Dreamscape there, and {command} needs it ended. End it with 'dreamscape quit', {command} again" in err
