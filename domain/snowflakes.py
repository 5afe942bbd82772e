"""Discord's ids, which say when Discord created something."""

from __future__ import annotations

import bisect
import hashlib
from array import array
from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_BITS_BELOW_TIME = 22


def created_at(snowflake: int) -> datetime:
    """Return when Discord created something, from its id."""
    return _EPOCH + timedelta(milliseconds=snowflake >> _BITS_BELOW_TIME)


def first_at(moment: datetime) -> int:
    """Return the lowest id that something created then can have."""
    return (moment - _EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW_TIME


def reaction_key(message_id: int, person_id: int, emoji: str) -> int:
    """Return what stands for a reaction where a command has the id of its message.

    Always the same for one person's emoji on one message, and below 0, which no snowflake is. With
    its sign it has the 64 bits that the databases hold.
    """
    digest = hashlib.sha256(f"{message_id} {person_id} {emoji}".encode()).digest()
    return -1 - (int.from_bytes(digest[:8]) >> 1)


def is_snowflake(number: int) -> bool:
    """Whether it is an id of Discord's, and not the key of a reaction."""
    return number > 0


class SortedIds(Container[object]):
    """A set of ids in eight bytes each, for months of history. They come nearly in order."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        """Begin with some, in order."""
        self._ids = array("Q", ids)

    def add(self, one: int) -> None:
        """Add an id; quick if it is newer than all others."""
        if one > self.newest:
            self._ids.append(one)
        elif one not in self:
            bisect.insort(self._ids, one)

    def including(self, ids: Iterable[int]) -> Self:
        """Return these and others."""
        both = type(self)(self._ids)
        for one in ids:
            both.add(one)
        return both

    @property
    def newest(self) -> int:
        """The newest, or 0."""
        return self._ids[-1] if self._ids else 0

    def __contains__(self, one: object) -> bool:
        """Whether it was added."""
        if not isinstance(one, int) or one < 0:
            return False
        place = bisect.bisect_left(self._ids, one)
        return place < len(self._ids) and self._ids[place] == one
