import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.commands import COMMANDS
from app.cli.main import main
from app.paths import Home
from app.wiring.concerns import Concerns
from services.core.commands import CommandGiven
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.durations import minutes, seconds
from services.core.effects import Standing
from services.core.process import ALIVE
from services.debugger.concerns import LookAgain
from services.orchestrator.events import Alert, ParametersTold
from tests.support.command_line import Cli
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program
from widgets.parts.text.times import clock_time


def test_ps_has_the_keys_that_are_promised(cli: Cli) -> None:
    code, document, err = cli("ps")
    (row,) = document["processes"]
    assert (code, err, row["name"], row["state"]) == (0, "", "bot", "running")
    assert {"name", "service", "state", "because", "doing", "progress", "restarts"} <= set(row)


def promised(command: str, named: str) -> set[str]:
    """The keys of each of ``named`` that the help of a command promises."""
    found = re.search(rf"\b{named}\[\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}\]", COMMANDS[command].keys)
    assert found, f"{command} promises no {named}"
    return set(re.sub(r"\[\{.*?\}\]", "", found[1]).split(","))


def test_what_the_help_promises_is_in_the_documents(cli: Cli, program: Program, tmp_path: Path) -> None:
    program.engine.acts.propose(Origin("process:bot"), Proposal(WriteLine(str(tmp_path / "out"), "draft")))
    program.engine.journal.append(Alert("something is wrong", "bot"))
    program.advance(0.1)
    told = cli("ps", "bot")[1]
    for named in ("processes", "alerts", "runs"):
        assert promised("ps", named) <= set(told[named][0])
    (item,) = cli("inbox")[1]["items"]
    assert promised("inbox", "items") <= set(item)
    assert promised("decisions", "decisions") <= set(cli("decisions")[1]["decisions"][0])
    assert promised("inbox", "decisions") <= set(cli("inbox", item["id"])[1]["decisions"][0])
    assert promised("snooze", "decisions") <= set(cli("snooze", item["id"])[1]["decisions"][0])
    assert promised("reject", "decisions") <= set(cli("reject", item["id"])[1]["decisions"][0])


def test_a_process_that_wrote_no_line_to_the_log_is_told_from_one_that_there_is_not(
    cli: Cli, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home.root), "logs", "--process", "bot"]) == 0
    told = capsys.readouterr().out
    assert "it said nothing at the level that is written" in told
    assert "'dreamscape ps bot' tells" in told
    assert main(["--home", str(home.root), "logs", "--process", "bott"]) == 2
    assert "no process is called so; did you mean 'bot'?" in capsys.readouterr().err


def test_a_word_that_is_no_parameter_is_told_which_there_are(cli: Cli, program: Program) -> None:
    code, _, err = cli("run-now", "bot", "alone")
    assert (code, err) == (2, "'alone': expected key=value. Process 'bot' has no parameters.\n")
    program.engine.journal.append(ParametersTold("bot", "a:B", {"speed": 1, "path": "x"}, {}, {}, {}))
    program.advance(0.1)
    assert cli("set", "bot", "speed")[2].endswith("process 'bot' has speed, path.\n")
    assert cli("run-now", "bott", "alone")[2] == "No process is called 'bott'; did you mean 'bot'?\n"


def test_a_pause_is_told_truthfully_and_then_seen(cli: Cli, program: Program) -> None:
    assert cli("pause", "bot")[1]["processes"][0]["state"] == "pausing"
    program.advance(10)
    assert cli("ps", "bot")[1]["processes"][0]["state"] == "paused"
    assert cli("resume", "--all")[1]["processes"][0]["state"] == "running"
    assert cli("ps")[1]["processes"][0]["state"] == "running"


def test_a_name_that_nobody_bears_is_one_line_and_code_2(cli: Cli) -> None:
    code, document, err = cli("pause", "bott")
    assert (code, document) == (2, None)
    assert err == "No process is called 'bott'; did you mean 'bot'?\n"


