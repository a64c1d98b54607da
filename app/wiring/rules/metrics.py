"""What the program and its services measure, for rules to watch."""

from services.core.events import Recorded
from services.core.metrics import Better, Metric, Metrics, Observation
from services.engagement.metrics import METRICS as ENGAGEMENT
from services.orchestrator.events import Result, RunEnded
from services.trading.metrics import METRICS as TRADING


def house_metrics() -> Metrics:
    """What the program measures of itself."""
    metrics = Metrics(
        Metric("process.failed", "", "1 for a run that failed, 0 for one that ended well", Better.LOWER, 2),
    )

    @metrics.observes(RunEnded)
    def failed(recorded: Recorded) -> list[Observation]:
        event = recorded.event
        assert isinstance(event, RunEnded)
        if event.result in (Result.CANCELLED, Result.LOST, Result.MISCONFIGURED, Result.SUPERSEDED):
            return []
        value = 0.0 if event.result is Result.FINISHED else 1.0
        return [Observation("process.failed", value, recorded.at, event.process)]

    return metrics


def all_metrics() -> Metrics:
    """What the program and its services measure."""
    metrics = house_metrics()
    metrics.include(TRADING)
    metrics.include(ENGAGEMENT)
    return metrics
