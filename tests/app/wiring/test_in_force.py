"""What is said to take effect at once does, while the program runs: the settings file is changed, and it is so."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import Home
from app.program import Program
from app.settings.effect import Effect, effect_of
from app.settings.meanings import MEANINGS
from services.core.process import State
from services.orchestrator.commands import RunNow
from services.orchestrator.housekeeping.events import BackupMade
from tests.support.until import until

SCRIPT = "kind: script\nwith: {{command: [sh, -c, 'echo {0}; sleep 600']}}\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Program]:
    home = Home(tmp_path / "home", "a test").create()
    home.settings.write_text("[orchestrator.limits]\nscripts = 1\n[trading]\nspeed = 1\n", encoding="utf-8")
    for name in ("first", "second"):
        (home.processes / f"{name}.yaml").write_text(SCRIPT.format(name), encoding="utf-8")
    program = Program(home, {"PATH": os.environ["PATH"]})
    program.run_steps()
    yield program
    program.close()


def change(program: Program, text: str) -> None:
    """Write the file and have it read, as the watch upon it does."""
    assert program.own is not None
    program.home.settings.write_text(text, encoding="utf-8")
    program.own.reread()


def states(program: Program) -> list[State]:
    units = program.engine.orchestrator.units
    return sorted(units[name].state for name in ("first", "second"))


def test_a_higher_limit_lets_start_what_waits(running: Program) -> None:
    until(lambda: states(running) == [State.RUNNING, State.WAITING])
    change(running, "[orchestrator.limits]\nscripts = 2\n")
    until(lambda: states(running) == [State.RUNNING, State.RUNNING])


def test_another_level_is_written_from_now_on(running: Program) -> None:
    logging.getLogger("services.test").debug("not yet written")
    change(running, '[log]\nlevel = "DEBUG"\n')
    logging.getLogger("services.test").debug("now written")
    until(lambda: "now written" in running.home.log.read_text(encoding="utf-8"))
    assert "not yet written" not in running.home.log.read_text(encoding="utf-8")


def test_fewer_backups_are_kept_from_the_next_one_on(running: Program) -> None:
    for day in (1, 2, 3):
        (running.home.backups / f"dreamscape-2020010{day}T000000.db").write_text("an older one", encoding="utf-8")
    change(running, "[store]\nbackups_keep = 2\n")
    made: list[BackupMade] = []
    running.engine.bus.subscribe(
        "test", lambda batch: made.extend(each.event for each in batch if isinstance(each.event, BackupMade))
    )
    running.engine.commands.dispatch(RunNow("store-backup", {})).result(30)
    until(lambda: made)
    assert made[0].removed == 2
    assert len(list(running.home.backups.glob("dreamscape-*.db"))) == 2


def test_what_is_kept_and_how_often_is_restarted_follow_the_file(running: Program) -> None:
    kept = "[store]\nevents_keep_days = 9\ndisk_cap_mb = 123\nreplay_keep_days = 5\n"
    change(running, kept + "[orchestrator]\nrestarts_at_most = 2\n")
    supervisor = running.engine.orchestrator.supervisor
    retention = supervisor.launcher.prepared["object:retention"]
    assert (retention.keep_days, retention.cap_mb, retention.replay_days) == (9, 123, 5)
    assert supervisor.healing.overall.at_most == 2


def test_a_traders_speed_follows_the_file(running: Program) -> None:
    trader = running.engine.orchestrator.units["macd-eth-btc"]
    assert trader.plan.parameters["speed"] == 1.0
    change(running, "[trading]\nspeed = 7\npaper_capital = 50\n")
    assert (trader.plan.parameters["speed"], trader.plan.parameters["capital"]) == (7.0, 50.0)


def test_a_wrong_value_stays_what_it_was_and_the_rest_of_the_file_counts(running: Program) -> None:
    trader = running.engine.orchestrator.units["macd-eth-btc"]
    change(running, '[orchestrator.limits]\nscripts = 9\n[trading]\nspeed = "fast"\n')
    assert running.engine.orchestrator.supervisor.limits["scripts"] == 9
    assert trader.plan.parameters["speed"] == 1.0
    assert running.loaded is not None
    assert running.loaded.sources["trading.speed"].startswith(f"{running.home.settings} of ")


def test_a_file_that_cannot_be_read_changes_nothing_and_is_told_until_it_is_mended(
    running: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    limits = running.engine.orchestrator.supervisor
    change(running, "[orchestrator.limits]\nscripts = = 4\n")
    assert limits.limits["scripts"] == 1
    assert running.engine.orchestrator.units["macd-eth-btc"].plan.parameters["speed"] == 1.0
    told = next(record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)
    assert "settings.toml:2:" in told
    assert "going on with the settings of " in told
    change(running, "[orchestrator.limits]\nscripts = 4\n")
    assert limits.limits["scripts"] == 4
    assert any("settings.toml is mended" in record.getMessage() for record in caplog.records)


def test_a_start_with_a_broken_file_goes_on_with_the_settings_that_held_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "a test").create()
    home.settings.write_text("[orchestrator.limits]\nscripts = 3\n", encoding="utf-8")
    for text in (None, "[orchestrator.limits\n", '[orchestrator.limits]\nscripts = "many"\n'):
        if text is not None:
            home.settings.write_text(text, encoding="utf-8")
        program = Program(home, {"PATH": os.environ["PATH"]})
        program.steps()[0].act()
        assert program.loaded is not None
        assert program.loaded.settings.orchestrator.limits.scripts == 3
        program.close()


def test_every_setting_says_when_it_counts() -> None:
    later = {name for name in MEANINGS if effect_of(name) is Effect.NEXT_START}
    at_once = {"trading.paper_capital", "trading.paper_latency_ms", "trading.speed", "trading.data"}
    of_account = {name for name in MEANINGS if name.startswith("trading.")} - at_once
    assert later - of_account == {
        "log.ring",
        "environment.declared",
        "environment.prod_branches",
        "environment.prod_hosts",
        "orchestrator.crashes_to_safe_mode",
        "orchestrator.crashes_within_seconds",
    }
    assert later >= of_account
    assert {name for name in MEANINGS if effect_of(name) is Effect.NOT_YET} == {"engagement.platform"}
