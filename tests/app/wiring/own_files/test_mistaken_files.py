"""A mistake in a file of the user's harms nothing else, and is told where it stands until it is mended."""

import os
import sys
from pathlib import Path

import pytest

from app.runtime.headless import _greeting
from app.wiring.own_files.file_checks import CHECKS
from services.core.process import ConfigurationFault, State
from services.orchestrator.commands import RunNow, SetParameters
from services.orchestrator.definitions.file_events import FileGone, FileRefused
from tests.support.own import SLEEPS, Mine, command_of

RULE = "- {rule: errors, metric: process.failed, fire: {above: 0.2}, then: [alert]}\n"
MISTAKEN = "kind: script\nwith: {command: [sleep, '1000'], foldr: there}\n"


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
    assert len(mine.pids()) == 1
    mine.stop()
    mine.start()
    mine.sees("nap", State.RUNNING)
    assert command_of(mine.pids()[-1]) == "sleep 1000"
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
