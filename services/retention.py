"""The automatic clean-up: plans which pictures exceed the limits, then deletes them.

Pictures are deleted; rows stay, marked as archived. Old events are deleted as well, by a limit of
their own. `plan` is pure; `remove` can be interrupted anywhere and continues the next time. Without
a limit, nothing happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import structlog

from domain.archive import Archive, Candidate, EventSpan, StoredObject
from domain.generation import TERMINAL
from domain.ports import Clock, ImageStore
from domain.slots import Slot, picture_key
from domain.steps import LATE_RESULTS
from services.settings import RetentionSettings

log = structlog.get_logger(__name__)

T = TypeVar("T")

UPLOADED = timedelta(days=1)
"""How old an object without a row must be, so that it cannot be a current upload."""
FIRST_SECONDS = 300.0
"""How long to wait after a start: other work is more urgent then, and the process may soon fail."""
EVERY_SECONDS = 24 * 3600.0
PAGE = 500
"""How many rows are read at once."""
EVENT_PAGE = 500
"""How many events are read, or deleted, at once."""
BATCH = 20
"""How many generations, each with five pictures, are archived at once."""


class CleanupReason(StrEnum):
    """Why pictures are deleted."""

    TOO_OLD = "too_old"
    TOO_MANY = "too_many"  #: its author has enough newer ones
    BEGUN = "begun"  #: an earlier clean-up was interrupted
    ORPHAN = "orphan"  #: an object whose generation is not in the database, or is archived


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """The limits; None means none."""

    days: float | None = None  #: since the last change of the row
    per_person: int | None = None  #: how many of the newest ones with pictures
    event_days: float | None = None  #: since an event

    @classmethod
    def of(cls, settings: RetentionSettings) -> RetentionRules:
        """Read the settings."""
        return cls(
            days=settings.retention_days,
            per_person=settings.retention_per_person,
            event_days=settings.event_retention_days,
        )

    @property
    def of_pictures(self) -> bool:
        """Whether there is a limit for pictures; without one, none is ever deleted."""
        return self.days is not None or self.per_person is not None

    @property
    def given(self) -> bool:
        """Whether there is any limit; without one nothing is ever deleted."""
        return self != RetentionRules()


@dataclass(frozen=True, slots=True)
class Expired:
    """One generation to archive."""

    generation: Candidate
    reason: CleanupReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupPlan:
    """Everything that is to be deleted, and when that was decided."""

    at: datetime
    generations: tuple[Expired, ...] = ()
    orphans: tuple[StoredObject, ...] = ()
    events: tuple[EventSpan, ...] = ()

    @property
    def removable_events(self) -> int:
        """Return how many events will be deleted."""
        return sum(span.removable for span in self.events)

    @property
    def size(self) -> int:
        """Return how many bytes will be freed."""
        rows = sum(one.generation.size for one in self.generations)
        return rows + sum(orphan.size for orphan in self.orphans)


@dataclass(frozen=True, slots=True)
class CleanupResult:
    """How far a plan has been carried out."""

    generations: int = 0
    changed: int = 0  #: left alone, because somebody continued or keeps them meanwhile
    orphans: int = 0
    events: int = 0


def plan(
    candidates: Iterable[Candidate],
    unclaimed: Iterable[StoredObject],
    rules: RetentionRules,
    now: datetime,
    kept: Counter[int] | None = None,
) -> CleanupPlan:
    """Return what to delete: ended generations, and objects without a row.

    Late results may come for a day after the last change; until then nothing is touched. `kept`
    counts what each person keeps, newest first, across the pages of candidates.
    """
    if not rules.of_pictures:
        return CleanupPlan(at=now)
    return CleanupPlan(
        at=now,
        generations=tuple(_expired(candidates, rules, now, Counter() if kept is None else kept)),
        orphans=tuple(one for one in unclaimed if now - one.changed_at > UPLOADED),
    )


def _expired(
    candidates: Iterable[Candidate], rules: RetentionRules, now: datetime, kept: Counter[int]
) -> Iterator[Expired]:
    ended = (one for one in candidates if one.status in TERMINAL)
    for one in sorted(ended, key=lambda one: one.seq, reverse=True):
        reason = _reason(one, kept[one.author_id], rules, now)
        if reason is not None:
            yield Expired(one, reason)
        elif one.pictures and not one.begun:
            kept[one.author_id] += 1


def _reason(
    one: Candidate, newer: int, rules: RetentionRules, now: datetime
) -> CleanupReason | None:
    age = now - one.changed_at
    if age <= LATE_RESULTS:
        return None
    if one.begun:
        return CleanupReason.BEGUN
    if rules.days is not None and age > timedelta(days=rules.days):
        return CleanupReason.TOO_OLD
    if rules.per_person is not None and newer >= rules.per_person:
        return CleanupReason.TOO_MANY
    return None


async def remove(
    ids: Collection[str],
    archive: Archive,
    images: ImageStore,
    *,
    unchanged_since: datetime,
    favourites_too: bool = True,
) -> int:
    """Delete the pictures of generations and mark their rows; return how many.

    Generations that have not ended, or have changed since then, are left alone, and favourites
    unless `favourites_too`. A row is marked
    before its first object is deleted, and again after the last, so an interrupted run is continued
    later.
    """
    begun = await archive.begin_archiving(
        ids, unchanged_since=unchanged_since, favourites_too=favourites_too
    )
    await images.delete([picture_key(one, slot) for one in sorted(begun) for slot in Slot])
    await archive.finish_archiving(begun)
    return len(begun)


class Cleaner:
    """Makes the plan and carries it out."""

    def __init__(
        self, archive: Archive, images: ImageStore, rules: RetentionRules, clock: Clock
    ) -> None:
        """Keep the parts."""
        self._archive = archive
        self._images = images
        self._rules = rules
        self._clock = clock

    async def plan(self) -> CleanupPlan:
        """Return what would be deleted, without changing anything."""
        now = self._clock.now()
        events = tuple([span async for span in self._old_events(now) if span.removable])
        if not self._rules.of_pictures:
            return CleanupPlan(at=now, events=events)
        kept: Counter[int] = Counter()
        expired: list[Expired] = []
        async for page in self._candidates():  # page by page, so that the bot can work in between
            expired.extend(plan(page, (), self._rules, now, kept).generations)
        unclaimed = {one.key: one async for one in self._unclaimed()}
        orphans = plan((), unclaimed.values(), self._rules, now)
        return replace(orphans, generations=tuple(expired), events=events)

    async def execute(self, what: CleanupPlan) -> AsyncGenerator[CleanupResult]:
        """Carry out a plan; yield the progress after each batch."""
        done = CleanupResult()
        for batch in _batches([one.generation.id for one in what.generations], BATCH):
            archived = await remove(
                batch,
                self._archive,
                self._images,
                unchanged_since=what.at - LATE_RESULTS,
                favourites_too=False,
            )
            done = replace(
                done,
                generations=done.generations + archived,
                changed=done.changed + len(batch) - archived,
            )
            yield done
        for batch in _batches([one.key for one in what.orphans], BATCH * len(Slot)):
            await self._images.delete(batch)
            done = replace(done, orphans=done.orphans + len(batch))
            yield done
        for span in what.events:
            deleted = await self._archive.events.delete(span)
            done = replace(done, events=done.events + deleted)
            yield done

    async def run(self) -> None:
        """Clean up soon after the start and then every day, until cancelled; errors are logged."""
        if not self._rules.given:
            return
        await self._clock.sleep(FIRST_SECONDS)
        while True:
            await self._run_once()
            await self._clock.sleep(EVERY_SECONDS)

    async def _run_once(self) -> None:
        done = CleanupResult()
        try:
            what = await self.plan()
            async for done in self.execute(what):
                log.debug(
                    "cleaning", archived=done.generations, orphans=done.orphans, events=done.events
                )
        except Exception as error:  # noqa: BLE001 -- pictures that stay a day longer are no reason to end
            log.warning(
                "clean_up_failed",
                error=type(error).__name__,
                why=str(error),
                archived=done.generations,
                hint="tomorrow again",
            )
        else:
            log.info(
                "cleaned_up",
                archived=done.generations,
                orphans=done.orphans,
                bytes=what.size,
                events=done.events,
            )

    async def _candidates(self) -> AsyncGenerator[list[Candidate]]:
        before: int | None = None
        while page := await self._archive.list_candidates(before_seq=before, limit=PAGE):
            yield page
            before = page[-1].seq

    async def _old_events(self, now: datetime) -> AsyncGenerator[EventSpan]:
        """Yield the events that are too old, also those of generations that have not ended."""
        if self._rules.event_days is None:
            return
        before = now - timedelta(days=self._rules.event_days)
        after = 0
        while span := await self._archive.events.list_old(before, after=after, limit=EVENT_PAGE):
            yield span
            after = span.last

    async def _unclaimed(self) -> AsyncGenerator[StoredObject]:
        """Yield the objects of generations that are not in the database, or archived."""
        async for ids in self._images.list_generations():
            for one in sorted(ids - await self._archive.unarchived(ids)):
                for stored in await self._images.list_objects(one):
                    yield stored


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
