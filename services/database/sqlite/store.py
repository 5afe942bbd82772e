"""All data about generations in one file; its tables enforce the rules."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from domain.generation import Generation, NewGeneration, Picture, Status, may_follow
from domain.pause import Pause
from domain.ports import Acceptance, Change, Clock, Lease, Outcome, Person
from domain.settling import claimed_status, with_picture
from domain.slots import Slot
from services.clock import SystemClock
from services.database.rows import changes, new_row, person_row, time_text
from services.database.sqlite.archive import SqliteArchive
from services.database.sqlite.changes import MARK, SqliteChanges
from services.database.sqlite.collection import SqliteCollection
from services.database.sqlite.connection import SqliteConnection
from services.database.sqlite.lease import SqliteLease
from services.database.sqlite.migrations import is_older, migrate
from services.database.sqlite.placing import reserved
from services.database.sqlite.prompt_parts import SqlitePromptParts
from services.database.sqlite.reader import ACTIVE, BY_GRID, decoded, encoded

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from domain.acceptance import Bounds
    from domain.hang_ups import HangUps

_CREATE = """
    INSERT INTO generations (
        id, code, turn, prompt, author_id, author_name, guild_id, channel_id, command_message_id,
        origin_kind, parent_id, parent_index, wanted, echo, buttons, message_flags,
        grid_step, upscale_1_step, upscale_2_step, upscale_3_step, upscale_4_step,
        created_at, updated_at
    ) VALUES (
        :id, :code,
        1 + max(
            (SELECT last_claimed_turn FROM queue_state),
            coalesce(
                (
                    SELECT turn FROM generations WHERE author_id = :author_id
                    ORDER BY seq DESC LIMIT 1
                ),
                0
            )
        ),
        :prompt, :author_id, :author_name, :guild_id, :channel_id, :command_message_id,
        :origin_kind, :parent_id, :parent_index, :wanted, :echo, :buttons, :message_flags,
        :grid_step, :upscale_1_step, :upscale_2_step, :upscale_3_step, :upscale_4_step,
        :now, :now
    )
    ON CONFLICT DO NOTHING
    RETURNING *
"""
NEXT = """
    SELECT * FROM generations INDEXED BY queue
    WHERE status = 'queued' AND (not_before IS NULL OR not_before <= ?)
    ORDER BY turn, seq LIMIT 1
"""
_CLAIMED = "UPDATE queue_state SET last_claimed_turn = max(last_claimed_turn, ?)"
_PAUSE = """
    UPDATE queue_state SET paused_since = :since, paused_words = :words, paused_by = :by
    WHERE (paused_since IS NULL) = (:since IS NOT NULL)
        OR (paused_by IS NOT NULL AND :by IS NULL) RETURNING only_row
"""
_HANG_UPS = """
    UPDATE queue_state SET hang_ups = :in_a_row, hung_up_at = :last_at RETURNING only_row
"""
_PERSON = """
    INSERT INTO people (user_id, allowed, by_id, since)
    VALUES (:user_id, :allowed, :by_id, :since)
    ON CONFLICT (user_id) DO UPDATE
    SET allowed = excluded.allowed, by_id = excluded.by_id, since = excluded.since
    WHERE allowed <> excluded.allowed RETURNING user_id
"""
_BY_ID = "SELECT * FROM generations WHERE id = ?"
_BY_COMMAND = "SELECT * FROM generations WHERE command_message_id = ?"
_EVENT = """
    INSERT INTO generation_events (
        generation_id, at, event, status_before, status_after, version, detail
    ) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_STALE = Change(Outcome.STALE_FENCE, None)


