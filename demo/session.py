"""The sandbox, the real bot in a process beside it, and what the demo needs from both."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING, NoReturn

from demo.bot_process import DemoBot
from demo.bot_settings import settings, values_for
from demo.failure import DemoFailure
from domain.errors import StoreUnavailable
from domain.generation import ACTIVE, Generation, Slot, Status, picture_key
from domain.ports import Query
from sandbox.people import OWNER

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from demo.project import Project
    from domain.ports import GenerationReader, ImageStore
    from sandbox import Sandbox

ANSWER_SECONDS = 10.0
"""How long to wait for the bot's answer; it does not answer unknown commands."""
START_SECONDS = 60.0
"""How long the bot's process may take until it hears the channel, on a slow machine."""
LOOK_SECONDS = 0.2
"""How often to look at the rows when nothing happens in the channel."""
NEWEST = 10
"""How many rows to look at; those that are not over yet are looked at in any case."""
UNFINISHED = ACTIVE | {Status.QUEUED}


class DemoSession:
    """A sandbox with the running bot, and one person who types."""

    person = OWNER

    def __init__(
        self,
        sandbox: Sandbox,
        bot: DemoBot,
        stores: tuple[GenerationReader, ImageStore],
        folder: Path | None,
    ) -> None:
        """Follow nothing yet. `folder` is that of the pictures; None if they are not files."""
        self.sandbox = sandbox
        self.bot = bot
        self.reader, self.images = stores
        self.folder = folder
        self._told: dict[str, Generation] = {}
        self._last_seq = 0  # of the rows that were there before
        self._happened = asyncio.Event()
        self._looked = asyncio.Event()
        self._listeners: list[Callable[[Generation], None]] = []

    async def begin(self) -> None:
        """Leave out the rows that are there already."""
        newest = await self.reader.list_generations(Query(limit=1))
        self._last_seq = newest[0].seq if newest else 0

    async def follow(self) -> NoReturn:
        """Look at the rows after each change of the channel, and a little later.

        The bot may write a row after it has said so.
        """
        self.sandbox.watch(self._hear)
        while True:
            with contextlib.suppress(StoreUnavailable):  # it may be in trouble, as a bot may be
                await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._happened.wait()
            self._happened.clear()

    async def pictures_address(self) -> str:
        """Return where the pictures are served, up to a generation's id."""
        key = picture_key(str(uuid.UUID(int=0)), Slot.GRID)
        return (await self.images.url(key)).removesuffix(key)

    def when_completed(self, listener: Callable[[Generation], None]) -> None:
        """Call back for each generation that has its pictures and its final notice."""
        self._listeners.append(listener)

    async def type(self, text: str) -> int:
        """Send a message as the person, and return its id."""
        return int((await self.sandbox.say(self.person, text))["id"])

    async def answer(self, command: int) -> str | None:
        """Wait for the bot's answer to a message; None if there is none."""
        found: list[str] = []

        def look() -> bool:
            found.extend(
                message["content"]
                for message in self.sandbox.messages
                if message["author"]["id"] == str(self.sandbox.account.id)
                and message.get("message_reference", {}).get("message_id") == str(command)
            )
            return bool(found)

        try:
            await self.sandbox.wait_until(look, ANSWER_SECONDS)
        except TimeoutError:
            return None
        return found[0]

    async def made_by(self, command: int) -> Generation | None:
        """Return the generation that the person's latest command created, if any."""
        author = self.sandbox.people[self.person].id
        latest = await self.reader.list_generations(Query(author_id=author, limit=1))
        return next((each for each in latest if each.command_message_id == command), None)

    async def over(self, generation: Generation) -> Generation:
        """Wait until a generation has ended, and briefly for its final notice.

        Raises `DemoFailure` if the queue is paused, because nobody here resumes it.
        """
        while self._told.get(generation.id, generation).status in UNFINISHED:
            pause = await self.reader.get_pause()
            if pause is not None:
                from demo.reasons import of_pause  # noqa: PLC0415 -- the import takes a second

                raise DemoFailure(f"The queue is paused: {of_pause(pause)}")
            await self._change()
        await self._notices()
        return self._told.get(generation.id, generation)

    async def idle(self) -> None:
        """Wait until every generation has ended or needs a person."""
        while await self.unfinished() and await self.reader.get_pause() is None:
            await self._change()
        await self._notices()

    async def unfinished(self) -> Generation | None:
        """Return a generation that has not ended, if there is one."""
        found = await self.reader.list_generations(Query(statuses=UNFINISHED, limit=1))
        return next(iter(found), None)

    async def _change(self) -> None:
        """Wait for the next look at the rows."""
        await self._looked.wait()

    async def _notices(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not all(map(is_over, self._told.values())):
                    await self._change()

    def _hear(self, *_: object) -> None:
        self._happened.set()

    async def look(self) -> None:
        """Look at the rows once, and wake whoever waits for a change."""
        found = {each.id: each for each in await self.reader.list_generations(Query(limit=NEWEST))}
        for known in self._told.values():
            if not is_over(known) and known.id not in found:
                row = await self.reader.get_generation(known.id)
                found[known.id] = row or known
        for generation in found.values():
            if generation.seq > self._last_seq:
                self._note(generation)
        self._looked.set()
        self._looked = asyncio.Event()

    def _note(self, generation: Generation) -> None:
        """Remember the row, and call back once when its generation is over."""
        before = self._told.get(generation.id)
        self._told[generation.id] = generation
        was_over = before is not None and is_over(before)
        if generation.status == Status.COMPLETED and is_over(generation) and not was_over:
            for listener in self._listeners:
                listener(generation)


def is_over(generation: Generation) -> bool:
    """Return whether a generation has ended and its person knows, as whoever cancels it does."""
    if generation.status in UNFINISHED:
        return False
    return generation.notice_message_id is not None or generation.status == Status.CANCELLED


@contextlib.asynccontextmanager
async def raised(
    sandbox: Sandbox, data: Path, project: Project | None = None
) -> AsyncGenerator[DemoSession]:
    """Run the bot beside the sandbox until the block ends; a `DemoFailure` if it ends earlier."""
    values = values_for(sandbox, data, project)
    folder = data / "pictures" if project is None else None
    try:
        async with asyncio.TaskGroup() as tasks, contextlib.AsyncExitStack() as opened:
            bot = DemoBot(tasks, sandbox, values, data)
            opened.push_async_callback(bot.stop)
            await bot.start()
            # The import takes a second, in which the bot's process does its own.
            from services.stores import open_for_reading  # noqa: PLC0415 -- see above

            await _ready(bot, sandbox)
            stores = await open_for_reading(settings(values), opened)
            stage = DemoSession(sandbox, bot, stores, folder)
            await stage.begin()
            following = tasks.create_task(stage.follow(), name="rows")
            opened.callback(following.cancel)
            yield stage
    except BaseExceptionGroup as group:
        failures = group.subgroup(DemoFailure)
        raise group if failures is None else failures.exceptions[0] from None


async def _ready(bot: DemoBot, sandbox: Sandbox) -> None:
    try:
        await sandbox.wait_until(lambda: bot.ready, START_SECONDS)
    except TimeoutError:
        raise DemoFailure(f"The bot was not ready after {START_SECONDS:.0f} seconds.") from None
