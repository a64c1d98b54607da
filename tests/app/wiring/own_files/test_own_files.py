"""The user's files at work: what is sound takes effect while the program runs, a mistake harms nothing and is told."""

import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.runtime.headless import _greeting
from app.wiring.own_files.file_checks import CHECKS
from services.core.blobs import read_blob
from services.core.process import ConfigurationFault, State
from services.core.store.schema import runs
from services.orchestrator.commands import PauseProcess, ResumeProcess, RunNow, SetParameters
from services.orchestrator.definitions.file_events import FileGone, FileRefused, FileTaken
from services.orchestrator.events import ProcessRemoved, Result
from services.orchestrator.scripts.events import ScriptStarted
from tests.support.kept import left_in
from tests.support.own import Mine

SLEEPS = "kind: script\nwith: {command: [sleep, '1000']}\n"
LONGER = "kind: script\nwith: {command: [sleep, '2000']}\n"
RULE = "- {rule: errors, metric: process.failed, fire: {above: 0.2}, then: [alert]}\n"
MISTAKEN = "kind: script\nwith: {command: [sleep, '1000'], foldr: there}\n"


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").strip()


def pids(mine: Mine) -> list[int]:
    return [event.pid for event in mine.events(ScriptStarted)]


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
    mine.until(lambda: len(pids(mine)) == 2, "a second script is started")
    assert command_of(pids(mine)[1]) == "sleep 2000"
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
    assert len(pids(mine)) == 1


