"""A rule that stops a trader as soon as it has lost a little, and what became of what it did."""

from services.core.decisions.events import DecisionChanged, DecisionTaken
from tests.support.own import Mine

FALLS = """
- rule: drawdown stop
  metric: trading.drawdown
  each: trader
  statistic: last
  fire: {above: 0.0001}
  latched: true
  then: [pause each, alert]
"""


def done(mine: Mine, what: str) -> str:
    """The id of the decision, once it is done."""
    ids = {event.id for event in mine.events(DecisionTaken) if event.what == what}
    return next((event.id for event in mine.events(DecisionChanged) if event.id in ids and event.verdict == "done"), "")
