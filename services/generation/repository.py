"""The rows of generations: read, and changed by events, each in one transaction."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from domain.effects import Effect
from domain.errors import GridTaken, RowGone
from domain.events import Event, PictureStored, name_of
from domain.generation import Generation
from domain.ports import Change, Clock, GenerationStore, Lease, Outcome
from domain.slots import Slot
from domain.transitions import apply
from services.generation.tracker import Tracker
from services.generation.unsaved import Unsaved, UnsavedEvents, may_wait
from services.retry import when_available


@dataclass(frozen=True, slots=True)
class Applied:
    """A row before and after an event, and what is to be done about it."""

    before: Generation
    after: Generation
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Repository:
    """Waits for a database that is away. Raises `StaleFence` when another process took over."""

    store: GenerationStore
    lease: Lease
    clock: Clock
    tracker: Tracker
    unsaved: UnsavedEvents

    async def get(self, generation_id: str) -> Generation:
        """Return the copy of a row that is held, or read it; `RowGone` where there is none."""
        return self.tracker.get(generation_id) or await self.read(generation_id)

    async def read(self, generation_id: str) -> Generation:
        """Return a row as the database has it; `RowGone` where there is none."""
        found = await when_available(self.store.get_generation, generation_id)
        return Change(Outcome.DONE, found).row

    async def parent(self, generation: Generation) -> Generation | None:
        """Return the generation whose grid has the button that starts this one, if it is there."""
        if generation.origin.parent_id is None or not generation.origin.by_button:
            return None
        try:
            return await self.get(generation.origin.parent_id)
        except RowGone:
            return None

    async def parent_grids(self, rows: Iterable[Generation]) -> dict[str, int | None]:
        """Return the messages with the buttons that have started those whose grid is missing."""
        missing = (row for row in rows if row.step(Slot.GRID).message_id is None)
        parents = {row.id: await self.parent(row) for row in missing}
        return {
            row_id: parent.step(Slot.GRID).message_id
            for row_id, parent in parents.items()
            if parent is not None
        }

    async def apply(
        self, before: Generation, event: Event, *, command: int | None = None
    ) -> Applied:
        """Apply an event to a row and commit what it changes; an acknowledgement may wait a little.

        Where the row was changed meanwhile, the event is applied to what it is now. `command` is
        the message of a person that has come to this, and is marked as handled with it. Raises
        `GridTaken` where it would take the grid of another row.
        """
        now = self.clock.now()
        after, effects = apply(before, event, now)
        if after != before and may_wait(before, after, event):
            self.unsaved.add(before, after, event, now)
            return Applied(before, after, effects)
        unsaved = self.unsaved.of(before)
        while after != before:
            change = await self._commit(unsaved.stored, after, event, command)
            if change.outcome == Outcome.GRID_TAKEN:
                raise GridTaken(change.row)
            if change.outcome != Outcome.CONFLICT:
                after = self._saved(unsaved, change.row, event)
                break
            unsaved.stored = change.row
            before = unsaved.on(change.row)
            after, effects = apply(before, event, self.clock.now())
        return Applied(before, after, effects)

    def _saved(self, unsaved: Unsaved, row: Generation, event: Event) -> Generation:
        """Return the copy of a row after a commit; that of a picture commits nothing else."""
        if isinstance(event, PictureStored) and row.active:
            unsaved.stored = row
            return unsaved.on(row)
        self.unsaved.saved(row)
        return row

    async def save(self, *, at_once: bool = False) -> AsyncGenerator[Generation]:
        """Commit the acknowledgements that have waited long enough; yield each row as it is now."""
        for unsaved in self.unsaved.due(at_once=at_once):
            event, _ = unsaved.events[-1]
            outcome = Outcome.CONFLICT
            while outcome == Outcome.CONFLICT:
                after = unsaved.on(unsaved.stored)
                change = await self._commit(unsaved.stored, after, event, None)
                outcome, unsaved.stored = change.outcome, change.row
            self.unsaved.saved(unsaved.stored)
            yield unsaved.stored

    async def _commit(
        self, before: Generation, after: Generation, event: Event, command: int | None
    ) -> Change:
        fence = self.lease.fence
        if isinstance(event, PictureStored):
            return await when_available(
                self.store.record_picture, before.id, event.slot, event.picture, fence=fence
            )
        return await when_available(
            self.store.update_generation,
            before,
            after,
            event=name_of(event),
            fence=fence,
            command=command,
        )