def test_a_cancelled_process_is_run_again_by_hand(cli: Cli, program: Program) -> None:
    cli("cancel", "bot")
    program.advance(10)
    assert cli("ps")[1]["processes"][0]["state"] == "stopped"
    assert cli("kill", "bot")[0] == 2
    code, document, _ = cli("run-now", "bot")
    assert (code, document["processes"][0]["state"]) == (0, "starting")


def test_what_waits_is_approved_with_an_edit_and_undone(cli: Cli, program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    program.engine.acts.propose(Origin("process:bot"), Proposal(WriteLine(str(out), "draft"), {"score": 1}))
    program.advance(0.1)
    (item,) = cli("inbox")[1]["items"]
    code, document, _ = cli("approve", item["id"], "--edit", "line=final")
    (decision,) = document["decisions"]
    assert (code, decision["verdict"], out.read_text()) == (0, "done", "final\n")
    assert {"id", "kind", "what", "because", "outcome", "undoable"} <= set(decision)
    assert cli("undo", item["id"])[0] == 0
    assert out.read_text() == ""
    assert [row["verdict"] for row in cli("decisions", "--last", "1")[1]["decisions"]] == ["undone"]


def test_what_waits_longest_is_listed_first_as_in_the_window(cli: Cli, program: Program, tmp_path: Path) -> None:
    for line in ("one", "two", "three"):
        program.engine.acts.propose(Origin("process:bot"), Proposal(WriteLine(str(tmp_path / "out"), line)))
        program.advance(1)
    assert [item["what"] for item in cli("inbox")[1]["items"]] == ["Write 'one'", "Write 'two'", "Write 'three'"]


def test_the_ledger_is_read_in_parts_and_by_who_decided(cli: Cli, program: Program, tmp_path: Path) -> None:
    waits = program.engine.acts.propose(Origin("process:bot", "bot"), Proposal(WriteLine(str(tmp_path / "out"), "one")))
    for line in ("two", "three", "four"):
        program.engine.acts.decide(WriteLine(str(tmp_path / "out"), line), "", "rule:x")
    cli("reject", waits)
    code, newest, _ = cli("decisions", "--last", "2", "--by", "rule", "--kind", "write_line")
    assert (code, [row["what"] for row in newest["decisions"]]) == (0, ["Write 'four'", "Write 'three'"])
    assert (newest["matching"], newest["older"], newest["total"] >= 4) == (3, 1, True)
    (older,) = cli("decisions", "--by", "rule", "--before", newest["decisions"][-1]["id"])[1]["decisions"]
    assert older["what"] == "Write 'two'"
    (mine,) = cli("decisions", "--by", "you", "--process", "bot")[1]["decisions"]
    assert (mine["id"], mine["changed_by"]) == (waits, "user")
    code, _, err = cli("decisions", "--kind", "writeline")
    assert (code, "'writeline'" in err, "test.write_line" in err) == (2, True, True)


def test_an_approval_that_the_outside_refuses_is_code_1(cli: Cli, program: Program, tmp_path: Path) -> None:
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(tmp_path / "out"), "bad")))
    code, document, _ = cli("approve", identity)
    assert (code, document["decisions"][0]["verdict"]) == (1, "not done")
    assert "blank for a reason" in document["decisions"][0]["why"]
    assert cli("approve", identity)[0] == 2


@pytest.mark.parametrize("answer, verdict", [("done", "done"), ("not-done", "not done")])
def test_what_nobody_can_tell_is_settled_by_a_person_with_a_reason(
    cli: Cli, program: Program, tmp_path: Path, answer: str, verdict: str
) -> None:
    effect = WriteLine(str(tmp_path / "out"), "fog")
    assert program.engine.acts.decide(effect, "because", "rule:x").standing is Standing.UNKNOWN
    program.advance(0.1)
    (item,) = cli("inbox")[1]["items"]
    assert (item["verdict"], item["answers"]) == ("unknown", ["settle done", "settle not-done"])
    assert cli("settle", item["id"], answer, "--reason", " ")[0] == 2
    code, document, _ = cli("settle", item["id"][:6], answer, "--reason", "I asked the desk")
    (decision,) = document["decisions"]
    assert (code, decision["verdict"], decision["why"]) == (0, verdict, "I asked the desk")
    assert cli("inbox")[1]["items"] == []
    (row,) = [row for row in cli("decisions")[1]["decisions"] if row["id"] == item["id"]]
    assert (row["changed_by"], row["why"]) == ("user", "I asked the desk")
    code, _, error = cli("settle", item["id"], answer, "--reason", "again")
    assert code == 2
    assert "there is nothing to settle" in error
    assert program.events(CommandGiven)[1].fields == {
        "id": item["id"][:6],
        "done": answer == "done",
        "why": "I asked the desk",
    }


