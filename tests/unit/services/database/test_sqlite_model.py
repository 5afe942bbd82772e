"""Whatever is done to the store in whatever order, it agrees with a model that is plain Python."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.generation import Generation, Status, may_follow
from domain.ports import Change, Outcome, Query
from domain.settling import claimed_status, with_picture
from domain.slots import Slot
from services.database.sqlite import SqliteGenerationStore
from tests.builders import NOW, new_generation, picture
from tests.fakes import FakeClock

T = TypeVar("T")
PEOPLE = (1001, 1002, 1003)


def progress(row: Generation) -> float:
    if row.status == Status.COMPLETED:
        return 100
    if Slot.GRID in row.stored:
        return 50 + 12.5 * (len(row.stored) - 1)
    return 25 if row.status == Status.SUBMITTED else 0


class StoreMachine(RuleBasedStateMachine):
    """Two stores on one file: the holder of the lease, and one with an outdated fence."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.rows: dict[str, Generation] = {}
        self.last_claimed = 0
        self.mark: int | None = None
        self.fence = 0
        self.store = self.run(self.start())

    def run(self, action: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(action)

    async def start(self) -> SqliteGenerationStore:
        path = Path(self.folder.name) / "atelier.sqlite3"
        store = await SqliteGenerationStore.open(path, clock=FakeClock())
        lease = await store.acquire_lease("machine", 30)
        assert lease.fence == self.fence + 1
        self.fence = lease.fence
        return store

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()

    def expect(self, change: Change, wanted: Generation) -> None:
        """Have the change done, with the next version and the progress that follows."""
        old = self.rows.get(wanted.id)
        version = 1 if old is None else old.version + 1
        wanted = replace(wanted, version=version, progress=progress(wanted))
        assert (change.outcome, change.generation) == (Outcome.DONE, wanted)
        self.rows[wanted.id] = wanted

    def active(self) -> Generation | None:
        return next((row for row in self.rows.values() if row.active), None)

    def any_row(self, data: st.DataObject) -> Generation:
        return data.draw(st.sampled_from(list(self.rows.values())))

    @rule(author=st.sampled_from(PEOPLE))
    def accept(self, author: int) -> None:
        new = new_generation(author_id=author)
        self.handled(new.command_message_id)
        turns = [row.turn for row in self.rows.values() if row.author_id == author]
        wanted = Generation(
            **{name: getattr(new, name) for name in new.__dataclass_fields__},
            seq=len(self.rows) + 1,
            turn=1 + max([self.last_claimed, *turns]),
            version=1,
            created_at=NOW,
            updated_at=NOW,
        )
        self.expect(self.run(self.store.create_generation(new, fence=self.fence)), wanted)

    @rule()
    def claim(self) -> None:
        change = self.run(self.store.claim_next(now=NOW, fence=self.fence))
        active = self.active()
        queue = [row for row in self.rows.values() if row.status == Status.QUEUED]
        if active is not None:
            assert change == Change(Outcome.ALREADY, active)
        elif not queue:
            assert change == Change(Outcome.CONFLICT, None)
        else:
            first = min(queue, key=lambda row: (row.turn, row.seq))
            self.last_claimed = max(self.last_claimed, first.turn)
            self.expect(change, replace(first, status=claimed_status(first)))

    def handled(self, command: int | None) -> None:
        """Have the mark move on, if that is not behind it."""
        self.mark = max((mark for mark in (self.mark, command) if mark is not None), default=None)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), command=st.none() | st.integers(1, 2**63 - 1))
    def update(self, data: st.DataObject, command: int | None) -> None:
        before = self.any_row(data)
        allowed = [status for status in Status if may_follow(before.status, status)]
        after = replace(before, status=data.draw(st.sampled_from(allowed)), echo="told")
        call = self.store.update_generation(
            before, after, event="test", fence=self.fence, command=command
        )
        change = self.run(call)
        if change.outcome != Outcome.CONFLICT:
            self.handled(command)
        if after == before:
            assert change == Change(Outcome.ALREADY, before)
        elif after.active and not before.active and self.active() is not None:
            assert change == Change(Outcome.CONFLICT, before)
        else:
            self.expect(change, after)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), first=st.sampled_from(Slot), second=st.sampled_from(Slot))
    def record_two_at_once(self, data: st.DataObject, first: Slot, second: Slot) -> None:
        row = self.any_row(data)
        if not may_follow(row.status, self.with_pictures(row, first, second).status):
            return

        async def record() -> list[Change]:
            calls = [
                self.store.record_picture(row.id, slot, picture(row.id, slot), fence=self.fence)
                for slot in (first, second)
            ]
            return await asyncio.gather(*calls)

        for slot, change in zip((first, second), self.run(record()), strict=True):
            before = self.rows[row.id]
            if slot in before.stored:
                assert change == Change(Outcome.ALREADY, before)
            else:
                self.expect(change, self.with_pictures(before, slot))

    @staticmethod
    def with_pictures(row: Generation, *slots: Slot) -> Generation:
        for slot in slots:
            row = with_picture(row, slot, picture(row.id, slot))
        return row

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def act_with_an_outdated_fence(self, data: st.DataObject) -> None:
        row, store, fence = self.any_row(data), self.store, self.fence - 1
        calls: list[Callable[[], Coroutine[Any, Any, Change]]] = [
            lambda: store.create_generation(new_generation(), fence=fence),
            lambda: store.claim_next(now=NOW, fence=fence),
            lambda: store.update_generation(
                row, replace(row, echo="x"), event="x", fence=fence, command=2**63 - 1
            ),
            lambda: store.record_picture(row.id, Slot.GRID, picture(), fence=fence),
        ]
        for call in calls:
            assert self.run(call()).outcome == Outcome.STALE_FENCE

    @rule()
    def restart(self) -> None:
        self.run(self.store.close())
        self.store = self.run(self.start())

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        newest_first = sorted(self.rows.values(), key=lambda row: -row.seq)
        assert self.run(self.store.list_generations(Query(limit=999))) == newest_first
        assert self.run(self.store.get_processing_generation()) == self.active()
        assert self.run(self.store.get_mark()) == self.mark

    @invariant()
    def everybody_who_waits_has_a_place(self) -> None:
        queue = [row for row in self.rows.values() if row.status == Status.QUEUED]
        queue.sort(key=lambda row: (row.turn, row.seq))
        ahead = 0 if self.active() is None else 1
        for place, row in enumerate(queue, ahead):
            assert self.run(self.store.place_in_queue(row.id)) == place
        assert self.run(self.store.list_queue(999)) == queue


class TestStoreMachine(StoreMachine.TestCase):
    settings = settings(max_examples=8, stateful_step_count=25, deadline=None)


@pytest.mark.long
class TestStoreMachineAtLength(StoreMachine.TestCase):
    settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
