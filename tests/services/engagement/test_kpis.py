from datetime import UTC, datetime

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Event, Recorded
from services.core.projections.projection import fold_all
from services.engagement.events import ActionRefused, Interacted, Measured, Posted, ResponseSeen
from services.engagement.kpis import EngagementFigures, EngagementKpis

AT = datetime(2026, 3, 4, tzinfo=UTC)


def facts(day: str = "2026-03-04") -> dict[str, object]:
    return {"campaign": "spring", "network": "sandbox (simulated)", "simulated": True, "day": day}


def posted(day: str = "2026-03-04") -> Posted:
    return Posted(**facts(day), post="p", text="t")


def response(score: float) -> ResponseSeen:
    return ResponseSeen(**facts(), response="r", parent="p", author="a", text="t", compound=score)


def measured(likes: int, impressions: int) -> Measured:
    return Measured(**facts(), post="p", likes=likes, replies=0, reposts=0, impressions=impressions, reward=0.1)


def waiting(decision: str) -> DecisionTaken:
    return DecisionTaken(decision, "reply.send", "w", "process:x", "x", "", Verdict.WAITING, False, {})


def changed(decision: str, verdict: Verdict) -> DecisionChanged:
    return DecisionChanged(decision, verdict, "user", "", {})


def figures(*events: Event) -> EngagementFigures:
    return fold_all(EngagementKpis(), [Recorded(seq, AT, "x", event) for seq, event in enumerate(events, 1)])


def test_before_anything_happened_there_is_nothing_to_tell() -> None:
    assert figures() == EngagementFigures(None, None, "", 0, 0, 0, 0, 0, simulated=False)


def test_the_rate_is_reactions_per_hundred_impressions_over_posts() -> None:
    assert figures(measured(5, 100), measured(1, 100)).rate == pytest.approx(3.0)
    assert figures(*[measured(50, 100)] * 3, *[measured(1, 100)] * 20).rate == pytest.approx(1.0)


def test_actions_are_counted_by_the_networks_day() -> None:
    like = Interacted(**facts("2026-03-05"), action="like", response="r")
    late = posted("2026-03-04")
    today = figures(posted(), posted(), posted("2026-03-05"), like, late)
    assert (today.day, today.actions_today, today.posts) == ("2026-03-05", 2, 4)


def test_refusals_of_the_day_are_counted() -> None:
    refused = ActionRefused(**facts(), action="post", rule="quota", why="resumes 09:15")
    assert figures(refused, refused).refused_today == 2


def test_sentiment_is_a_mean_that_follows_the_newest() -> None:
    assert figures(response(0.5)).sentiment == 0.5
    assert figures(response(0.5), response(-0.5)).sentiment == pytest.approx(0.4)
    assert figures(response(0.5), *[response(-0.5)] * 60).sentiment == pytest.approx(-0.5, abs=0.01)


def test_replies_wait_until_a_person_decided_and_count_once_they_are_sent() -> None:
    asked = [posted(), waiting("a"), waiting("b"), waiting("c")]
    assert figures(*asked).replies_waiting == 3
    let_out = [*asked, changed("a", Verdict.INTENDED), changed("b", Verdict.REJECTED), changed("c", Verdict.EXPIRED)]
    assert (figures(*let_out).replies_waiting, figures(*let_out).actions_today) == (0, 1)
    assert figures(*let_out, changed("a", Verdict.DONE)).actions_today == 2
    assert figures(*let_out, changed("a", Verdict.NOT_DONE)).actions_today == 1


def test_decisions_of_others_are_not_replies() -> None:
    other = DecisionTaken("z", "patch.apply", "w", "process:y", "y", "", Verdict.WAITING, False, {})
    assert figures(other, changed("z", Verdict.DONE)).replies_waiting == 0


def test_simulated_figures_say_so() -> None:
    assert figures(posted()).simulated


def test_a_snapshot_goes_on_where_it_was_taken() -> None:
    events = [posted(), measured(5, 100), response(0.4), waiting("a"), changed("a", Verdict.INTENDED)]
    first = EngagementKpis()
    fold_all(first, [Recorded(seq, AT, "x", event) for seq, event in enumerate(events, 1)])
    second = EngagementKpis()
    second.thaw(first.freeze())
    rest = [Recorded(9, AT, "x", changed("a", Verdict.DONE))]
    assert fold_all(second, rest) == figures(*events, changed("a", Verdict.DONE))