def test_a_mistake_is_told_with_its_place_and_the_last_good_version_goes_on(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    path = mine.write("processes/nap.yaml", MISTAKEN)
    (shown,) = mine.until(mine.mistaken, "the mistake is shown")
    assert shown.path == "processes/nap.yaml"
    assert str(shown.mistakes[0]) == f"{path}:2:34: there is no key 'foldr'. Write 'folder'."
    (alert,) = mine.alerts()
    assert alert.startswith(f"{path}:2:34: ")
    assert alert.endswith("The version before it stays in force.")
    assert mine.unit("nap").state is State.RUNNING
    assert len(pids(mine)) == 1
    mine.stop()
    mine.start()
    mine.sees("nap", State.RUNNING)
    assert command_of(pids(mine)[-1]) == "sleep 1000"
    assert len(mine.events(FileRefused)) == 1
    assert mine.mistaken()


def test_a_mistake_is_shown_until_it_is_mended(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.write("processes/nap.yaml", MISTAKEN)
    mine.until(mine.mistaken, "the mistake is shown")
    mine.write("processes/nap.yaml", SLEEPS)
    mine.until(lambda: not mine.mistaken(), "the mistake is shown no more")
    assert len(mine.begun()) == 1


def test_a_file_that_never_was_sound_stands_there_as_failed_and_the_rest_goes_on(mine: Mine) -> None:
    path = mine.write("processes/bad.yaml", MISTAKEN)
    mine.write("processes/nap.yaml", SLEEPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.sees("bad", State.FAILED, f"{path}:2:34: there is no key 'foldr'. Write 'folder'.")
    mine.write("processes/bad.yaml", SLEEPS)
    mine.sees("bad", State.RUNNING)


def test_a_file_beside_the_folders_that_are_read_is_told_where_it_belongs(mine: Mine) -> None:
    lost = mine.write("strategies/errors.yml", RULE)
    mine.write("strategies/what.yaml", "- neither\n")
    mine.start()
    mine.until(lambda: len(mine.mistaken()) == 2, "both are told")
    told = {file.path: str(file.mistakes[0]) for file in mine.mistaken()}
    assert told["strategies/errors.yml"] == (
        f"{lost}: no file is read in this folder itself, so it does nothing. Move it to strategies/rules."
    )
    assert "strategies/trading, strategies/engagement, strategies/rules, processes" in told["strategies/what.yaml"]
    lost.unlink()
    mine.until(lambda: len(mine.mistaken()) == 1, "one that was moved is told no more")


def test_a_name_that_would_turn_the_line_it_stands_in_is_refused(mine: Mine) -> None:
    mine.write("processes/gnp\u202e.yaml", SLEEPS)
    mine.start()
    (file,) = mine.until(mine.mistaken, "it is told")
    assert file.mistakes[0].what == "the name gnp\\u202e.yaml has a character that nobody sees"
    assert all(name.isprintable() for name in mine.running.engine.orchestrator.units)


def test_a_definition_with_a_mistake_stands_under_the_service_that_it_was_meant_for(mine: Mine) -> None:
    meant = {
        "script": (MISTAKEN, "scripts"),
        "trader": ("kind: trading.replay\nspeed: [\n", "trading"),
        "mine": ("kind: mine.py:Mine\nevery: 5m\n", "plugins"),
        "nobody": ("with: {command: ls}\n", "scripts"),
    }
    for name, (text, _) in meant.items():
        mine.write(f"processes/{name}.yaml", text)
    mine.start()
    for name, (_, service) in meant.items():
        mine.sees(name, State.FAILED)
        assert mine.unit(name).plan.service == service


def test_an_alert_about_a_file_is_told_while_the_file_is_wrong_and_no_longer(mine: Mine) -> None:
    settings, removed = mine.home.settings.name, mine.write("processes/removed.yaml", MISTAKEN)
    mine.write("processes/mended.yaml", MISTAKEN)
    mine.start()
    assert sorted(mine.open_alerts()) == ["processes/mended.yaml", "processes/removed.yaml"]
    mine.write("processes/mended.yaml", MISTAKEN.replace("foldr", "foldre"))
    mine.write(settings, "nonsense = 1\n")
    mine.until(lambda: settings in mine.open_alerts() and len(mine.events(FileRefused)) == 4, "both are told")
    assert sorted(mine.open_alerts()) == ["processes/mended.yaml", "processes/removed.yaml", settings]
    removed.unlink()
    mine.write("processes/mended.yaml", SLEEPS)
    mine.write(settings, "")
    mine.until(lambda: mine.open_alerts() == [], "nothing is wrong any more")


@pytest.mark.parametrize("before", [None, '[log]\nlevel = "DEBUG"\n'])
def test_an_alert_about_the_settings_is_over_when_their_file_is_gone_or_as_it_was(
    mine: Mine, before: str | None
) -> None:
    settings = mine.home.settings
    if before is not None:
        mine.write(settings.name, before)
    mine.start()
    for restore in (lambda: settings.write_text(before or "", encoding="utf-8"), settings.unlink):
        mine.write(settings.name, '[log]\nlevel = "LOUD"\n')
        mine.until(lambda: mine.open_alerts() == [settings.name], "the mistake is told")
        restore()
        mine.until(lambda: mine.open_alerts() == [], "nothing is wrong any more")
    assert not mine.mistaken()
    assert len(mine.events(FileGone)) >= 1
    mine.until(lambda: mine.running.loaded.settings.log.level == "INFO", "the default holds")


def test_what_does_not_go_with_the_others_is_failed_until_it_does(mine: Mine) -> None:
    mine.write("processes/nap.yaml", SLEEPS + "after: [fed]\n")
    mine.write("processes/ring.yaml", SLEEPS + "after: [ring]\n")
    mine.start()
    mine.sees("nap", State.FAILED, "fed")
    mine.sees("ring", State.FAILED, "ring")
    mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)


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
    assert command_of(pids(mine)[0]) == "sleep 1000"
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
    assert command_of(pids(mine)[-1]) == "sleep 2000"


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


def test_what_cannot_be_started_is_told_with_its_place_in_the_definition_and_the_mend(mine: Mine) -> None:
    program = mine.write("processes/program.yaml", "kind: script\nwith:\n  command: [no-such-program-xyz]\n")
    folder = mine.write(
        "processes/folder.yaml", "kind: script\nwith:\n  command: ['true']\n  folder: /nowhere/at/all\n"
    )
    mine.start()
    told = f"{program}:3:12: no-such-program-xyz cannot be started: No such file or directory. Install it"
    mine.sees("program", State.FAILED, told)
    told = f"{folder}:4:11: true cannot be started: /nowhere/at/all is not a folder. Make that folder"
    mine.sees("folder", State.FAILED, told)
    greeting = _greeting(mine.running, None)
    units = len(mine.running.engine.orchestrator.units)
    assert (
        f"runs {units - 2} of {units} processes without a window; 2 failed, and 'dreamscape ps' tells why" in greeting
    )
    with pytest.raises(ConfigurationFault, match="folder: folder: true cannot be started: /nowhere/else is not a fold"):
        mine.tell(SetParameters("folder", {"folder": "/nowhere/else"}, once=False))
    later = mine.home.root / "later"
    later.mkdir()
    mine.tell(SetParameters("folder", {"folder": str(later)}, once=False))
    later.rmdir()
    mine.tell(RunNow("folder", {}))
    mine.sees("folder", State.FAILED, f"folder of folder: true cannot be started: {later} is not a folder")


def test_a_link_that_leads_nowhere_is_a_mistake_until_it_is_mended(mine: Mine) -> None:
    link = mine.home.root / "processes" / "link.yaml"
    link.parent.mkdir(parents=True, exist_ok=True)
    to = mine.home.root / "elsewhere.txt"
    link.symlink_to(to)
    mine.start()
    told = f"{link}: it is a link to {to}, which is not there. Mend the link, or remove it."
    mine.sees("link", State.FAILED, told)
    assert [str(each.mistakes[0]) for each in mine.mistaken()] == [told]
    to.write_text(SLEEPS, encoding="utf-8")
    link.unlink()
    link.symlink_to(to)
    mine.sees("link", State.RUNNING)


def test_a_mistake_of_the_settings_is_an_error_once_in_the_log_of_each_start(mine: Mine) -> None:
    mine.options["with_mistakes"] = True
    mine.write("settings.toml", '[log]\nlevel = "LOUD"\n')
    for start in (1, 2):
        mine.start()
        assert len(mine.alerts()) == 1
        mine.stop()
        lines = mine.home.log.read_text(encoding="utf-8").splitlines()
        assert sum("settings.toml:2" in line and '"level":"ERROR"' in line for line in lines) == start


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes among files there")
def test_a_pipe_among_the_files_is_refused_and_the_others_are_taken(mine: Mine) -> None:
    for pipe in ("processes/early.yaml", "strategies/rules/early.yaml"):
        path = mine.home.root / pipe
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
    mine.start()
    os.mkfifo(mine.home.processes / "late.yaml")
    mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)
    told = {event.path: event.mistakes[0].what for event in mine.events(FileRefused)}
    assert set(told) == {"processes/early.yaml", "strategies/rules/early.yaml", "processes/late.yaml"}
    assert all("it is no regular file" in text for text in told.values())


def test_a_check_that_itself_fails_is_a_mistake_of_that_file_alone(
    mine: Mine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect of a check, which no file that is known brings about."""
    whole = CHECKS["processes"]

    def check(path: Path) -> object:
        if path.name == "odd.yaml":
            raise ZeroDivisionError(f"in {path}")
        return whole(path)

    monkeypatch.setitem(CHECKS, "processes", check)
    mine.start()
    odd = mine.write("processes/odd.yaml", SLEEPS)
    (shown,) = mine.until(mine.mistaken, "the fault is shown")
    assert str(shown.mistakes[0]).startswith(f"{odd}: it could not be checked: ZeroDivisionError: in {odd}. ")
    assert "Traceback" in caplog.text
    mine.write("processes/nap.yaml", SLEEPS)
    mine.sees("nap", State.RUNNING)
