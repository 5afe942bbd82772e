"""Ended generations and stored objects, as the clean-up finds them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from domain.archive import Candidate, StoredObject
from domain.generation import Status
from tests.builders import ANN, NOW

BEN = 1002
DAY = timedelta(days=1)
numbers = count(1)


def candidate(age: timedelta = 40 * DAY, **changes: Any) -> Candidate:
    """Return one that ended that long ago, newer by its number than all before."""
    seq = next(numbers)
    facts: dict[str, Any] = {
        "seq": seq,
        "id": f"00000000-0000-4000-8000-{seq:012}",
        "code": f"c{seq}",
        "author_id": ANN,
        "status": Status.COMPLETED,
        "changed_at": NOW - age,
        "pictures": 5,
        "size": 10,
    }
    return Candidate(**facts | changes)


def stored(key: str = "k", age: timedelta = 2 * DAY, size: int = 3) -> StoredObject:
    return StoredObject(key=key, size=size, changed_at=NOW - age)
