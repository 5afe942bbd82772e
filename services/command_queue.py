"""Where people's commands come in: one after another, each at most once, within the limits."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from domain import quota
from domain.errors import StoreUnavailable, Transient
from domain.events import Deleted, Request
from domain.generation import CODE_ALPHABET, CODE_LENGTH, Generation, NewGeneration, Status
from domain.pause import Pause
from domain.ports import Clock, GenerationStore, ImageStore, Lease, Outcome, Person, Query, checked
from domain.quota import Quota
from domain.requests import Objection, objection
from services.generation.inbox import Answered
from services.generation.orchestrator import Orchestrator
from services.retention import remove

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0
"""How long it waits after a failure to catch up: after each further one twice as long,"""
LONGEST_PAUSE = 60.0
"""up to this."""
ANSWER_SECONDS = 20.0
"""How long a person waits for the loop, which may wait for the database."""
REMEMBERED = 500
"""Commands whose second delivery is noticed: by the gateway, or by the history after a gap."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """The answer to a command: its generation, how many come before it, and whether it is new."""

    generation: Generation
    place: int
    new: bool
    pause: Pause | None = None


class CommandQueue:
    """Accepts what changes something, in the order of the messages, and marks it as handled.

    The mark is the latest message that was handled. What comes after it was typed while nobody
    listened, or while the database was away; whoever finds it hands it in again.
    """

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
        """Keep the parts; nothing is known of the database yet: `load`."""
        self._store = store
        self._images = images
        self._lease = lease
        self._queue_pause = orchestrator.queue_pause
        self._orchestrator = orchestrator
        self._limits = limits
        self._clock = clock
        self._one_by_one = asyncio.Lock()  # commands, in the order in which they are heard
        self._at_work = asyncio.Lock()  # one of them, or the catching up
        self._catching_up: asyncio.Task[object] | None = None
        self._handled: deque[int] = deque(maxlen=REMEMBERED)
        self._came: deque[int] = deque(maxlen=REMEMBERED)
        self._left: set[int] = set()
        self._people: dict[int, bool] = {}
        self._gap = asyncio.Event()
        self._looked = asyncio.Event()  # for what was missed, or in vain: see the obstacle
        self._looked.set()
        self._obstacle: type[Transient] | None = None
        self._catch_up: Callable[[], Awaitable[None]] | None = None

    async def load(self) -> None:
        """Take up whom the last process knew, before anybody is heard."""
        self._people = {person.id: person.allowed for person in await self._store.list_people()}

    @property
    def people(self) -> Mapping[int, bool]:
        """Who was allowed (True) or denied (False) by command."""
        return self._people

    @property
    def paused(self) -> Pause | None:
        """The pause of the queue, while there is one."""
        return self._queue_pause.pause

    def left(self, message_id: int) -> bool:
        """Whether this command is left for later, to be handed in again."""
        return message_id in self._left

    def let_through(self, message_id: int) -> bool:
        """Whether this command has come live, of somebody who might give it."""
        return message_id in self._came

    def turn_away(self, message_id: int) -> bool:
        """Note that a command is refused before it has its turn; False when it was before.

        The gateway and the history deliver it; one of them is answered.
        """
        first = message_id not in self._handled
        if first:
            self._handled.append(message_id)
        return first

    def missed(self) -> None:
        """Note that commands may have been missed, or answers not given.

        From now on other commands wait until that is caught up with.
        """
        self._gap.set()
        self._looked.clear()

    def when_missed(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        """Have this called after each gap, and again when it fails for a passing reason."""
        self._catch_up = catch_up

    async def run(self) -> None:
        """Have every gap caught up with, until cancelled."""
        pause = AGAIN_SECONDS
        while True:
            await self._gap.wait()
            self._gap.clear()
            try:
                if self._catch_up is not None:
                    await self._catch_up()
            except Transient as error:
                log.warning("not_caught_up", why=str(error), again_in=pause)
                self._obstacle = type(error)
                self._looked.set()  # whoever waits learns why
                self.missed()
                await self._clock.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._obstacle = None
                pause = AGAIN_SECONDS
                if not self._gap.is_set():  # nothing was missed meanwhile
                    self._looked.set()

    @asynccontextmanager
    async def turn(self, message_id: int) -> AsyncGenerator[bool]:
        """Wait until it is this command's turn; give False when it was handled already.

        It is marked as handled at the end, also when it was refused. Only where the database or the
        channel's history is away it is left for later, and what comes after it as well, with
        `StoreUnavailable` or `ChannelUnavailable`. Otherwise the mark would pass it, or what was
        missed before it.
        """
        if self._catching_up is not None and self._catching_up is asyncio.current_task():
            async with self._handling(message_id) as first:
                yield first
            return
        if message_id in self._handled:
            yield False
            return
        self._came.append(message_id)
        self._stay_behind(message_id)
        async with self._one_by_one:
            while not self._looked.is_set() and self._obstacle is None:
                await self._looked.wait()
            async with self._at_work:
                self._stay_behind(message_id)
                async with self._handling(message_id) as first:
                    yield first

    @asynccontextmanager
    async def catching_up(self) -> AsyncGenerator[int | None]:
        """Hold all other commands up and give the mark: what comes after it is to be handed in.

        None: no command was ever handled. `StoreUnavailable`: to be tried again.
        """
        async with self._at_work:
            self._catching_up = asyncio.current_task()
            left = frozenset(self._left)
            try:
                yield await self._store.get_mark()
                self._left -= left
            finally:
                self._catching_up = None

    async def mark(self, message_id: int) -> None:
        """Note that everything up to this message is handled."""
        checked(await self._store.set_mark(message_id, fence=self._lease.fence))

    async def submit(self, new: NewGeneration) -> QueuePlace:
        """Accept a new generation; a message that was accepted before gives its own.

        Raises `StoreUnavailable` when nothing could be accepted now.
        """
        change = await self._store.create_generation(new, fence=self._lease.fence)
        while change.outcome == Outcome.CONFLICT:  # the code is taken
            new = replace(new, code=draw_code())
            change = await self._store.create_generation(new, fence=self._lease.fence)
        generation = change.row
        self._orchestrator.look_soon()
        return await self.placed(generation, new=change.outcome == Outcome.DONE)

    async def placed(self, generation: Generation, *, new: bool = True) -> QueuePlace:
        """Return a generation with what its answer says: its place, and the pause."""
        place = await self._store.place_in_queue(generation.id)
        return QueuePlace(generation, place, new, self._queue_pause.pause)

    async def check_quota(self, author_id: int, *, owner: bool) -> None:
        """Raise `OverQuota` when this person may not have one more generation now."""
        now = self._clock.now()
        load = await self._store.get_load(author_id, now - quota.DAY)
        quota.check(self._limits, load, now, owner=owner)
        if not owner:
            failed = Query(
                author_id=author_id, statuses=frozenset({Status.FAILED}), limit=quota.REFUSALS
            )
            quota.check_refusals(await self._store.list_generations(failed), now)

    async def ask(self, generation: Generation, request: Request, command: int) -> Answered:
        """Have a request of a person decided by the loop, and return what became of it.

        Raises `StoreUnavailable` when that takes too long; it may be done later all the same.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._orchestrator.ask(generation.id, request, command)
        except TimeoutError as error:
            raise StoreUnavailable("the database keeps the work waiting") from error

    async def delete(self, generation: Generation, command: int) -> Answered:
        """Remove the pictures of a generation that has ended, and then its words.

        The words, and with them the mark, come last: a kill before that has all of it done again.
        """
        against = objection(generation, Deleted())
        if against is None and generation.archived_at is None:
            now = max(self._clock.now(), generation.updated_at)
            removed = await remove([generation.id], self._store, self._images, unchanged_since=now)
            against = None if removed else Objection.RUNNING  # meanwhile
        if against is not None:
            return Answered(generation, against)
        return await self.ask(generation, Deleted(), command)

    async def pause(self, pause: Pause, command: int) -> bool:
        """Send nothing more until `resume`; False when that is so already."""
        return await self._queue_pause.pull(pause, command=command)

    async def resume(self, command: int) -> bool:
        """Go on; False when nothing was paused."""
        done = await self._queue_pause.release(command=command)
        self._orchestrator.look_soon()
        return done

    async def set_person(self, person: Person, command: int) -> bool:
        """Allow or deny somebody; False when that was so already."""
        fence = self._lease.fence
        outcome = await self._store.set_person(person, fence=fence, command=command)
        self._people[person.id] = person.allowed
        return checked(outcome) == Outcome.DONE

    def _stay_behind(self, message_id: int) -> None:
        if message_id in self._handled or not (self._left or self._obstacle):
            return
        self._leave(message_id)
        obstacle = self._obstacle or StoreUnavailable
        raise obstacle("earlier commands are left for later")

    def _leave(self, message_id: int) -> None:
        self._left.add(message_id)
        self.missed()

    @asynccontextmanager
    async def _handling(self, message_id: int) -> AsyncGenerator[bool]:
        if message_id in self._handled:
            yield False
            return
        try:
            yield True
        except Transient:
            self._leave(message_id)
            raise
        except Exception:
            await self._done(message_id)
            raise
        await self._done(message_id)

    async def _done(self, message_id: int) -> None:
        self._handled.append(message_id)
        self._left.discard(message_id)
        try:
            await self.mark(message_id)
        except StoreUnavailable:
            self.missed()  # the mark is moved when the gap is looked at


def draw_code() -> str:
    """Return a random code for people to type; the store knows whether it is free."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
