"""Discord's ids, which say when Discord created something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_BITS_BELOW_TIME = 22


def created_at(snowflake: int) -> datetime:
    """Return when Discord created something, from its id."""
    return _EPOCH + timedelta(milliseconds=snowflake >> _BITS_BELOW_TIME)


def first_at(moment: datetime) -> int:
    """Return the lowest id that something created then can have."""
    return (moment - _EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW_TIME
