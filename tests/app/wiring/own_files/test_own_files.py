"""The user's files at work: what is sound takes effect while the program runs, and what is kept of it."""

from pathlib import Path

from sqlalchemy import select

from services.core.blobs import read_blob
from services.core.process import State
from services.core.store.schema import runs
from services.orchestrator.commands import PauseProcess, ResumeProcess
from services.orchestrator.definitions.file_events import FileGone, FileRefused, FileTaken
from services.orchestrator.events import ProcessRemoved, Result
from tests.support.kept import left_in
from tests.support.own import SLEEPS, Mine, command_of

LONGER = "kind: script\nwith: {command: [sleep, '2000']}\n"


def test_a_file_that_is_added_is_a_process_and_one_that_is_removed_is_gone_with_its_history_kept(mine: Mine) -> None:
    mine.start()
    path = mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)
    path.unlink()
    mine.until(lambda: not mine.knows("nap"), "the process is forgotten")
    assert mine.events(ProcessRemoved) == [ProcessRemoved("nap", "user")]
    assert [event.result for event in mine.ended()] == [Result.CANCELLED]
    (gone,) = mine.events(FileGone)
    (taken,) = mine.events(FileTaken)
    assert (gone.path, gone.before) == ("processes/nap.yaml", taken.after)


def test_one_that_comes_again_under_its_old_name_begins_new_runs(mine: Mine) -> None:
    mine.start()
    path = mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)
    path.unlink()
    mine.until(lambda: not mine.knows("nap"), "the process is forgotten")
    mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)
    assert [event.epoch for event in mine.begun()] == [1, 2]
    with mine.running.engine.store.reading.connect() as connection:
        assert connection.execute(select(runs.c.epoch)).scalars().all() == [1, 2]


