"""What learns beside the trade, folded from its events and from a ledger of decisions."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.events import Event, Recorded
from services.trading.learning.commands import Demote, Promote
from services.trading.learning.comparisons import Comparisons, sentiment_compared
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.standing import Challengers
from tests.support.pages import Moment
from widgets.pages.trading.learning_card import LearningCard
from widgets.parts.text.elided import ElidedLabel
from widgets.states.trading.learning import LearningShown, drawdown_told, learning_of, percent_told, sharpe_told

AT = datetime(2026, 1, 1, tzinfo=UTC)
BOT = "macd-eth-btc"
STARTED = ShadowStarted(
    strategy=BOT,
    market="ETH/BTC",
    label="recorded: eth.csv",
    parameters={"macd.fast": 8, "macd.slow": 21},
    replaced={"macd.fast": 12, "macd.slow": 26},
    capital=100.0,
    windows=4,
    deflated=0.97,
    trials=1890,
    since=AT,
)


def of(*events: Event, decisions: DecisionsValue | None = None) -> LearningShown:
    projection = Challengers()
    for seq, event in enumerate(events, 1):
        projection.fold(Recorded(seq, AT, "shadow", event))
    values: dict[Any, Any] = {Challengers: projection.value()}
    return learning_of(Moment(values | ({Decisions: decisions} if decisions else {}), AT), BOT)


def promotion(verdict: Verdict) -> DecisionsValue:
    row = DecisionRow(
        id="d1",
        at=AT,
        kind=PromoteStrategy.type_name,
        what=f"Promote {BOT} to macd.fast 8",
        by="shadow",
        process="shadow",
        because="",
        verdict=verdict,
        undoable=True,
        evidence={},
    )
    waiting = (row,) if verdict is Verdict.WAITING else ()
    return DecisionsValue(rows=(row,), waiting=waiting)


def test_challenger_and_champion_stand_one_below_the_other_with_their_results() -> None:
    shown = of(
        STARTED,
        ShadowTrade(BOT, "challenger", 2.5, AT, "signal"),
        ShadowTrade(BOT, "champion", -1.0, AT, "signal"),
    )
    assert [(line.name, line.champion, round(line.percent, 6), line.trades) for line in shown.lines] == [
        ("fast 8 slow 21", False, 2.5, 1),
        ("fast 12 slow 26 · now", True, -1.0, 1),
    ]
    assert "on recorded candles" in shown.sentence
    assert [(row.name, row.value) for row in shown.facts] == [("Deflated Sharpe", "97.0% · 1,890 trials at its start")]


class Sampled(Moment):
    """A moment at which a shadow run has told its figures."""

    def newest(self, metric: str, since: datetime | None = None) -> float | None:
        figures = {"challenger.sharpe": 1.92, "challenger.drawdown": 0.031, "bars": 1204.0, "next_look": 1890.0}
        return {f"trading.shadow.{name}:shadow": value for name, value in figures.items()}.get(metric)


def test_sharpe_drawdown_and_the_way_to_the_next_look_are_what_the_run_tells() -> None:
    projection = Challengers()
    projection.fold(Recorded(1, AT, "shadow", STARTED))
    shown = learning_of(Sampled({Challengers: projection.value()}, AT), BOT)
    assert [(sharpe_told(line), drawdown_told(line)) for line in shown.lines] == [("1.92", "3.1%"), ("—", "—")]
    assert shown.note == "1,204 / 1,890 bars"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-4e-5, 2e-5, "−0.40 to +0.20 bp · noise"),
        (1e-5, 2e-5, "+0.10 to +0.20 bp · better"),
        (-4e-5, -2e-5, "−0.40 to −0.20 bp · worse"),
    ],
)
def test_the_bounds_of_the_difference_come_with_the_word_for_them(low: float, high: float, told: str) -> None:
    looked = ShadowLooked(BOT, 1, 700, 100.0, 110.0, 31, low, [], high, 0.0, 4)
    assert [(row.name, row.value) for row in of(STARTED, looked).facts] == [
        ("Deflated Sharpe", "under 0.1% · 4 trials at look 1"),
        ("Above champion", told),
    ]


COMPARED = {
    "strategy": BOT,
    "data": "recorded: eth.csv",
    "bars": 8000,
    "conventions": {"market.symbol": "ETH/BTC"},
    "sentiment": {
        "verdict": "noise",
        "low": -2e-5,
        "high": 1e-5,
        "confidence": 0.99,
        "without": {"total_return": 0.012, "sharpe": 1.38, "max_drawdown": 0.044, "trades": 21},
    },
}


def test_a_strategy_that_listens_has_a_row_without_its_posts_and_noise_is_called_so() -> None:
    comparisons, challengers = Comparisons(), Challengers()
    comparisons.fold(Recorded(1, AT, "", sentiment_compared(COMPARED)))
    challengers.fold(Recorded(2, AT, "shadow", STARTED))
    values: dict[Any, Any] = {Comparisons: comparisons.value(), Challengers: challengers.value()}
    shown = learning_of(Moment(values, AT), BOT)
    last = shown.lines[-1]
    assert (last.name, percent_told(last), sharpe_told(last)) == ("without sentiment", "+1.20%", "1.38")
    assert shown.sentence.endswith("Its posts in its backtest: −0.20 to +0.10 bp a bar at 99%, noise.")
    assert learning_of(Moment(values, AT), "another").lines == ()


def test_it_says_what_is_missing_for_a_promotion() -> None:
    looked = ShadowLooked(BOT, 1, 700, 100.0, 110.0, 29, None, ["29 closed trades of 30 in its shadow run"])
    assert "Missing for a promotion at look 1: 29 closed trades of 30" in of(STARTED, looked).sentence


def test_without_a_challenger_it_says_where_one_comes_from_or_why_the_last_runs_no_more() -> None:
    assert of().lines == ()
    assert "walk-forward" in of().sentence
    assert "another one" in of(STARTED, ShadowEnded(BOT, "another one")).sentence


@pytest.fixture
def card(qtbot) -> LearningCard:
    made = LearningCard()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_promotion_that_waits_is_said_yes_to_once_and_a_failure_is_told(qtbot, card):
    told = []
    card.command.connect(told.append)
    card.show_learning(of(STARTED, decisions=promotion(Verdict.WAITING)), "")
    card.promote.click()
    card.promote.click()
    assert told == [Promote(BOT)]
    card.answered(told[0], "its file was changed by hand")
    assert card.promote.toolTip() == "its file was changed by hand"


def test_one_that_was_done_is_taken_back_after_it_was_asked_once_more(card):
    told = []
    card.command.connect(told.append)
    card.show_learning(of(STARTED, decisions=promotion(Verdict.DONE)), "")
    assert not card.promote.isVisible()
    card.demote.click()
    assert told == []
    card.demote.click()
    assert told == [Demote(BOT)]


def test_nothing_is_promoted_in_a_past_moment(card):
    card.show_learning(of(STARTED, decisions=promotion(Verdict.WAITING)), "a past moment is shown")
    assert not card.promote.isEnabled()


def test_a_narrow_card_says_less_in_its_title_so_that_the_way_to_the_next_look_can_be_read(qtbot, card):
    projection = Challengers()
    projection.fold(Recorded(1, AT, "shadow", STARTED))
    card.show_learning(learning_of(Sampled({Challengers: projection.value()}, AT), BOT), "")

    def readable() -> set[str]:
        return {label.text() for label in card.findChildren(ElidedLabel) if not label.hidden_text}

    for width, title in ((254, "Learning"), (500, "Learning beside the trade")):
        card.resize(width, 300)
        qtbot.waitUntil(lambda wanted={title, "1,204 / 1,890 bars"}: wanted <= readable())
        assert card.accessibleName() == "Learning beside the trade"
