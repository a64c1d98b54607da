"""Which anomalies become alerts, on a real engine."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.wiring.anomaly_alerts import AnomalyAlerts
from app.wiring.projections import all_projections
from services.orchestrator.history.projections import Pulse, PulseValue
from services.trading.anomalies.events import AnomalySeen
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program


@pytest.fixture
def program(tmp_path: Path):
    made = Program(tmp_path, ManualClock(START), {}).open(all_projections())
    AnomalyAlerts(made.engine).open()
    yield made
    made.close()


def seen(candle: datetime, kind: str = "jump", what: str = "price jumped up by +2.00 %") -> AnomalySeen:
    return AnomalySeen("ETH/BTC", "5m", "live: somewhere", 1, candle, kind, what, True, 6.0, 4.0, 0.09)


def alerts(program: Program) -> list[tuple[str, str]]:
    program.advance(1.0)
    value: PulseValue = program.engine.view.value(Pulse)
    return [(alert.about, alert.what) for alert in value.alerts]


def tell(program: Program, *events: AnomalySeen) -> None:
    for event in events:
        program.wait(program.engine.journal.append(event, source="bot"))


def test_what_was_just_seen_is_an_alert_about_its_bot(program):
    tell(program, seen(START - timedelta(minutes=6)))
    assert alerts(program) == [("bot", "ETH/BTC: price jumped up by +2.00 % (live: somewhere)")]


def test_what_was_seen_in_recorded_candles_is_none(program):
    tell(program, seen(START - timedelta(days=700)))
    assert alerts(program) == []


def test_the_newer_of_the_same_kind_takes_the_place_of_the_older(program):
    tell(
        program,
        seen(START - timedelta(minutes=15)),
        seen(START - timedelta(minutes=5), what="price jumped down by -3.00 %"),
        seen(START - timedelta(minutes=5), "volume burst", "volume 9.0 times the usual"),
    )
    told = [what for _about, what in alerts(program)]
    assert len(told) == 2
    assert not any("+2.00" in what for what in told)