def test_a_change_restarts_the_run_and_both_versions_are_kept(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.write("processes/nap.yaml", LONGER)
    mine.until(lambda: len(mine.pids()) == 2, "a second script is started")
    assert command_of(mine.pids()[1]) == "sleep 2000"
    assert [event.why for event in mine.begun()][1] == "nap.yaml changed"
    first, second = mine.events(FileTaken)
    assert (first.path, first.before, second.before) == ("processes/nap.yaml", "", first.after)
    with mine.running.engine.store.reading.connect() as connection:
        kept = [read_blob(connection, version) for version in (first.after, second.after)]
    assert kept == [SLEEPS.encode(), LONGER.encode()]


def test_the_output_of_a_script_is_its_log(mine: Mine) -> None:
    mine.write("processes/says.yaml", "kind: script\nwith: {command: [echo, the tide is high]}\n")
    mine.start()
    mine.until(lambda: "the tide is high" in mine.home.log.read_text(), "its line is in the log")


def test_a_change_of_its_schedule_alone_leaves_the_run_in_peace(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.write("processes/nap.yaml", SLEEPS + "schedule: [{every: 1h}]\n")
    mine.until(lambda: mine.unit("nap").plan.triggers, "the schedule is taken")
    assert mine.unit("nap").state is State.RUNNING
    assert len(mine.pids()) == 1


def test_a_secret_in_a_mistaken_file_is_told_and_kept_nowhere(mine: Mine) -> None:
    mine.write(
        "processes/asks.yaml", "kind: script\nwith: {command: 'curl https://u:hunter2xyz@h/?token=0123456789'}\n"
    )
    mine.start()
    (alert,) = mine.until(mine.alerts, "the command is refused")
    assert "a word of the command looks like a secret" in alert
    mine.write("processes/asks.yaml", "kind: script\nwith: {command: [date], 'https://u:hunter2xyz@h': 1}\n")
    mine.until(lambda: len(mine.events(FileRefused)) == 2, "the next mistake is told")
    kept = {path: path.read_bytes() for path in mine.home.store.parent.glob(f"{mine.home.store.name}*")}
    assert kept
    assert not [path for path, data in kept.items() if b"hunter2xyz" in data or b"0123456789" in data]


def test_a_file_with_a_secret_of_ours_in_it_is_told_by_its_line_and_kept_nowhere(mine: Mine) -> None:
    mine.env["DREAMSCAPE_TRADING__API_KEY"] = "Zq81-horse-battery-pW"
    path = mine.write("processes/nap.yaml", SLEEPS.replace("1000", "Zq81-horse-battery-pW") + "priority: 3\n")
    mine.start()
    mine.sees("nap", State.FAILED, f"{path}:2: a secret stands here that is kept in the keyring or the environment.")
    path.unlink()
    mine.until(lambda: not mine.knows("nap"), "it is gone")
    mine.stop()
    assert not left_in(mine.home.root, "Zq81-horse-battery-pW")


def test_a_name_that_is_taken_is_told_and_the_first_keeps_it(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    path = mine.write("processes/siesta.yaml", "name: nap\n" + LONGER)
    (alert,) = mine.until(mine.alerts, "the name is refused")
    assert str(path) in alert
    assert "defined in nap.yaml already" in alert
    assert command_of(mine.pids()[0]) == "sleep 1000"
    assert mine.unit("nap").state is State.RUNNING
    mine.stop()
    mine.start()
    assert mine.alerts() == [alert], "the next start does not repeat it"
    path.unlink()
    mine.until(lambda: mine.open_alerts() == [], "it is over")


def test_the_house_keeps_its_own_names(mine: Mine) -> None:
    mine.write("processes/retention.yaml", SLEEPS)
    mine.start()
    assert any("'retention' already" in alert for alert in mine.alerts())
    assert mine.unit("retention").plan.path == "object:retention"


def test_what_is_paused_stays_paused_over_a_change_and_resumes_by_the_new_version(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.tell(PauseProcess("nap"))
    mine.sees("nap", State.PAUSED)
    mine.write("processes/nap.yaml", LONGER)
    mine.until(lambda: not mine.unit("nap").runs, "the run by the old version has ended")
    assert mine.unit("nap").state is State.PAUSED
    mine.tell(ResumeProcess("nap"))
    mine.sees("nap", State.RUNNING)
    assert command_of(mine.pids()[-1]) == "sleep 2000"


def test_a_file_removed_while_nothing_ran_is_forgotten_at_the_next_start(mine: Mine) -> None:
    path = mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.stop()
    path.unlink()
    mine.start()
    assert not mine.knows("nap")
    assert mine.events(ProcessRemoved) == [ProcessRemoved("nap", "program")]
    assert len(mine.events(FileGone)) == 1


def test_projects_of_the_settings_follow_the_file(mine: Mine, tmp_path: Path) -> None:
    project = tmp_path / "old-tool"
    project.mkdir()
    mine.start()
    mine.write("settings.toml", f'[[debugger.projects]]\npath = "{project}"\n')
    mine.sees("old-tool", State.WAITING)
    path = mine.write("settings.toml", f'[[debugger.projects]]\npth = "{project}"\n')
    (shown,) = mine.until(mine.mistaken, "the mistake is shown")
    assert (shown.path, shown.mistakes[0].where.startswith(str(path))) == ("settings.toml", True)
    assert mine.knows("old-tool")
    mine.write("settings.toml", "")
    mine.until(lambda: not mine.knows("old-tool"), "the project is forgotten")
    assert not mine.mistaken()


def test_rules_are_read_again_and_a_mistake_keeps_the_good_ones(mine: Mine) -> None:
    rule = "- {rule: failures, metric: process.failed, window: {last: 3}, then: [alert], "
    rule += "fire: {above: %s}, clear: {below: 0.1}}\n"
    mine.start()
    mine.write("strategies/rules/mine.yaml", rule % "0.5")
    (first,) = mine.until(lambda: mine.running.rules.book.rules, "the rule is read")
    assert first.fire.above == 0.5
    path = mine.write("strategies/rules/mine.yaml", rule % "much")
    (shown,) = mine.until(mine.mistaken, "the mistake is shown")
    assert shown.mistakes[0].where.startswith(f"{path}:1:")
    mine.write("strategies/rules/mine.yaml", rule % "0.9")
    mine.until(lambda: mine.running.rules.book.rules[0].fire.above == 0.9, "the rule is read again")
