"""A money stop that a person arms again measures the fall from there, with the old measurement kept to go back to."""

import json
from collections.abc import Iterable

import pytest

from services.core.metrics import Fallen, Observation
from services.core.rules.changes import RuleChanged
from services.core.rules.engine import RuleEngine
from services.core.rules.states import AlertState
from tests.support.rules import LEVEL, MINUTE, START, path, rule


def stop() -> RuleEngine:
    return RuleEngine(
        [
            rule(
                LEVEL,
                each="trader",
                latched="true",
                clear="null",
                then="[alert]",
                fire="{above: 0.2}",
                statistic="last",
            )
        ]
    )


def falls(engine: RuleEngine, spans: Iterable[tuple[float, float]], first: int = 0) -> list[RuleChanged]:
    """The greatest and the last fall of one second after another; the least is the lesser of the two."""
    changes: list[RuleChanged] = []
    for minute, (worst, last) in enumerate(spans):
        seen = Observation("m", worst, START + (first + minute) * MINUTE, "btc", Fallen(min(worst, last), last))
        changes += engine.observe(seen)
    return changes


def armed_at(fall: float) -> RuleEngine:
    engine = stop()
    falls(engine, [(fall, fall)])
    engine.rearm("level", "btc", "I looked", START + MINUTE)
    return engine


def test_after_arming_the_peak_is_what_was_left_then():
    engine = armed_at(0.25)
    assert falls(engine, [(0.25, 0.25), (0.3, 0.3), (0.39, 0.39)], first=2) == [], "0.61 of 0.75 is a fall of 18.7 %"
    (fired,) = falls(engine, [(0.41, 0.41)], first=5)
    assert fired.because.statistic == pytest.approx(1 - 0.59 / 0.75)


def test_a_recovery_raises_the_new_peak_and_a_session_that_begins_anew_is_measured_as_ever():
    engine = armed_at(0.25)
    assert falls(engine, [(0.1, 0.1), (0.27, 0.27)], first=2) == []
    assert path(falls(engine, [(0.29, 0.29)], first=4)) == ["firing"], "0.71 of 0.9 is a fall of 21.1 %"
    engine = armed_at(0.25)
    assert falls(engine, [(0.26, 0.0)], first=2) == [], "the old session's last fall is measured as the old session"
    assert path(falls(engine, [(0.201, 0.201)], first=3)) == ["firing"]


def test_where_it_measures_from_outlives_a_restart():
    engine = armed_at(0.25)
    engine = RuleEngine(engine.rules, json.loads(json.dumps(engine.save())))
    assert falls(engine, [(0.39, 0.39)], first=2) == []
    assert path(falls(engine, [(0.41, 0.41)], first=3)) == ["firing"]


def test_taking_the_arming_back_shuts_it_on_the_old_measurement_and_it_acts_again():
    engine = stop()
    falls(engine, [(0.25, 0.25)])
    before = json.loads(json.dumps(engine.remembered("level", "btc")))
    engine.rearm("level", "btc", "I looked", START + MINUTE)
    shut = engine.latch_again("level", "btc", before, START + 2 * MINUTE)
    assert (shut.before, shut.after, [str(action) for action in shut.actions]) == ("normal", "firing", ["alert"])
    assert engine.standings()[0].latched
    with pytest.raises(ValueError, match="has fired again since"):
        engine.latch_again("level", "btc", before, START + 3 * MINUTE)
    engine.rearm("level", "btc", "now really", START + 4 * MINUTE)
    assert path(falls(engine, [(0.41, 0.41)], first=5)) == ["firing"]


def test_a_fall_of_everything_cannot_be_measured_anew():
    engine = armed_at(1.0)
    assert path(falls(engine, [(1.0, 1.0)], first=2)) == ["firing"]
    assert engine.standings()[0].state is AlertState.FIRING
