"""What people can ask for: a new generation, something of one they have, or a pause."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

from domain import quota
from domain.acceptance import Bounds
from domain.errors import GridTaken, StoreUnavailable
from domain.events import Cancelled, Deleted, Request
from domain.generation import (
    ACTIVE,
    CODE_ALPHABET,
    CODE_LENGTH,
    Generation,
    NewGeneration,
    Status,
)
from domain.pause import Pause
from domain.ports import Acceptance, Clock, GenerationStore, ImageStore, Lease, Outcome, Query
from domain.quota import Quota
from domain.requests import Objection, objection
from services.generation.hold import Wait
from services.generation.inbox import Answered
from services.generation.orchestrator import Orchestrator
from services.retention import remove
from services.updates import PauseChange

ANSWER_SECONDS = 20.0
"""How long a person waits for the loop, which may wait for the database."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """The answer to a command: its generation, how many come before it, and whether it is new."""

    generation: Generation
    place: int
    new: bool
    pause: Pause | None = None
    wait: Wait | None = None  #: what holds every request back for a while


class GenerationService:
    """Accepts what people ask for. Every `command` is the message in which they asked."""

    def __init__(
        self,
        *,
        store: GenerationStore,
        images: ImageStore,
        lease: Lease,
        orchestrator: Orchestrator,
        limits: Quota,
        clock: Clock,
    ) -> None:
        """Keep the parts."""
        self._store = store
        self._images = images
        self._lease = lease
        self._orchestrator = orchestrator
        self._queue_pause = orchestrator.queue_pause
        self._limits = limits
        self._clock = clock

    @property
    def paused(self) -> Pause | None:
        """The pause of the queue, while there is one."""
        return self._queue_pause.pause

    async def submit(self, new: NewGeneration, *, owner: bool) -> QueuePlace:
        """Accept a new generation; a message that was accepted before gives its own.

        One call, since somebody waits for the answer. Raises `OverQuota` when it would be one too
        many, `StoreUnavailable` when nothing could be accepted now, `GridTaken` when it is for a
        grid of another one.
        """
        now = self._clock.now()
        bounds = quota.bounds(self._limits, now, owner=owner)
        accepted = await self._create(new, bounds)
        while accepted.outcome == Outcome.CONFLICT:  # the code is taken
            new = replace(new, code=draw_code())
            accepted = await self._create(new, bounds)
        if accepted.standing is not None:
            quota.explain(self._limits, accepted.standing, now, owner=owner)
        generation = accepted.row
        if accepted.outcome == Outcome.GRID_TAKEN:
            raise GridTaken(generation)
        self._orchestrator.look_soon()
        return self._at_place(generation, accepted.place, new=accepted.outcome == Outcome.DONE)

    async def _create(self, new: NewGeneration, bounds: Bounds) -> Acceptance:
        return await self._store.create_generation(new, fence=self._lease.fence, bounds=bounds)

    async def place_of(self, generation: Generation) -> QueuePlace:
        """Return a generation with what its answer says: its place, and the pause."""
        place = await self._store.place_in_queue(generation.id)
        return self._at_place(generation, place, new=True)

    def _at_place(self, generation: Generation, place: int, *, new: bool) -> QueuePlace:
        return QueuePlace(generation, place, new, self.paused, self._orchestrator.hold.wait)

    async def ask(self, generation: Generation, request: Request, command: int | None) -> Answered:
        """Have a request of a person decided by the loop, and return what became of it.

        Raises `StoreUnavailable` when that takes too long; it may be done later all the same.
        Raises `GridTaken` when it is about a grid of another one.
        """
        async with _answered_in_time():
            return await self._orchestrator.ask(generation.id, request, command)

    async def cancel_all(self, author_id: int, channel_id: int) -> list[Generation]:
        """Cancel what a person has waiting or at work in a channel; return what was cancelled.

        What is at work comes last, so that nothing takes its place. The mark of handled commands
        stays: after a kill in between, the rest is cancelled.
        """
        cancelled: list[Generation] = []
        for statuses in (frozenset({Status.QUEUED}), ACTIVE):
            query = Query(author_id=author_id, statuses=statuses)
            while page := await self._store.list_generations(query):
                for one in [row for row in page if row.channel_id == channel_id]:
                    answered = await self.ask(one, Cancelled(), None)
                    if answered.objection is None:
                        cancelled.append(answered.generation)
                query = replace(query, before_seq=page[-1].seq)
        return cancelled

    async def catch_up(self) -> None:
        """Return when everything that was heard or read so far is on the rows.

        Raises `StoreUnavailable` when that takes too long.
        """
        async with _answered_in_time():
            await self._orchestrator.caught_up()

    async def delete(self, generation: Generation, command: int) -> Answered:
        """Delete the pictures of a generation that has ended, and then its prompt.

        The prompt comes last, together with the mark of handled commands: after a kill before
        that, everything is done again.
        """
        against = objection(generation, Deleted())
        if against is None and generation.archived_at is None:
            now = max(self._clock.now(), generation.updated_at)
            removed = await remove([generation.id], self._store, self._images, unchanged_since=now)
            against = None if removed else Objection.RUNNING  # since we looked
        if against is not None:
            return Answered(generation, against)
        return await self.ask(generation, Deleted(), command)

    async def pause(self, pause: Pause, command: int) -> bool:
        """Send nothing more until `resume`; False when that is so already."""
        done = await self._queue_pause.begin(pause, command=command)
        if done:
            self._orchestrator.notifier.tell(PauseChange(pause))
        return done

    async def resume(self, command: int) -> bool:
        """Resume; False if nothing was paused, or by a stop that this command cannot know of."""
        done = await self._queue_pause.end(command)
        self._orchestrator.look_soon()
        if done:
            self._orchestrator.notifier.tell(PauseChange(self.paused))
        return done


@contextlib.asynccontextmanager
async def _answered_in_time() -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            yield
    except TimeoutError as error:
        raise StoreUnavailable("the database keeps the work waiting") from error


def draw_code() -> str:
    """Return a random code for people to type; the store knows whether it is free."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
