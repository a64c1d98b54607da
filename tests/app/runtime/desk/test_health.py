"""Health in one word, with threads that had to be given up beside it."""

from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication

from app.runtime.desk.frame import FrameFacts, health
from services.core.journal import Transaction
from services.core.journal.writer import JournalHealth
from services.core.rules.standings import RulesValue
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import ProcessesValue, PulseValue
from tests.support.own import Mine
from widgets.frame_pump import FramePump
from widgets.states.overview import overview_state


def test_threads_that_were_given_up_are_counted_for_the_user() -> None:
    calm = health(ProcessesValue(), PulseValue(), RulesValue(), "", safe_mode=False)
    assert "given up" not in calm.tip
    one = health(ProcessesValue(), PulseValue(), RulesValue(), "", safe_mode=False, abandoned=1)
    assert (one.status, one.text) == (calm.status, calm.text)
    assert one.tip.endswith("1 thread still stands that had to be given up; a restart ends it.")
    many = health(
        ProcessesValue(),
        PulseValue(),
        RulesValue(),
        JournalHealth(trouble="the disk is full").told,
        safe_mode=False,
        abandoned=3,
    )
    assert many.tip.startswith("The store does not take writes: the disk is full.")
    assert many.tip.endswith(" 3 threads still stand that had to be given up; a restart ends them.")


def test_the_pill_says_that_nothing_is_saved_while_the_disk_is_full_and_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", tmp_path / "no-defaults")
    mine = Mine(tmp_path).start()
    facts, journal = FrameFacts(mine.running, FramePump()), mine.running.engine.journal

    def narrow(tx: Transaction) -> Any:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
        return tx.connection.connection.driver_connection

    connection = journal.write(narrow).result()
    waits = journal.append(Alert("x" * 100_000, "a test"))
    mine.until(lambda: facts.view().health.text == "Not saving", "the pill says so")
    told = facts.view().health.tip
    assert told.startswith("The store does not take writes: database or disk is full. Nothing is lost yet: free some")
    assert told.endswith("Samples are not kept until then.")
    needs = mine.until(lambda: overview_state(mine.running.engine.view).needs, "Overview says so too")
    assert needs[0].what == "The store does not take writes: database or disk is full"
    assert "free some" in needs[0].detail
    connection.execute("PRAGMA max_page_count=100000")
    waits.result(30)
    assert facts.view().health.text != "Not saving"
    mine.until(lambda: not overview_state(mine.running.engine.view).needs, "and no more once it is mended")
    mine.stop()
