"""What trading measures for rules."""

from services.core.metrics import Better, Metric, Metrics

METRICS = Metrics(
    Metric(
        "trading.drawdown",
        "",
        "fall of marked equity from its peak in the session, as a share",
        Better.LOWER,
        digits=3,
        fall_of="trading.equity",
    ),
)
