"""The learner: weights that are probabilities, forgetting that adapts, updates that can be taken back."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.learning import Forgetting, Learner, NotReversible
from services.core.learning.arms import Counts, Policy, prior

AT = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARMS = ["a", "b", "c"]

policies = st.sampled_from(list(Policy))
forgettings = st.sampled_from(
    [Forgetting(1.0), Forgetting(), Forgetting(0.9), Forgetting(1.0, 5 * HOUR), Forgetting(0.95, 2 * HOUR)]
)
histories = st.lists(st.tuples(st.sampled_from(ARMS), st.floats(0, 1)), max_size=40)


def taught(learner: Learner, history: list[tuple[str, float]]) -> Learner:
    for hour, (arm, reward) in enumerate(history):
        learner.update(arm, reward, AT + hour * HOUR)
    return learner


@given(policies, forgettings, histories, st.sets(st.sampled_from([*ARMS, "new", "newer"]), min_size=1))
def test_weights_are_probabilities_that_sum_to_one(policy, forgetting, history, arms):
    weights = taught(Learner(None, policy, forgetting), history).weights(sorted(arms), AT + 99 * HOUR)
    assert set(weights) == arms
    assert sum(weights.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= weight <= 1 for weight in weights.values())


@given(forgettings, histories, st.integers(0, 40), st.integers(1, 10))
def test_a_restart_changes_nothing(forgetting, history, cut, reversible):
    undisturbed = taught(Learner(None, forgetting=forgetting, reversible=reversible), history)
    before = taught(Learner(None, forgetting=forgetting, reversible=reversible), history[:cut])
    learner = Learner(json.loads(json.dumps(before.save())), forgetting=forgetting, reversible=reversible)
    for hour, (arm, reward) in list(enumerate(history))[cut:]:
        learner.update(arm, reward, AT + hour * HOUR)
    assert learner.save() == undisturbed.save()
    assert learner.known(ARMS, AT + 99 * HOUR) == undisturbed.known(ARMS, AT + 99 * HOUR)


@given(forgettings, histories.filter(bool), st.data())
def test_a_reverted_update_has_never_been(forgetting, history, data):
    undone = data.draw(st.integers(0, len(history) - 1))
    learner = taught(Learner(None, forgetting=forgetting), history)
    (told,) = learner.revert([undone + 1], AT + 99 * HOUR)
    never = Learner(None, forgetting=forgetting)
    for hour, (arm, reward) in enumerate(history):
        if hour != undone:
            never.update(arm, reward, AT + hour * HOUR)
    assert learner.known(ARMS, AT + 99 * HOUR) == never.known(ARMS, AT + 99 * HOUR)
    assert (told.reverts, told.version, told.arm) == (undone + 1, len(history) + 1, history[undone][0])


def test_an_update_says_what_was_known_before_and_after():
    learner = Learner(None, forgetting=Forgetting(1.0))
    learner.update("a", 1.0, AT)
    update = learner.update("a", 0.25, AT)
    assert (update.version, update.before, update.after) == (2, Counts(1, 0), Counts(1.25, 0.75))


def test_what_is_reverted_or_too_old_cannot_be_reverted():
    learner = taught(Learner(reversible=2), [("a", 1.0)] * 3)
    learner.revert([3], AT)
    for version in (1, 3, 99):
        with pytest.raises(NotReversible, match=f"version {version} "):
            learner.revert([2, version], AT)
    assert [learner.in_force(version) for version in (1, 2, 3)] == [True, True, False], "all of them or none"


@given(forgettings, histories.filter(bool), st.data())
def test_several_updates_are_reverted_as_if_none_of_them_had_been(forgetting, history, data):
    first = data.draw(st.integers(1, len(history)))
    last = data.draw(st.integers(first, len(history)))
    learner = taught(Learner(None, forgetting=forgetting), history)
    told = learner.revert(range(first, last + 1), AT + 99 * HOUR)
    never = Learner(None, forgetting=forgetting)
    for hour, (arm, reward) in enumerate(history):
        if not first <= hour + 1 <= last:
            never.update(arm, reward, AT + hour * HOUR)
    assert learner.known(ARMS, AT + 99 * HOUR) == never.known(ARMS, AT + 99 * HOUR)
    assert {update.version for update in told} == {len(history) + 1}, "it is one new version"


@given(forgettings, histories, st.integers(0, 40))
def test_what_is_gathered_counts_for_nothing_until_it_is_learned_and_survives_a_restart(forgetting, history, cut):
    at_once = taught(Learner(None, forgetting=forgetting), history)
    learner = taught(Learner(None, forgetting=forgetting), history[:cut])
    weights = learner.weights(ARMS, AT + 99 * HOUR)
    for hour, (arm, reward) in list(enumerate(history))[cut:]:
        learner.gather(arm, reward, AT + hour * HOUR)
    again = Learner(json.loads(json.dumps(learner.save())), forgetting=forgetting)
    assert again.weights(ARMS, AT + 99 * HOUR) == weights
    assert len(again.learn()) == len(history[cut:])
    assert again.save() == at_once.save()


def test_without_any_knowledge_all_arms_weigh_the_same():
    for policy in Policy:
        assert Learner(None, policy).weights(ARMS, AT) == pytest.approx(dict.fromkeys(ARMS, 1 / 3))


def test_the_weight_under_thompson_sampling_is_the_share_of_choices():
    learner = taught(Learner(), [("a", 1.0), ("a", 0.0), ("b", 1.0), ("b", 1.0), ("c", 0.0), ("a", 0.5)])
    weights, rng = learner.weights(ARMS, AT), Random(7)
    chosen = Counter(learner.choose(ARMS, AT, rng) for _ in range(20_000))
    assert {arm: chosen[arm] / 20_000 for arm in ARMS} == pytest.approx(weights, abs=0.012)


def test_of_two_arms_with_whole_counts_the_weight_is_the_exact_probability():
    learner = taught(Learner(None, forgetting=Forgetting(1.0)), [("a", 1.0), ("b", 0.0)])
    # Beta(2, 1) against Beta(1, 2): P(X > Y) = 5/6.
    assert learner.weights(["a", "b"], AT)["a"] == pytest.approx(5 / 6, abs=1e-4)


def test_epsilon_greedy_gives_the_best_mean_all_but_a_share_for_trying():
    learner = taught(Learner(None, Policy.EPSILON_GREEDY, epsilon=0.3), [("b", 1.0), ("a", 0.0)])
    assert learner.weights(ARMS, AT) == pytest.approx({"a": 0.1, "b": 0.8, "c": 0.1})
    rng = Random(7)
    chosen = Counter(learner.choose(ARMS, AT, rng) for _ in range(10_000))
    assert chosen["b"] / 10_000 == pytest.approx(0.8, abs=0.015)


def test_a_new_arm_is_believed_to_be_like_the_others_not_splendid():
    low = {"a": Counts(3, 97), "b": Counts(2, 98), "new": Counts()}
    assert prior(low).mean == pytest.approx(6 / 202)
    assert prior({}).a == prior({}).b == 1


def test_time_alone_lets_knowledge_fade():
    learner = Learner(None, forgetting=Forgetting(1.0, 10 * HOUR))
    learner.update("a", 1.0, AT)
    assert learner.known(["a"], AT + 10 * HOUR)["a"] == Counts(0.5, 0)
    assert learner.known(["a"], AT - HOUR)["a"] == Counts(1.0, 0)


@pytest.mark.parametrize("reward", [-0.1, 1.1, float("nan")])
def test_a_reward_outside_zero_to_one_is_refused_and_changes_nothing(reward):
    learner = Learner()
    with pytest.raises(ValueError, match="between 0 and 1"):
        learner.update("a", reward, AT)
    with pytest.raises(ValueError, match="between 0 and 1"):
        learner.gather("a", reward, AT)
    assert (learner.version, learner.gathered) == (0, ())


def test_forgetting_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="discount"):
        Forgetting(0)
    with pytest.raises(ValueError, match="half-life"):
        Forgetting(1, timedelta(0))


def test_nothing_to_choose_from_is_an_error_and_no_arms_have_no_weights():
    assert Learner().weights([], AT) == {}
    with pytest.raises(ValueError, match="no arm"):
        Learner().choose([], AT, Random(1))


def earned_after_the_switch(policy: Policy, forgetting: Forgetting, seed: int) -> float:
    """Mean reward of 200 choices after the best of three arms has become the worst, 300 choices in."""
    world, rng = Random(seed), Random(seed + 10_000)
    learner = Learner(None, policy, forgetting)
    rewards = []
    for step in range(500):
        rates = {"a": 0.7, "b": 0.4, "c": 0.2} if step < 300 else {"a": 0.2, "b": 0.4, "c": 0.7}
        arm = learner.choose(ARMS, AT, rng)
        reward = float(world.random() < rates[arm])
        learner.update(arm, reward, AT)
        rewards.append(reward)
    return fmean(rewards[300:])


@pytest.mark.parametrize("policy", list(Policy))
def test_forgetting_follows_a_switch_of_the_best_arm_better_than_remembering_all(policy):
    forgetful = fmean(earned_after_the_switch(policy, Forgetting(0.97), seed) for seed in range(40))
    faithful = fmean(earned_after_the_switch(policy, Forgetting(1.0), seed) for seed in range(40))
    assert forgetful > faithful + 0.05
