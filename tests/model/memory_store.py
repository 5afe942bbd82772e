"""The store's contract in memory: what a simulated process leaves is there for the next one.

The contract tests run on it, as on the real databases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from datetime import datetime

from domain.acceptance import MOST_COUNTED, REFUSALS, Bounds, Load, Standing
from domain.archive import Candidate
from domain.errors import LeaseHeld
from domain.generation import (
    ENDED,
    TERMINAL,
    Generation,
    NewGeneration,
    Picture,
    Status,
    may_follow,
)
from domain.hang_ups import HangUps
from domain.pause import Pause
from domain.ports import Acceptance, Change, Lease, Outcome, Person, Query
from domain.settling import claimed_status, with_picture
from domain.slots import Slot
from tests.model.memory_collection import MemoryCollection
from tests.model.memory_data import MemoryData, candidate_of
from tests.model.memory_events import MemoryEvents
from tests.model.memory_parts import MemoryPromptParts

_STALE = Change(Outcome.STALE_FENCE, None)
FAILED = frozenset({Status.FAILED})
_ASKED = tuple(one.name for one in fields(NewGeneration))


class MemoryStore:
    """The store of one process; calls come from no other thread, so each is a transaction."""

    def __init__(self, data: MemoryData) -> None:
        self._data = data
        self.collection = MemoryCollection(data)
        self.events = MemoryEvents(data)
        self.parts = MemoryPromptParts(data)

    # Reading.

    async def get_generation(self, id_or_code: str) -> Generation | None:
        found = self._data.rows.get(id_or_code)
        code = id_or_code.lower()
        return found or next((row for row in self._data.rows.values() if row.code == code), None)

    async def get_generation_of_grid(self, message_id: int) -> Generation | None:
        rows = self._data.rows.values()
        return next((row for row in rows if row.step(Slot.GRID).message_id == message_id), None)

    async def list_generations(self, query: Query) -> list[Generation]:
        found = [
            row
            for row in reversed(self._data.rows.values())
            if query.author_id in {None, row.author_id}
            and (not query.statuses or row.status in query.statuses)
            and (query.before_seq is None or row.seq < query.before_seq)
        ]
        return found[: query.limit]

    async def list_ended(
        self, since: datetime, *, after_seq: int = 0, limit: int
    ) -> list[Generation]:
        ended = (row for row in self._data.rows.values() if row.status in ENDED)
        later = [row for row in ended if (row.updated_at, row.seq) > (since, after_seq)]
        return sorted(later, key=lambda row: (row.updated_at, row.seq))[:limit]

    async def list_children(self, parent_id: str, limit: int) -> list[Generation]:
        rows = self._data.rows.values()
        return [row for row in rows if row.origin.parent_id == parent_id][:limit]

    async def list_newest_of_each(self, limit: int) -> list[Generation]:
        newest = {row.author_id: row for row in self._data.rows.values()}
        return sorted(newest.values(), key=lambda row: -row.seq)[:limit]

    async def get_processing_generation(self) -> Generation | None:
        return self._data.active()

    async def place_in_queue(self, generation_id: str) -> int:
        ids = [row.id for row in self._data.queue()]
        ahead = 0 if self._data.active() is None else 1
        return ahead + ids.index(generation_id) if generation_id in ids else 0

    async def list_queue(self, limit: int) -> list[Generation]:
        return self._data.queue()[:limit]

    async def get_load(self, author_id: int, since: datetime) -> Load:
        waiting = self._data.queue()
        own = [row for row in self._data.rows.values() if row.author_id == author_id]
        lately = [row.created_at for row in own if row.created_at >= since]
        return Load(
            waiting=min(len(waiting), MOST_COUNTED),
            own_waiting=min(sum(row.author_id == author_id for row in waiting), MOST_COUNTED),
            own_lately=min(len(lately), MOST_COUNTED),
            own_last=max(lately, default=None),
        )

    async def get_mark(self) -> int | None:
        return self._data.mark

    async def list_people(self) -> list[Person]:
        return [self._data.people[one] for one in sorted(self._data.people)]

    async def get_pause(self) -> Pause | None:
        return self._data.pause

    async def get_hang_ups(self) -> HangUps | None:
        return self._data.hang_ups

    # Changing.

    async def create_generation(
        self, new: NewGeneration, *, fence: int, bounds: Bounds | None = None
    ) -> Acceptance:
        if not self._data.allows(fence):
            return Acceptance(Outcome.STALE_FENCE, None)
        commands = {row.command_message_id for row in self._data.rows.values()}
        if bounds is not None and new.command_message_id not in commands:
            failed = Query(author_id=new.author_id, statuses=FAILED, limit=REFUSALS)
            standing = Standing(
                load=await self.get_load(new.author_id, bounds.since),
                failed=await self.list_generations(failed),
            )
            if bounds.are_reached(standing):
                return Acceptance(Outcome.OVER_QUOTA, None, standing=standing)
        change = self._create(new)
        if change.outcome in {Outcome.DONE, Outcome.ALREADY}:
            self._data.handled(new.command_message_id)
        row = change.generation
        place = 0 if row is None else await self.place_in_queue(row.id)
        return Acceptance(change.outcome, row, place)

    async def claim_next(self, *, now: datetime, fence: int) -> Change:
        if not self._data.allows(fence):
            return _STALE
        active = self._data.active()
        if active is not None:
            return Change(Outcome.ALREADY, active)
        ready = (r for r in self._data.queue() if r.not_before is None or r.not_before <= now)
        first = next(ready, None)
        if first is None:
            return Change(Outcome.CONFLICT, None)
        self._data.last_claimed_turn = max(self._data.last_claimed_turn, first.turn)
        claimed = replace(first, status=claimed_status(first))
        return Change(Outcome.DONE, self._data.write(first, claimed, "claimed"))

    async def update_generation(
        self,
        before: Generation,
        after: Generation,
        *,
        event: str,
        fence: int,
        command: int | None = None,
    ) -> Change:
        if not may_follow(before.status, after.status):
            raise ValueError(f"{after.status} must not follow {before.status}")
        if not self._data.allows(fence):
            return _STALE
        change = self._update(before, after, event)
        if change.outcome in {Outcome.DONE, Outcome.ALREADY}:
            self._data.handled(command)
        return change

    async def record_picture(
        self, generation_id: str, slot: Slot, picture: Picture, *, fence: int
    ) -> Change:
        if not self._data.allows(fence):
            return _STALE
        current = self._data.rows.get(generation_id)
        if current is None:
            return Change(Outcome.CONFLICT, None)
        after = with_picture(current, slot, picture)
        if after is current:
            return Change(Outcome.ALREADY, current)
        if current.archived:
            return Change(Outcome.CONFLICT, current)
        if after.status == Status.COMPLETED != current.status:
            after = replace(after, completed_at=self._data.clock.now())
        return Change(Outcome.DONE, self._data.write(current, after, "picture_stored"))

    async def set_mark(self, message_id: int, *, fence: int) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        return Outcome.DONE if self._data.handled(message_id) else Outcome.ALREADY

    async def set_person(self, person: Person, *, fence: int, command: int) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        self._data.handled(command)
        known = self._data.people.get(person.id)
        if known is not None and known.allowed == person.allowed:
            return Outcome.ALREADY
        self._data.people[person.id] = person
        return Outcome.DONE

    async def set_pause(
        self, pause: Pause | None, *, fence: int, command: int | None = None
    ) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        self._data.handled(command)
        now = self._data.pause
        over = now is not None and now.by is not None and pause is not None and pause.by is None
        if (now is None) == (pause is None) and not over:
            return Outcome.ALREADY
        self._data.pause = pause
        return Outcome.DONE

    async def set_hang_ups(self, hang_ups: HangUps | None, *, fence: int) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        self._data.hang_ups = hang_ups
        return Outcome.DONE

    # The lease.

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        if self._data.holder not in {None, self}:
            raise LeaseHeld("another process works on this data")
        self._data.holder, self._data.owner = self, owner
        self._data.fence += 1
        return Lease(owner, self._data.fence)

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        return lease == Lease(self._data.owner, self._data.fence)

    async def release_lease(self, lease: Lease) -> None:
        if await self.renew_lease(lease, 0):
            self._data.holder = None

    async def close(self) -> None:
        """Let go of the lock, as the system does for a process that is killed."""
        if self._data.holder is self:
            self._data.holder = None

    # The clean-up.

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        ended = await self.list_generations(
            Query(statuses=TERMINAL, before_seq=before_seq, limit=len(self._data.rows))
        )
        there = (row for row in ended if row.archived_at is None)
        found = (row for row in there if row.archived or not self._data.is_favourite(row.id))
        return [candidate_of(row) for row in found][:limit]

    async def begin_archiving(
        self, ids: Collection[str], *, unchanged_since: datetime, favourites_too: bool = True
    ) -> frozenset[str]:
        for row in self._rows(ids):
            if self._data.is_favourite(row.id) and not favourites_too:
                continue
            ended = row.status in TERMINAL and not row.archived
            if ended and row.updated_at <= unchanged_since:
                self._archive(replace(row, archiving_at=self._data.clock.now()), "archiving")
        begun = (row for row in self._rows(ids) if row.archiving_at and not row.archived_at)
        return frozenset(row.id for row in begun)

    async def finish_archiving(self, ids: Collection[str]) -> None:
        for row in self._rows(ids):
            if row.archiving_at and not row.archived_at:
                self._archive(replace(row, archived_at=self._data.clock.now()), "archived")

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        return frozenset(row.id for row in self._rows(ids) if row.archived_at is None)

    def _rows(self, ids: Iterable[str]) -> list[Generation]:
        return [self._data.rows[one] for one in ids if one in self._data.rows]

    def _archive(self, after: Generation, event: str) -> None:
        before = self._data.rows[after.id]
        after = replace(after, version=before.version + 1)
        self._data.note(event, before, after)

    def _create(self, new: NewGeneration) -> Change:
        rows = self._data.rows.values()
        for row in rows:
            if row.command_message_id == new.command_message_id:
                return Change(Outcome.ALREADY, row)
        if (holder := self._data.holder_of_grid(new)) is not None:
            return Change(Outcome.GRID_TAKEN, holder)
        if any(new.id == row.id or new.code == row.code for row in rows):
            return Change(Outcome.CONFLICT, None)
        own = [row.turn for row in rows if row.author_id == new.author_id]
        now = self._data.clock.now()
        created = Generation(
            **{name: getattr(new, name) for name in _ASKED},
            seq=len(rows) + 1,
            turn=1 + max(self._data.last_claimed_turn, *own[-1:], 0),
            version=1,
            created_at=now,
            updated_at=now,
        )
        self._data.note("created", None, created)
        return Change(Outcome.DONE, created)

    def _update(self, before: Generation, after: Generation, event: str) -> Change:
        current = self._data.rows.get(before.id)
        if current is None:
            return Change(Outcome.CONFLICT, None)
        if before is not current or _pictures(before) != _pictures(after):
            after = _as_stored(current, after)
        if after == current:
            return Change(Outcome.ALREADY, current)
        same = (current.status, current.version) == (before.status, before.version)
        too_late = current.archived and after.status != current.status
        rival = after.active and not current.active and self._data.active() is not None
        if not same or too_late or rival:
            return Change(Outcome.CONFLICT, current)
        takes_grid = after.step(Slot.GRID).message_id != current.step(Slot.GRID).message_id
        if takes_grid and (holder := self._data.holder_of_grid(after)) is not None:
            return Change(Outcome.GRID_TAKEN, holder)
        return Change(Outcome.DONE, self._data.write(current, after, event))


def _pictures(row: Generation) -> list[Picture | None]:
    return [step.picture for step in row.steps]


def _as_stored(current: Generation, after: Generation) -> Generation:
    """Return `after` with what only the store sets, and with every picture that is stored."""
    for slot in current.stored:
        step = replace(after.step(slot), picture=current.step(slot).picture)
        after = after.with_step(slot, step)
    return replace(
        after,
        seq=current.seq,
        turn=current.turn,
        version=current.version,
        progress=current.progress,
        created_at=current.created_at,
        updated_at=current.updated_at,
        archiving_at=current.archiving_at,
        archived_at=current.archived_at,
    )
