"""What was heard before: notices, and jobs that belong to no generation, or to another one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from domain.events import Heard, JobFinished, MidjourneyNotice
from domain.generation import Generation
from domain.matching import Match
from domain.ports import Clock
from domain.text_matching import Job, is_ruled_out

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 1000


class HeardBefore:
    """Remembers the latest of each kind."""

    def __init__(self, clock: Clock) -> None:
        """Nothing was heard yet."""
        self._clock = clock
        self._unmatched: dict[int, Job] = {}
        self._first_heard: dict[int | str, datetime] = {}
        self._notices: dict[tuple[int, str], Match | None] = {}
        self._others_grids: deque[tuple[Match, int]] = deque(maxlen=REMEMBERED)

    def was_noted(self, notice: MidjourneyNotice, found: Match | None) -> bool:
        """Whether this was heard before; from now on it was.

        Again is news when only now it is known what it belongs to; but what belonged to something
        is never about something else, though all others may have got their answers since.
        """
        key = (notice.message_id, notice.title)
        ours = self._notices.get(key)
        before = key in self._notices and (found is None or ours is not None)
        self._notices[key] = ours or found
        _forget_oldest(self._notices)
        return before

    def leave(self, heard: Heard) -> None:
        """Remember a job that belongs to no row; later, its ids may prove that it never will.

        It may be heard before the answer that gives our own request its id.
        """
        if not isinstance(heard, Job):
            return
        self._unmatched[heard.message_id] = heard
        for one in (heard.message_id, heard.job_id or heard.message_id):
            self._first_heard.setdefault(one, self._clock.now())
        _forget_oldest(self._unmatched)
        _forget_oldest(self._first_heard)

    def leave_to_holder(self, found: Match, heard: Heard) -> None:
        """Remember that a grid is another row's: it is no answer to this one, nor to any other."""
        if isinstance(heard, JobFinished):
            self._others_grids.append((found, heard.message_id))

    def is_anothers(self, found: Match, heard: Heard) -> bool:
        """Whether that is known of what was heard."""
        return isinstance(heard, JobFinished) and (found, heard.message_id) in self._others_grids

    def others_grids(self) -> Iterator[int]:
        """Yield the messages with grids of rows that others hold."""
        yield from (message_id for _, message_id in self._others_grids)

    def ruled_out(self, generation: Generation) -> Iterator[int | str]:
        """Yield the messages and jobs that are not this generation's, as their ids say."""
        for job in self._unmatched.values():
            if is_ruled_out(job, generation):
                yield job.message_id
                if job.job_id is not None:
                    yield job.job_id

    @property
    def first_heard(self) -> Mapping[int | str, datetime]:
        """When messages and jobs were heard first, by our own clock."""
        return self._first_heard


def _forget_oldest(kept: dict[K, V]) -> None:
    while len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
