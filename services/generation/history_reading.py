"""One reading of the channel's history, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.events import Heard, JobFinished
from domain.generation import Generation
from domain.snowflakes import SortedIds
from domain.text_matching import may_be_needed

MOST_LEFT = 1000
"""How much is kept that no id has given to a generation."""


class HistoryReading:
    """What is kept of the pages until the last one: ids, and what their text may decide about.

    The reading covers what came after the message `since`. It began at `at`, which is `began` on
    the clock that never goes back: what was said later may be in it or not. So much may be left
    that it is `crowded`: then only ids decide.
    """

    def __init__(self, *, since: int, account_id: int, at: datetime, began: float) -> None:
        """Nothing is read yet."""
        self.since = since
        self.account_id = account_id
        self.at = at
        self.began = began
        self.message_ids = SortedIds()
        self.finished = SortedIds()
        self.left: list[Heard] = []
        self.crowded = False

    def take(self, heard: Heard, *, matched: bool, candidates: Sequence[Generation]) -> None:
        """Note something that was read; what its ids gave to a generation is done with."""
        message_id: int | None = getattr(heard, "message_id", None)
        if message_id is not None:
            self.message_ids.add(message_id)
            if isinstance(heard, JobFinished):
                self.finished.add(message_id)
        if matched or not may_be_needed(heard, candidates, self.account_id):
            return
        if len(self.left) == MOST_LEFT:
            self.crowded = True
        else:
            self.left.append(heard)
