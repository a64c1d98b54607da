"""What a strategy's terms of posts earn: the same strategy on the same bars with them and without."""

from collections.abc import Callable

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.language.terms import SocialTerm
from services.trading.results.comparison import Comparison
from services.trading.social.post import Posts
from services.trading.statistics import returns_of
from services.trading.statistics.bootstrap import paired_difference
from services.trading.statistics.figure import Undefined
from services.trading.strategy import Strategy

CONFIDENCE = 0.99
"""A stream that says nothing is taken for one that does about once in a hundred times."""

NO_POSTS = Posts((), "none", "")


def compared(
    strategy: Strategy, bars: Bars, label: str, posts: Posts, taken: Callable[[int], None] = lambda count: None
) -> Comparison:
    """Go through the bars twice; ``taken`` is told how many there were so far, of twice as many."""
    told = Backtest(strategy, posts).run(bars, label, taken)
    plain = without_posts(strategy)
    # Where nothing is left to decide by, its terms have no data instead: then nothing is entered.
    other = Backtest(plain or strategy, NO_POSTS).run(bars, label, lambda count: taken(len(bars) + count))
    try:
        interval = paired_difference(returns_of(told.curve), returns_of(other.curve), confidence=CONFIDENCE)
        return Comparison(told, other, interval)
    except Undefined as reason:
        return Comparison(told, other, None, str(reason))


def without_posts(strategy: Strategy) -> Strategy | None:
    """As it would be written without them: the other terms with their weights; None where there is no other."""
    terms = {name: term for name, term in strategy.terms.items() if not isinstance(term, SocialTerm)}
    return strategy.model_copy(update={"terms": terms}) if terms else None