class SqliteGenerationStore(SqliteArchive):
    """The store on SQLite. Each change is one transaction, on the disk when it returns."""

    def __init__(self, connection: SqliteConnection, lease: SqliteLease, clock: Clock) -> None:
        super().__init__(connection, clock)
        self._lease = lease
        self._changes = SqliteChanges(connection, lease)
        self.collection = SqliteCollection(connection, self._changes, clock)
        self.parts = SqlitePromptParts(connection, self._changes, clock)

    @classmethod
    async def open(cls, path: Path, *, clock: Clock | None = None) -> Self:
        """Open the database, creating or migrating it if necessary; times are the clock's.

        Raises `WrongSchema` for a database of newer code, and `LeaseHeld` where one is being put,
        or where older code works on one that would be migrated.
        """
        there = await asyncio.to_thread(path.exists)
        with contextlib.nullcontext() if there else reserved(path):
            return await cls._open(path, clock or SystemClock())

    @classmethod
    async def _open(cls, path: Path, clock: Clock) -> Self:
        connection = await SqliteConnection.open(path)
        try:
            with reserved(path) if await is_older(connection) else contextlib.nullcontext():
                await migrate(connection)
        except BaseException:
            await connection.close()
            raise
        return cls(connection, SqliteLease(connection, path), clock)

    async def create_generation(
        self, new: NewGeneration, *, fence: int, bounds: Bounds | None = None
    ) -> Acceptance:
        """Accept a command: a queued row with its turn, or ALREADY with the row of that message.

        CONFLICT and None: the id or the code is taken by another command. GRID_TAKEN: the grid.
        """
        async with self._changes.fenced(fence) as allowed:
            if not allowed:
                return Acceptance(Outcome.STALE_FENCE, None)
            if bounds is not None and await self._find(_BY_COMMAND, new.command_message_id) is None:
                standing = await self._standing(new.author_id, bounds.since)
                if bounds.are_reached(standing):
                    return Acceptance(Outcome.OVER_QUOTA, None, standing=standing)
            change = await self._create(new)
            await self._changes.handled(new.command_message_id, change.outcome)
            place = 0 if change.generation is None else await self._place(change.generation.id)
        return Acceptance(change.outcome, change.generation, place)

    async def claim_next(self, *, now: datetime, fence: int) -> Change:
        """Make the first waiting generation active, in the status of its first missing step."""
        async with self._changes.fenced(fence) as allowed:
            return await self._claim(now) if allowed else _STALE

    async def update_generation(
        self,
        before: Generation,
        after: Generation,
        *,
        event: str,
        fence: int,
        command: int | None = None,
    ) -> Change:
        """Apply a transition; raises `ValueError` for an illegal one.

        ALREADY: the row is already like `after`, as when a call whose answer was lost is repeated.
        """
        if not may_follow(before.status, after.status):
            msg = f"{after.status} must not follow {before.status}"
            raise ValueError(msg)
        async with self._changes.fenced(fence) as allowed:
            change = await self._update(before, after, event) if allowed else _STALE
            await self._changes.handled(command, change.outcome)
        return change

    async def record_picture(
        self,
        generation_id: str,
        slot: Slot,
        picture: Picture,
        *,
        fence: int,
    ) -> Change:
        """Record a stored picture, even of a generation that is no longer active."""
        async with self._changes.fenced(fence) as allowed:
            return await self._record(generation_id, slot, picture) if allowed else _STALE

    async def set_pause(
        self,
        pause: Pause | None,
        *,
        fence: int,
        command: int | None = None,
    ) -> Outcome:
        """Pause the queue, or resume it; a stop replaces a person's pause."""
        values = {"since": None, "words": None, "by": None}
        if pause is not None:
            values = {"since": time_text(pause.since), "words": pause.words, "by": pause.by}
        return await self._changes.set(_PAUSE, values, fence, command)

    async def set_person(self, person: Person, *, fence: int, command: int) -> Outcome:
        """Allow or deny somebody; a repeat keeps the owner who decided first."""
        return await self._changes.set(_PERSON, person_row(person), fence, command)

    async def set_mark(self, message_id: int, *, fence: int) -> Outcome:
        """Note that all commands up to this message are handled."""
        return await self._changes.set(MARK, {"message_id": message_id}, fence)

    async def set_hang_ups(self, hang_ups: HangUps | None, *, fence: int) -> Outcome:
        """Note how Discord's gateway hung up, for the next process."""
        values = {"in_a_row": None, "last_at": None}
        if hang_ups is not None:
            values = {"in_a_row": hang_ups.in_a_row, "last_at": time_text(hang_ups.last_at)}
        return await self._changes.set(_HANG_UPS, values, fence)

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        """Take the lease with a higher fence than ever before, or raise `LeaseHeld`."""
        return await self._lease.acquire(owner, seconds)

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        """Renew the lease; False if it is no longer ours."""
        return await self._lease.renew(lease, seconds)

    async def release_lease(self, lease: Lease) -> None:
        """Release the lease, so that the next process can start at once."""
        await self._lease.release(lease)

    async def close(self) -> None:
        """Close the file and release the lock beside it."""
        await super().close()
        self._lease.let_go()

    async def _create(self, new: NewGeneration) -> Change:
        columns = encoded(new_row(new)) | {"now": self._now()}
        row = await self._connection.row(_CREATE, columns)
        if row is not None:
            created = decoded(row)
            await self._note("created", None, created, list(new_row(new)))
            return Change(Outcome.DONE, created)
        there = await self._find(_BY_COMMAND, new.command_message_id)
        if there is not None:
            return Change(Outcome.ALREADY, there)
        holder = await self._holder(new)
        return Change(Outcome.CONFLICT if holder is None else Outcome.GRID_TAKEN, holder)

    async def _claim(self, now: datetime) -> Change:
        active = await self._find(ACTIVE)
        if active is not None:
            return Change(Outcome.ALREADY, active)
        first = await self._find(NEXT, time_text(now))
        if first is None:
            return Change(Outcome.CONFLICT, None)
        await self._connection.rows(_CLAIMED, (first.turn,))
        claimed = replace(first, status=claimed_status(first))
        return Change(Outcome.DONE, await self._write(first, claimed, "claimed"))

    async def _update(self, before: Generation, after: Generation, event: str) -> Change:
        current = await self._find(_BY_ID, before.id)
        if current is None:
            return Change(Outcome.CONFLICT, None)
        after = _with_pictures_of(current, after)
        if not changes(current, after):
            return Change(Outcome.ALREADY, current)
        same = (current.status, current.version) == (before.status, before.version)
        too_late = current.archived and after.status != current.status
        if not same or too_late or await self._has_rival(current, after):
            return Change(Outcome.CONFLICT, current)
        takes_grid = after.step(Slot.GRID).message_id != current.step(Slot.GRID).message_id
        holder = await self._holder(after) if takes_grid else None
        if holder is not None:
            return Change(Outcome.GRID_TAKEN, holder)
        return Change(Outcome.DONE, await self._write(current, after, event))

    async def _holder(self, one: NewGeneration) -> Generation | None:
        """Return the other row that has its grid; the index would refuse a second."""
        holder = await self._find(BY_GRID, one.step(Slot.GRID).message_id)
        return None if holder is None or holder.id == one.id else holder

    async def _has_rival(self, before: Generation, after: Generation) -> bool:
        becomes_active = after.active and not before.active
        return becomes_active and await self._find(ACTIVE) is not None

    async def _record(self, generation_id: str, slot: Slot, picture: Picture) -> Change:
        current = await self._find(_BY_ID, generation_id)
        if current is None:
            return Change(Outcome.CONFLICT, None)
        after = with_picture(current, slot, picture)
        if after is current:
            return Change(Outcome.ALREADY, current)
        if current.archived:
            return Change(Outcome.CONFLICT, current)
        if after.status == Status.COMPLETED != current.status:
            after = replace(after, completed_at=self._clock.now())
        return Change(Outcome.DONE, await self._write(current, after, "picture_stored"))

    async def _write(self, before: Generation, after: Generation, event: str) -> Generation:
        """Change the columns that differ, and record the event."""
        changed = changes(before, after)
        columns = ", ".join(f"{column} = :{column}" for column in changed)
        (row,) = await self._connection.rows(
            f"UPDATE generations SET {columns}, version = version + 1, updated_at = :now "  # noqa: S608 -- names from rows.py
            "WHERE seq = :seq RETURNING *",
            encoded(changed) | {"now": self._now(), "seq": before.seq},
        )
        written = decoded(row)
        await self._note(event, before, written, list(changed))
        return written

    async def _note(
        self,
        event: str,
        before: Generation | None,
        after: Generation,
        columns: list[str],
    ) -> None:
        status_before = None if before is None else before.status
        values = (
            after.id,
            time_text(after.updated_at),
            event,
            status_before,
            after.status,
            after.version,
        )
        await self._connection.rows(_EVENT, (*values, " ".join(columns)))

    async def _find(self, sql: str, *parameters: object) -> Generation | None:
        row = await self._connection.row(sql, parameters)
        return None if row is None else decoded(row)

    def _now(self) -> str:
        return time_text(self._clock.now())


def _with_pictures_of(current: Generation, after: Generation) -> Generation:
    """Return `after` with every picture that is already stored, even if `after` lacks some."""
    for slot in current.stored:
        step = replace(after.step(slot), picture=current.step(slot).picture)
        after = after.with_step(slot, step)
    return after
