"""Moments as whole microseconds since 1970-01-01 UTC: eight bytes each, and exact in every sum."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EARLIEST = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
"""Between these a ``datetime`` can say it."""
NO_TIME = -(2**63)
"""Stands where a file has no moment in a row; earlier than ``EARLIEST``."""


def moment(microseconds: int) -> datetime:
    """As a ``datetime`` in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def microseconds_of(time: datetime) -> int:
    """Of a ``datetime`` with a zone."""
    return (time - EPOCH) // MICROSECOND


def moment_text(microseconds: int) -> str:
    """As it is told in an error, to the second where that is all of it: ``2018-01-10 04:55:00``."""
    return moment(microseconds).replace(tzinfo=None).isoformat(sep=" ")