def test_what_was_found_not_done_may_be_done_by_the_same_cause(program: Program, cli: Cli, tmp_path: Path) -> None:
    effect = WriteLine(str(tmp_path / "out"), "fog")
    assert program.engine.acts.decide(effect, "because", "rule:x").standing is Standing.UNKNOWN
    program.advance(0.1)
    identity = cli("inbox")[1]["items"][0]["id"]
    program.engine.acts.handlers[WriteLine] = LineWriter()
    assert cli("settle", identity, "not-done", "--reason", "the page is empty")[0] == 0
    assert program.engine.acts.decide(effect, "because", "rule:x").done
    assert (tmp_path / "out").read_text() == "fog\n"


def test_an_act_settled_as_done_is_not_done_again(program: Program, cli: Cli, tmp_path: Path) -> None:
    effect = WriteLine(str(tmp_path / "out"), "fog")
    program.engine.acts.decide(effect, "because", "rule:x")
    program.advance(0.1)
    identity = cli("inbox")[1]["items"][0]["id"]
    assert cli("settle", identity, "done", "--reason", "it is there")[0] == 0
    program.engine.acts.handlers[WriteLine] = LineWriter()
    assert program.engine.acts.decide(effect, "because", "rule:x").done
    assert not (tmp_path / "out").exists()


def test_a_rejection_with_its_reason(cli: Cli, program: Program, tmp_path: Path) -> None:
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(tmp_path / "out"), "x")))
    code, document, _ = cli("reject", identity, "--why", "not today")
    assert (code, document["decisions"][0]["why"]) == (0, "not today")


def test_until_when_a_matter_waits_is_told_of_it_alone_as_in_the_list(
    cli: Cli, program: Program, home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    until = program.clock.now() + minutes(90)
    proposal = Proposal(WriteLine(str(tmp_path / "out"), "x"), expires=until)
    identity = program.engine.acts.propose(Origin("rule:x"), proposal)
    program.advance(0.1)
    (item,), (alone,) = cli("inbox")[1]["items"], cli("inbox", identity)[1]["decisions"]
    assert alone["expires"] == item["expires"] == until.isoformat()
    for words in (["inbox"], ["inbox", identity]):
        assert main(["--home", str(home.root), *words]) == 0
        assert clock_time(until, datetime.now(UTC)) in capsys.readouterr().out


def test_a_draft_is_edited_and_carried_out(cli: Cli, program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(out), "draft")))
    code, document, _ = cli("inbox", identity[:6])
    assert (code, document["decisions"][0]["fields"]) == (0, {"path": str(out), "line": "draft"})
    code, document, err = cli("edit", identity)
    assert (code, document) == (2, None)
    assert err.startswith("edit: say what to change.")
    fixed = cli("edit", identity, "path=elsewhere")
    assert fixed == (2, None, "path: it cannot be edited. Of this only line can be; it waits as it was.\n")
    too_long = cli("edit", identity, f"line={'x' * 301}")
    assert too_long == (2, None, "line: it has 301 characters, and 300 are allowed. The draft waits as it was.\n")
    assert cli("approve", identity, "--edit", "line= ")[0] == 2
    assert cli("inbox", identity)[1]["decisions"][0]["verdict"] == "waiting"
    assert cli("edit", identity[:6], "line=final")[0] == 0
    assert out.read_text() == "final\n"
    assert cli("edit", identity, "line=again")[0] == 2


