"""The databases for the tests of the store's contract, and helpers to work with them."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, LiteralString, Protocol, Self

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.collection import Favourite
from domain.generation import Generation, NewGeneration, Status
from domain.ports import Change, GenerationStore, Outcome
from domain.slots import Slot
from services.database.rows import changes, new_row, to_row
from services.database.sqlite import SqliteGenerationStore
from services.database.supabase import SupabaseGenerationStore
from services.supabase import Supabase
from tests.builders import ANN, NOW, new_generation, picture
from tests.fakes import FakeClock
from tests.model.memory_data import MemoryData, StoreEvent
from tests.model.memory_store import MemoryStore
from tests.supabase_server import SupabaseServer


class Database(Protocol):
    """One empty database, and what a test does to it from outside the store."""

    async def open(self) -> GenerationStore:
        """Return a store as another process would open it."""
        ...

    async def holder_dies(self, store: GenerationStore) -> None:
        """Kill the process behind a store; another one may take its lease then."""
        ...

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table as it is, oldest row first."""
        ...

    def run(self, sql: LiteralString) -> None:
        """Do something to the database by hand."""
        ...

    def lose_state(self) -> None:
        """Delete the only row of `queue_state`, bypassing the guard."""
        ...

    def later(self) -> None:
        """Make what happens next have a later time."""
        ...


class SqliteDatabase:
    def __init__(self, path: Path, clock: FakeClock) -> None:
        self.path = path
        self._clock = clock

    async def open(self) -> GenerationStore:
        return await SqliteGenerationStore.open(self.path, clock=self._clock)

    async def holder_dies(self, store: GenerationStore) -> None:
        """Close what the system closes when a process is killed."""
        await store.close()

    async def rows(self, table: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 -- a test's own words
            return [dict(row) for row in found]

    def run(self, sql: LiteralString) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute(sql)

    def lose_state(self) -> None:
        self.run("DROP TRIGGER the_state_stays")
        self.run("DELETE FROM queue_state")

    def later(self) -> None:
        self._clock.jump(1)


class MemoryDatabase:
    """The store of the model (`tests/model`), which must do as the real ones do."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._data = MemoryData(clock)

    async def open(self) -> GenerationStore:
        return MemoryStore(self._data)

    async def holder_dies(self, store: GenerationStore) -> None:
        await store.close()

    async def rows(self, table: str) -> list[dict[str, Any]]:
        if table == "generations":
            return [to_row(row) for row in self._data.rows.values()]
        return [_event_row(event) for event in self._data.events]

    def run(self, sql: LiteralString) -> None:
        pytest.skip("there is no SQL")

    def lose_state(self) -> None:
        self._data.mark = None

    def later(self) -> None:
        self._clock.jump(1)


def _event_row(event: StoreEvent) -> dict[str, Any]:
    before, after = event.before, event.after
    archived = {"archiving": "archiving_at", "archived": "archived_at"}.get(event.event)
    columns = new_row(after) if before is None else changes(before, after)
    return {
        "generation_id": after.id,
        "event": event.event,
        "status_before": None if before is None else before.status,
        "status_after": after.status,
        "version": after.version,
        "detail": archived or " ".join(columns),
    }


class SupabaseDatabase:
    """A project behind Supabase's REST interface, with direct access to its Postgres."""

    def __init__(self, url: str, key: str, db_url: str) -> None:
        self._url = url
        self._key = key
        self._db_url = db_url

    @classmethod
    @contextmanager
    def emptied(cls, server: SupabaseServer) -> Generator[Self]:
        """Yield the database of a worker's shared server, which is empty before and after."""
        database = cls(server.url, server.secret_key, server.database_url)
        database.empty()
        yield database
        database.empty()

    async def open(self) -> GenerationStore:
        return await _Alone.on(await Supabase.connect(self._url, self._key))

    async def holder_dies(self, store: GenerationStore) -> None:
        """Wait until the lease has expired."""
        await store.close()
        self.run("UPDATE leases SET expires_at = now() - interval '1 second'")

    async def rows(self, table: str) -> list[dict[str, Any]]:
        number = {"generations": "seq", "generation_events": "id"}[table]
        sql = SQL("SELECT to_jsonb(one) FROM {} AS one ORDER BY {}")
        with psycopg.connect(self._db_url) as connection:
            found = connection.execute(sql.format(Identifier(table), Identifier(number)))
            return [row for (row,) in found]

    def lose_state(self) -> None:
        self.run("SET session_replication_role = replica; DELETE FROM queue_state")

    def later(self) -> None:
        """Do nothing: time passes in that database."""

    def empty(self) -> None:
        self.run(
            "SET session_replication_role = replica;"  # bypasses all triggers
            "TRUNCATE generations, generation_events, leases, queue_state, people, favourites, "
            "preferences, presets RESTART IDENTITY;"
            "INSERT INTO queue_state DEFAULT VALUES"
        )

    def run(self, sql: LiteralString) -> None:
        with psycopg.connect(self._db_url) as connection:
            connection.execute(sql)


class _Alone(SupabaseGenerationStore):
    """A store with a connection of its own, as a process has it."""

    _supabase: Supabase

    @classmethod
    async def on(cls, supabase: Supabase) -> Self:
        store = await cls.open(supabase)
        store._supabase = supabase
        return store

    async def close(self) -> None:
        await self._supabase.close()


@dataclass(frozen=True, slots=True)
class LeasedStore:
    """A store together with the lease that its holder has."""

    store: GenerationStore
    fence: int

    async def create(self, new: NewGeneration) -> Change:
        return await self.store.create_generation(new, fence=self.fence)

    async def accepted(self, **changes: Any) -> Generation:
        return done(await self.create(new_generation(**changes)))

    async def claim(self) -> Change:
        return await self.store.claim_next(now=NOW, fence=self.fence)

    async def claimed(self, **changes: Any) -> Generation:
        """Return a new generation that is active; nothing else may wait."""
        await self.accepted(**changes)
        return done(await self.claim())

    async def update(self, before: Generation, after: Generation, event: str = "test") -> Change:
        return await self.store.update_generation(before, after, event=event, fence=self.fence)

    async def moved(self, before: Generation, *path: Status) -> Generation:
        for status in path:
            before = done(await self.update(before, replace(before, status=status)))
        return before

    async def record(self, generation: Generation, slot: Slot, **changes: Any) -> Change:
        stored = picture(generation.id, slot, **changes)
        return await self.store.record_picture(generation.id, slot, stored, fence=self.fence)

    async def with_grid(self, **changes: Any) -> Generation:
        """Return a new active generation whose grid is stored."""
        submitted = await self.moved(await self.claimed(**changes), Status.SUBMITTED)
        return done(await self.record(submitted, Slot.GRID))

    async def keep(
        self,
        generation: Generation,
        person: int = ANN,
        *,
        kept: bool = True,
        command: int | None = None,
    ) -> Outcome:
        """Make a generation somebody's favourite, or take it back."""
        wanted = Favourite(
            person_id=person, generation_id=generation.id, kept=kept, command=command
        )
        return await self.store.collection.set_favourite(wanted, fence=self.fence)


def done(change: Change) -> Generation:
    """Return the generation from a change, which must have succeeded."""
    assert change.outcome == Outcome.DONE
    assert change.generation is not None
    return change.generation
