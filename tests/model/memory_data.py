"""What the in-memory store holds: it outlives a simulated process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from domain.archive import Candidate
from domain.collection import Favourite
from domain.generation import ACTIVE, Generation, NewGeneration, Status
from domain.hang_ups import HangUps
from domain.pause import Pause
from domain.ports import Clock, Person
from domain.prompt_parts import Preset
from domain.slots import Slot


@dataclass(frozen=True, slots=True)
class StoreEvent:
    """One change of a row, as the table of events has it."""

    event: str
    before: Generation | None
    after: Generation
    number: int
    at: datetime


@dataclass
class MemoryData:
    """What outlives a process. `watch` is called with every change of a row."""

    clock: Clock
    rows: dict[str, Generation] = field(default_factory=dict[str, Generation])
    events: list[StoreEvent] = field(default_factory=list[StoreEvent])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    people: dict[int, Person] = field(default_factory=dict[int, Person])
    favourites: dict[tuple[int, str], Favourite] = field(
        default_factory=dict[tuple[int, str], Favourite]
    )
    preferences: dict[int, str] = field(default_factory=dict[int, str])
    presets: dict[tuple[int, str], Preset] = field(default_factory=dict[tuple[int, str], Preset])
    pause: Pause | None = None
    hang_ups: HangUps | None = None
    mark: int | None = None
    last_claimed_turn: int = 0
    fence: int = 0
    owner: str = ""
    holder: object = None
    watch: Callable[[StoreEvent], None] = lambda _: None

    def allows(self, fence: int) -> bool:
        """Whether whoever names this fence holds the lease."""
        return fence == self.fence > 0

    def is_favourite(self, generation_id: str) -> bool:
        kept = (one for one in self.favourites.values() if one.kept)
        return any(one.generation_id == generation_id for one in kept)

    def active(self) -> Generation | None:
        return next((row for row in self.rows.values() if row.status in ACTIVE), None)

    def queue(self) -> list[Generation]:
        waiting = [row for row in self.rows.values() if row.status == Status.QUEUED]
        return sorted(waiting, key=lambda row: (row.turn, row.seq))

    def holder_of_grid(self, one: NewGeneration) -> Generation | None:
        """Return the other row that has its grid."""
        grid = one.step(Slot.GRID).message_id
        rows = (row for row in self.rows.values() if row.id != one.id and grid is not None)
        return next((row for row in rows if row.step(Slot.GRID).message_id == grid), None)

    def handled(self, command: int | None) -> bool:
        """Move the mark, if that is forward."""
        forward = command is not None and (self.mark is None or self.mark < command)
        if forward:
            self.mark = command
        return forward

    def write(self, before: Generation, after: Generation, event: str) -> Generation:
        """Keep a row as its next version."""
        now = self.clock.now()
        written = replace(
            after, version=before.version + 1, updated_at=now, progress=_progress(after)
        )
        self.note(event, before, written)
        return written

    def note(self, event: str, before: Generation | None, after: Generation) -> None:
        self.rows[after.id] = after
        noted = StoreEvent(event, before, after, next(self.numbers), self.clock.now())
        self.events.append(noted)
        self.watch(noted)


def _progress(row: Generation) -> float:
    if row.status == Status.COMPLETED:
        return 100.0
    if row.step(Slot.GRID).picture is not None:
        return 50 + 12.5 * (len(row.stored) - 1)
    return 25.0 if row.status == Status.SUBMITTED else 0.0


def candidate_of(row: Generation) -> Candidate:
    pictures = [step.picture for step in row.steps if step.picture is not None]
    return Candidate(
        seq=row.seq,
        id=row.id,
        code=row.code,
        author_id=row.author_id,
        status=row.status,
        changed_at=row.updated_at,
        begun=row.archiving_at is not None,
        pictures=len(pictures),
        size=sum(picture.size for picture in pictures),
    )