@pytest.mark.parametrize("words", ["5", "true", "null", '"so it is"', "a=b", "[1, 2]"])
def test_the_words_of_a_draft_are_taken_as_they_are_written(
    cli: Cli, program: Program, tmp_path: Path, words: str
) -> None:
    out = tmp_path / "out"
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(out), "draft")))
    assert cli("edit", identity, f"line={words}")[0] == 0
    assert out.read_text() == f"{words}\n"


def test_what_is_put_off_is_listed_only_when_asked_for(cli: Cli, program: Program, tmp_path: Path) -> None:
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(tmp_path / "out"), "x")))
    program.advance(0.1)
    code, document, _ = cli("snooze", identity[:6], "--for", "3m")
    (decision,) = document["decisions"]
    assert (code, decision["verdict"]) == (0, "waiting")
    assert datetime.fromisoformat(decision["snoozed_until"]) == program.clock.now() + minutes(3)
    assert cli("inbox")[1] == {"items": [], "to_approve": 0, "to_look_at": 0, "snoozed": 1}
    (item,) = cli("inbox", "--all")[1]["items"]
    assert (item["id"], item["snoozed_until"]) == (identity, decision["snoozed_until"])
    program.advance(minutes(3) + seconds(5))
    document = cli("inbox")[1]
    assert [item["id"] for item in document["items"]] == [identity]
    assert document["snoozed"] == 0


def test_what_is_put_off_is_woken(cli: Cli, program: Program, tmp_path: Path) -> None:
    identity = program.engine.acts.propose(Origin("rule:x"), Proposal(WriteLine(str(tmp_path / "out"), "x")))
    program.advance(0.1)
    assert cli("snooze", identity, "--for", "3h")[0] == 0
    assert "wake" in cli("inbox", "--all")[1]["items"][0]["answers"]
    assert cli("wake", identity[:6])[0] == 0
    assert [item["id"] for item in cli("inbox")[1]["items"]] == [identity]
    assert cli("wake", identity)[0] == 2


def test_a_finding_is_looked_at_again_and_not_approved(cli: Cli, program: Program) -> None:
    proposal = Proposal(LookAgain("bot", "pytest", "pytest is missing"))
    new = ledger.NewDecision.put(proposal, Origin("process:bot", "bot"))
    program.wait(program.engine.journal.write(lambda tx: ledger.enter(tx, new)))
    Concerns(program.engine).open()
    program.advance(0.1)
    document = cli("inbox")[1]
    (item,) = document["items"]
    assert (item["group"], item["word"], item["answers"][0]) == ("to look at", "Look again", "look-again")
    assert (document["to_approve"], document["to_look_at"]) == (0, 1)
    code, _, err = cli("approve", item["id"])
    assert (code, "'dreamscape look-again'" in err) == (2, True)
    program.cancel("bot")
    program.advance(10)
    assert cli("look-again", item["id"][:6])[0] == 0
    assert program.state_of("bot") in ALIVE


def test_a_second_instance_has_the_first_show_its_window(cli: Cli, shown: list[str]) -> None:
    code, document, _ = cli("run")
    assert code == 0
    assert document["already_running"] is True
    assert shown == ["window"]


def test_people_get_tables_that_foreign_text_cannot_break(
    home: Home, program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program.engine.acts.propose(Origin("x"), Proposal(WriteLine(str(tmp_path / "o"), "a"), "[bold]\x1b[2Jboo[/bold]"))
    program.advance(0.1)
    assert main(["--home", str(home.root), "inbox"]) == 0
    out = capsys.readouterr().out
    assert "[bold]" in out
    assert "\x1b" not in out
    assert main(["--home", str(home.root), "ps"]) == 0
    assert "running" in capsys.readouterr().out


def test_who_holds_a_process_is_told(home: Home, cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("pause", "bot")[0] == 0
    assert main(["--home", str(home.root), "ps", "bot"]) == 0
    assert re.search(r"Because +by you, .*\d\d:\d\d: until its next checkpoint\n", capsys.readouterr().out)


def test_a_refusal_keeps_the_letters_of_the_name(cli: Cli) -> None:
    assert cli("skip-next", "bot")[2] == "bot has no next time to skip.\n"
