"""The rows of generations: read, and changed by events, each in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from domain.effects import Effect
from domain.errors import GridTaken, RowGone
from domain.events import Event, PictureStored, name_of
from domain.generation import Generation
from domain.ports import Change, Clock, GenerationStore, Lease, Outcome
from domain.transitions import apply
from services.generation.tracker import Tracker
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

    async def apply(
        self, before: Generation, event: Event, *, command: int | None = None
    ) -> Applied:
        """Apply an event to a row and commit what it changes.

        Where the row was changed meanwhile, the event is applied to what it is now. `command` is
        the message of a person that has come to this, and is marked as handled with it. Raises
        `GridTaken` where it would take the grid of another row.
        """
        after, effects = apply(before, event, self.clock.now())
        while after != before:
            change = await self._commit(before, after, event, command)
            if change.outcome == Outcome.GRID_TAKEN:
                raise GridTaken(change.row)
            if change.outcome != Outcome.CONFLICT:
                after = change.row
                break
            before = change.row
            after, effects = apply(before, event, self.clock.now())
        return Applied(before, after, effects)

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
