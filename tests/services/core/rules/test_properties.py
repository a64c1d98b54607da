"""What must hold of a rule for any observations at all."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.rules.changes import RuleChanged
from services.core.rules.engine import RuleEngine
from services.core.rules.model import Rule
from services.core.rules.states import AlertState
from tests.support.examples import examples
from tests.support.rules import FLOOR, LEVEL, MINUTE, START, observation, rule

RULES = [
    rule(FLOOR),
    rule(FLOOR, cooldown="30m", max_per_day="2", for_="3m"),
    rule(FLOOR, window="{within: 20m}", no_data="45m"),
    rule(
        LEVEL,
        fire="{above: 0.6}",
        clear="{below: 0.3}",
        for_="5m",
        cooldown="40m",
        silence_until="2026-03-01T02:00:00Z",
    ),
    rule(
        LEVEL,
        fire="{above: 0.6, samples: 3}",
        clear="{below: 0.3, new_samples: 2}",
        window="{within: 15m}",
        max_per_day="1",
    ),
    rule(LEVEL, statistic="count", window="{within: 30m}", fire="{below: 3}", clear="{above: 4}", cooldown="1h"),
    rule(LEVEL, statistic="p95", window="{last: 5}", fire="{above: 0.6}", clear="{below: 0.3}", no_data="20m"),
    rule(LEVEL.replace("clear: {below: 5}\n", ""), fire="{above: 0.9}", latched="true", for_="2m"),
]
any_rule = st.sampled_from(RULES)
binary = st.sampled_from([0.0, 1.0])
shares = st.one_of(binary, st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.just(1.5))
gaps = st.sampled_from([0, 0.5, 1, 2, 7, 60, 600])
sequences = st.lists(st.tuples(gaps, shares), max_size=60)


def times(sequence: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Gaps in minutes as minutes from the start."""
    minute, found = 0.0, []
    for gap, value in sequence:
        minute += gap
        found.append((minute, value))
    return found


def run(engine: RuleEngine, sequence: list[tuple[float, float]]) -> list[RuleChanged]:
    return [change for minute, value in sequence for change in engine.observe(observation(minute, value))]


@settings(max_examples=examples(400))
@given(any_rule, sequences, st.sets(st.integers(0, 60)))
def test_a_restart_anywhere_changes_nothing(watched: Rule, sequence, restarts):
    undisturbed = RuleEngine([watched])
    engine = RuleEngine([watched])
    for index, (minute, value) in enumerate(times(sequence)):
        if index in restarts:
            engine = RuleEngine([watched], json.loads(json.dumps(engine.save())))
        told = observation(minute, value)
        assert engine.observe(told) == undisturbed.observe(told)
        assert engine.next_due() == undisturbed.next_due()
    end = START + timedelta(days=3)
    engine = RuleEngine([watched], json.loads(json.dumps(engine.save())))
    assert engine.tick(end) == undisturbed.tick(end)


@settings(max_examples=examples(400))
@given(any_rule, sequences, st.lists(st.floats(0, 4000), max_size=30))
def test_it_does_not_matter_how_often_the_clock_is_asked(watched: Rule, sequence, ticks):
    quiet, busy = RuleEngine([watched]), RuleEngine([watched])
    inputs = sorted(
        [(minute, value) for minute, value in times(sequence)] + [(tick, None) for tick in ticks], key=by_time
    )
    found: list[RuleChanged] = []
    for minute, value in inputs:
        if value is None:
            found += busy.tick(START + minute * MINUTE)
        else:
            found += busy.observe(observation(minute, value))
    end = START + timedelta(days=60)
    assert found + busy.tick(end) == run(quiet, times(sequence)) + quiet.tick(end)


def by_time(item: tuple[float, float | None]) -> tuple[float, bool]:
    return item[0], item[1] is None


@given(st.integers(1, 30), st.integers(0, 8), st.lists(binary, max_size=60))
def test_nothing_fires_below_the_least_number_of_samples_or_failures(samples: int, failures: int, values):
    watched = rule(FLOOR, fire=f"{{below: 0.8, probability: 0.6, samples: {samples}, failures: {failures}}}")
    fired = [
        change for change in run(RuleEngine([watched]), list(enumerate(values))) if change.after is AlertState.FIRING
    ]
    assert all(change.because.n >= samples and change.because.belief.failures >= failures for change in fired)


@given(st.sampled_from(RULES[:2]), st.lists(st.tuples(binary, st.booleans()), max_size=80))
def test_worse_data_never_fires_later(watched: Rule, pairs):
    good = [value for value, _ in pairs]
    worse = [0.0 if spoiled else value for value, spoiled in pairs]
    assert first_fired(watched, worse) <= first_fired(watched, good)


def first_fired(watched: Rule, values: list[float]) -> datetime:
    changes = run(RuleEngine([watched]), list(enumerate(values)))
    never = START + timedelta(days=9)
    return next((change.at for change in changes if change.after is AlertState.FIRING), never)


@given(st.integers(1, 3), st.sampled_from([None, "2h", "30h"]), st.lists(st.tuples(gaps, shares), max_size=150))
def test_in_no_24_hours_are_actions_taken_oftener_than_allowed(most: int, cooldown: str | None, sequence):
    more = {"cooldown": cooldown} if cooldown else {}
    watched = rule(LEVEL, fire="{above: 0.5}", clear="{below: 0.5}", max_per_day=str(most), **more)
    engine = RuleEngine([watched])
    changes = run(engine, times(sequence)) + engine.tick(START + timedelta(days=90))
    acted = [change.at for change in changes if change.actions]
    assert all(later - earlier >= timedelta(days=1) for earlier, later in zip(acted, acted[most:], strict=False))
    if cooldown:
        assert all(later - earlier >= watched.cooldown for earlier, later in pairwise(acted))


@given(any_rule, sequences)
def test_each_change_begins_where_the_last_one_ended_and_time_never_runs_back(watched: Rule, sequence):
    changes = run(RuleEngine([watched]), times(sequence))
    state, at = AlertState.NORMAL, START
    for change in changes:
        assert change.before is state
        assert change.at >= at
        state, at = change.after, change.at
