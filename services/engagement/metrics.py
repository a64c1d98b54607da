"""What engagement measures for rules."""

from services.core.events import Recorded
from services.core.metrics import Better, Metric, Metrics, Observation
from services.engagement.events import DayMeasured

METRICS = Metrics(
    Metric(
        "engagement.deviation",
        "",
        "once a day: the day's response score against the campaign's own days before, in robust standard deviations",
        Better.HIGHER,
        1,
    ),
)


@METRICS.observes(DayMeasured)
def deviated(recorded: Recorded) -> list[Observation]:
    """One value for each day that could be compared; the subject is the campaign's process."""
    event = recorded.event
    assert isinstance(event, DayMeasured)
    if event.deviation is None:
        return []
    return [Observation("engagement.deviation", event.deviation, recorded.at, recorded.source or event.campaign)]
