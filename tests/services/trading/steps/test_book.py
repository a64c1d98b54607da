"""Each convention of a fill on bars that are reckoned by hand: ticks of 0.01, steps of 0.001, a fee of 1 %."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.trading.steps import book as steps
from services.trading.steps import book_layout as at
from tests.support.examples import examples

PLAIN = {
    at.TICK_PART: 1,
    at.TICK_SCALE: 100,
    at.STEP_PART: 1,
    at.STEP_SCALE: 1000,
    at.MIN_NOTIONAL: 1,
    at.FEE: 0.01,
    at.SHARE: 1,
    at.STOP_FIRST: 1,
    at.LIMIT_SHARE: 0.1,
}
BUY, SELL = 1, -1


@dataclass(frozen=True)
class Filled:
    side: float
    quantity: float
    price: float
    fee: float
    reason: float


def batched(row: list[float]) -> Iterator[list[float]]:
    return (row[start : start + at.FILL] for start in range(0, len(row), at.FILL))


class Bot:
    """A book with 1,010 of cash."""

    def __init__(self, **terms: float) -> None:
        self.terms = [float(PLAIN.get(place, 0.0)) for place in range(at.TERMS)]
        for name, value in terms.items():
            self.terms[getattr(at, name)] = float(value)
        self.book = [0.0] * at.BOOK
        self.book[at.CASH] = 1010.0
        self.fills = [0.0] * (at.FILL * at.MOST_FILLS)
        self.funding = 0.0

    def bar(self, prices: tuple[float, float, float, float], does: str = "", volume: float = 1e6) -> list[Filled]:
        """One bar of open, high, low and close; ``does`` is what its close asks for."""
        open_, high, low, close = prices
        enters = float("enter" in does) - float("short" in does)
        rows = self.book, self.terms, self.fills
        steps.before_close(*rows, open_, high, low, volume, self.funding, "stale" in does)
        steps.at_close(*rows, close, enters, "leave" in does, "cover" in does, "last" in does)
        return [
            Filled(side, quantity, price, round(fee, 9), reason)
            for side, quantity, price, fee, reason, _, _ in batched(self.fills[: at.FILL * int(self.book[at.FILLS])])
        ]

    def __getitem__(self, place: int) -> float:
        return self.book[place]

    def holding(self) -> "Bot":
        """In a position of 10 at 100, entered at the open of the bar before; the cash is gone."""
        self.bar(flat(100), "enter")
        assert self.bar(flat(100)) == [Filled(BUY, 10.0, 100.0, 10.0, at.BY_SIGNAL)]
        assert self[at.CASH] == 0
        return self

    def holding_at_close(self) -> "Bot":
        """In a position of 10 at 100, entered at the close of the bar before."""
        self.bar(flat(100), "enter")
        return self


def flat(price: float) -> tuple[float, float, float, float]:
    return price, price, price, price


def test_what_a_close_decides_is_filled_at_the_next_open_a_tick_against_us() -> None:
    bot = Bot(SLIPPAGE_TICKS=1)
    assert bot.bar((99, 101, 98, 100), "enter") == []
    # 1,010 / (100.01 * 1.01) = 9.99900.. is floored to the step: 9.999 cost 999.99999, their fee is 9.9999999.
    assert bot.bar((100, 103, 100, 102)) == [Filled(BUY, 9.999, 100.01, 9.9999999, at.BY_SIGNAL)]
    assert bot[at.CASH] == pytest.approx(1010 - 999.99999 - 9.9999999, abs=1e-9)
    bot.bar(flat(102), "leave")
    assert bot.bar((104, 105, 103, 104)) == [Filled(SELL, 9.999, 103.99, 10.3979601, at.BY_SIGNAL)]
    assert bot[at.HELD] == 0


def test_at_the_close_it_is_filled_on_the_bar_that_decides() -> None:
    bot = Bot(AT_CLOSE=1)
    assert bot.bar((99, 101, 98, 100), "enter") == [Filled(BUY, 10.0, 100.0, 10.0, at.BY_SIGNAL)]
    assert bot.bar((90, 91, 89, 90), "leave") == [Filled(SELL, 10.0, 90.0, 9.0, at.BY_SIGNAL)]


@pytest.mark.parametrize("at_close", [0, 1])
def test_what_the_last_bar_decides_is_not_filled_and_its_equity_is_marked_without_a_fee(at_close: int) -> None:
    bot = Bot(AT_CLOSE=at_close)
    assert bot.bar(flat(100), "enter last") == []
    held = Bot(AT_CLOSE=0).holding()
    held.bar((100, 120, 100, 110), "leave last")
    assert steps.equity(held.book, 110) == 1100


def test_a_stop_counts_from_the_entry_on_with_the_next_open_on_its_own_bar() -> None:
    bot = Bot(STOP=0.05)
    bot.bar(flat(100), "enter")
    assert bot.bar((100, 101, 94, 96)) == [
        Filled(BUY, 10.0, 100.0, 10.0, at.BY_SIGNAL),
        Filled(SELL, 10.0, 95.0, 9.5, at.BY_STOP),
    ]


def test_a_stop_counts_from_the_next_bar_on_where_the_entry_is_at_the_close() -> None:
    bot = Bot(STOP=0.05, AT_CLOSE=1)
    assert len(bot.bar((100, 101, 90, 100), "enter")) == 1
    assert bot.bar((99, 99, 95, 96)) == [Filled(SELL, 10.0, 95.0, 9.5, at.BY_STOP)]


def test_a_stop_is_a_market_order_with_slippage() -> None:
    bot = Bot(STOP=0.05).holding()
    bot.terms[at.SLIPPAGE_TICKS] = 2
    assert bot.bar((99, 99, 94, 96))[0].price == 94.98


@pytest.mark.parametrize(("open_", "price", "reason"), [(93, 93, at.BY_STOP), (112, 112, at.BY_TARGET)])
def test_what_opens_beyond_stop_or_target_is_filled_at_the_open(open_: float, price: float, reason: int) -> None:
    bot = Bot(STOP=0.05, TARGET=0.1).holding()
    (fill,) = bot.bar((open_, max(open_, 111), min(open_, 94), 100))
    assert (fill.price, fill.reason) == (price, reason)
    assert bot[at.BOTH] == 0, "the open tells which came first"


@pytest.mark.parametrize(("stop_first", "price"), [(1, 95), (0, 110)])
def test_a_bar_that_touches_both_is_left_by_the_stop_unless_the_strategy_says_otherwise(
    stop_first: int, price: float
) -> None:
    bot = Bot(STOP=0.05, TARGET=0.1, STOP_FIRST=stop_first).holding()
    (fill,) = bot.bar((100, 111, 94, 100))
    assert (fill.price, bot[at.BOTH]) == (price, 1)


@pytest.mark.parametrize(("high", "sells"), [(110.00, False), (110.01, True)])
def test_a_target_is_a_limit_that_the_price_has_to_trade_through_by_a_tick(high: float, sells: bool) -> None:
    bot = Bot(TARGET=0.1, SLIPPAGE_TICKS=0).holding()
    told = bot.bar((100, high, 100, 105))
    assert told == ([Filled(SELL, 10.0, 110.0, 11.0, at.BY_TARGET)] if sells else [])


def test_a_limit_takes_a_tenth_of_the_bars_volume_and_the_rest_stays_open() -> None:
    bot = Bot(TARGET=0.1).holding()
    assert bot.bar((100, 111, 100, 105), volume=40)[0].quantity == 4.0
    assert (bot[at.OPEN], bot[at.HELD]) == (1, 6.0)
    assert bot.bar((100, 111, 100, 105), volume=0) == []
    assert bot[at.REFUSED] == at.NO_VOLUME
    assert bot.bar((100, 111, 100, 105))[0].quantity == 6.0
    assert (bot[at.OPEN], bot[at.HELD]) == (0, 0)


def test_a_volume_in_quote_is_valued_at_the_fill() -> None:
    bot = Bot(TARGET=0.1, VOLUME_IN_QUOTE=1).holding()
    assert bot.bar((100, 111, 100, 105), volume=4400)[0].quantity == 4.0


def test_a_trailing_stop_knows_the_highs_of_earlier_bars_alone() -> None:
    bot = Bot(TRAILING=0.1).holding()
    assert bot.bar((100, 130, 110, 120)) == [], "117 would be under its own high of 130; 90 is under the entry"
    assert bot.bar((120, 125, 116, 118)) == [Filled(SELL, 10.0, 117.0, 11.7, at.BY_TRAILING)]


def test_nothing_is_entered_on_a_bar_that_was_left_by_its_stop() -> None:
    bot = Bot(STOP=0.05, AT_CLOSE=1).holding_at_close()
    assert len(bot.bar((100, 100, 94, 96), "enter")) == 1
    assert bot[at.OPEN] == 0
    assert bot.bar(flat(96), "enter")[0].side == BUY


@pytest.mark.parametrize("bars", [0, 1, 3])
def test_after_an_exit_it_cools_down_for_so_many_bars(bars: int) -> None:
    bot = Bot(COOL_DOWN=bars).holding()
    bot.bar(flat(100), "leave")
    bot.bar(flat(100), "enter")  # the exit's own bar
    waited = 0
    while not bot[at.PENDING]:
        bot.bar(flat(100), "enter")
        waited += 1
    assert waited == (bars + 1 if bars else 0)


def test_an_entry_after_missing_bars_is_given_up_and_an_exit_is_not() -> None:
    bot = Bot()
    bot.bar(flat(100), "enter")
    assert bot.bar(flat(100), "stale") == []
    assert bot[at.REFUSED] == at.BARS_MISSING
    held = Bot().holding()
    held.bar(flat(100), "leave")
    assert held.bar(flat(90), "stale")[0].price == 90


@pytest.mark.parametrize(
    ("terms", "price", "why"),
    [
        ({"MIN_NOTIONAL": 2000}, 100, at.TOO_SMALL),
        ({"MIN_NOTIONAL": 995}, 100, at.TOO_SMALL),  # 1,000 would do, but not the 990 that an exit leaves of it
        ({}, 5_000_000, at.NOT_ONE_STEP),
    ],
)
def test_what_is_too_small_to_trade_is_not_placed_and_why_is_kept(terms: dict, price: float, why: int) -> None:
    bot = Bot(**terms)
    bot.bar(flat(price), "enter")
    assert bot.bar(flat(price)) == []
    assert (bot[at.REFUSED], bot[at.OPEN], bot[at.CASH]) == (why, 0, 1010)


def test_a_price_that_slippage_leaves_nothing_of_sells_nothing() -> None:
    bot = Bot(SLIPPAGE_TICKS=0).holding()
    bot.terms[at.SLIPPAGE_TICKS] = 200
    bot.bar(flat(1), "leave")
    assert bot.bar(flat(1)) == []
    assert bot[at.REFUSED] == at.NO_PRICE


def test_what_is_too_little_to_be_sold_stays_as_dust_and_the_position_is_over() -> None:
    bot = Bot(MIN_NOTIONAL=50).holding()
    bot.bar(flat(4), "leave")
    assert bot.bar(flat(4)) == []
    assert (bot[at.OPEN], bot[at.HELD], bot[at.REFUSED]) == (0, 10, at.TOO_SMALL)


@pytest.mark.parametrize("any_exit", [False, True])
def test_on_a_perpetual_what_is_too_little_is_closed_in_any_size(any_exit: bool) -> None:
    bot = Bot(MARGIN=any_exit, TARGET=0.1).holding()
    bot.terms[at.MIN_NOTIONAL] = 1100.0
    sold = bot.bar((100, 111, 100, 110), volume=5)
    assert [fill.quantity for fill in sold] == ([0.5] if any_exit else [])
    bot.bar(flat(100), "leave")
    bot.bar(flat(100))
    assert (bot[at.OPEN], bot[at.HELD]) == (0, 0 if any_exit else 10)


def test_a_fee_in_base_is_taken_of_the_coins() -> None:
    bot = Bot(FEE_IN_BASE=1)
    bot.bar(flat(101), "enter")
    assert bot.bar(flat(101)) == [Filled(BUY, 10.0, 101.0, 10.1, at.BY_SIGNAL)]
    assert (bot[at.CASH], bot[at.HELD]) == (0, 9.9)


def test_a_fixed_amount_is_scaled_down_to_the_cash() -> None:
    bot = Bot(FIXED=505)
    bot.bar(flat(100), "enter")
    assert bot.bar(flat(100))[0].quantity == 5.0
    poor = Bot(FIXED=5050)
    poor.bar(flat(100), "enter")
    assert poor.bar(flat(100))[0].quantity == 10.0


def test_ten_bars_by_hand() -> None:
    bot = Bot(STOP=0.05, TARGET=0.1, COOL_DOWN=1, SHARE=0.5)
    told = [
        bot.bar(flat(100), "enter"),
        bot.bar((100, 104, 99, 103)),  # 505 / (100 * 1.01) = 5
        bot.bar((103, 110.02, 102, 109)),  # through 110 by two ticks
        bot.bar((109, 109, 108, 108), "enter"),  # it cools down
        bot.bar((108, 108, 107, 107), "enter"),
        bot.bar((107, 107, 106, 106)),  # half of 505 + 110 * 5 * 0.99 ... of what there is
        bot.bar((106, 106, 100, 102)),
        bot.bar(flat(102)),
        bot.bar(flat(102)),
        bot.bar(flat(102), "enter last"),
    ]
    assert [len(fills) for fills in told] == [0, 1, 1, 0, 0, 1, 1, 0, 0, 0]
    cash = 505 + 5 * 110 * 0.99
    bought = told[5][0]
    assert bought.quantity == int(cash / 2 / (107 * 1.01) * 1000) / 1000
    assert told[6][0].price == 101.65  # 5 % under 107
    left = cash - bought.quantity * 107 * 1.01 + bought.quantity * 101.65 * 0.99
    assert bot[at.CASH] == pytest.approx(left, abs=1e-9)


DOES = ("", "enter", "leave", "short", "cover", "enter cover", "short leave")


def test_of_a_short_that_was_left_in_parts_no_debt_of_a_rounding_remains() -> None:
    bot = Bot(STOP=0.03, TARGET=0.05, SHARE=0.7, AT_CLOSE=1, MARGIN=1)
    bot.bar((1, 34, 1, 33.99), "short")
    assert bot.bar(flat(1), volume=2)[0].quantity == 0.2
    bot.terms[at.STOP] = 0.001
    bot.bar(flat(100))
    assert (bot[at.OPEN], bot[at.HELD]) == (0, 0)


PRICE = st.floats(1, 1000).map(lambda price: round(price, 2))


MOVES = st.lists(st.tuples(PRICE, PRICE, PRICE, PRICE, st.floats(0, 100), st.sampled_from(DOES)), max_size=60)
LIMITS = {"BY_LIMITS": 1, "OFFSET_TICKS": 20, "REPRICE_BARS": 2, "REPRICE_TIMES": 1}


@pytest.mark.parametrize("kind", [{}, {"AT_CLOSE": 1}, LIMITS, {**LIMITS, "THEN_MARKET": 1}, {"FEE_IN_OTHER": 1}])
@pytest.mark.parametrize("shorts", [False, True])
@given(bars=MOVES)
@settings(max_examples=examples(20))
def test_cash_coins_and_fees_are_the_sum_of_the_fills(bars: list, kind: dict, shorts: bool) -> None:
    bot = Bot(STOP=0.03, TRAILING=0.04, TARGET=0.05, SHARE=0.7, SLIPPAGE_TICKS=1, COOL_DOWN=1, MARGIN=shorts, **kind)
    cash, held, fees = 1010.0, 0.0, 0.0
    for one, two, three, four, volume, does in bars:
        prices = (one, max(one, two, three, four), min(one, two, three, four), four)
        for fill in bot.bar(prices, does if shorts else does.replace("short", ""), volume):
            cash -= fill.side * fill.quantity * fill.price + fill.fee
            held += fill.side * fill.quantity
            fees += fill.fee
            assert prices[2] - 0.011 <= fill.price <= prices[1] + 0.011 or fill.reason in (at.BY_SIGNAL, at.BY_TURN)
        assert bot[at.CASH] - bot[at.OWED] == pytest.approx(cash, rel=1e-11, abs=1e-6)
        assert bot[at.HELD] == pytest.approx(held, rel=1e-11, abs=1e-9)
        assert bot[at.FEES] == pytest.approx(fees, rel=1e-11, abs=1e-6)
        assert bot[at.HELD] * bot[at.OPEN] > 0 or bot[at.HELD] >= bot[at.OPEN] == 0, "dust may be left, a debt may not"
        assert shorts or min(bot[at.CASH] + 1e-9, bot[at.HELD]) >= 0
        assert bot[at.REST] == 0 or bot[at.OPEN] in (0, bot[at.REST_SIDE])


@given(MOVES)
@settings(max_examples=examples(20))
def test_a_short_is_never_worth_more_than_the_equity_it_is_entered_with(bars: list) -> None:
    bot = Bot(SLIPPAGE_TICKS=1, STOP=0.1, MARGIN=1)
    for one, two, three, four, volume, does in bars:
        prices = (one, max(one, two, three, four), min(one, two, three, four), four)
        before = bot[at.OPEN]
        fills = bot.bar(prices, does, volume)
        if before == 0 and bot[at.OPEN] < 0:
            assert (
                fills[-1].quantity * fills[-1].price <= steps.equity(bot.book, fills[-1].price) + fills[-1].fee + 1e-9
            )
