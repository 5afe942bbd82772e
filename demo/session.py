"""The sandbox, the real bot in a process beside it, and what the demo needs from both."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING

from demo.bot_process import DemoBot
from demo.bot_settings import settings, values_for
from demo.failure import DemoFailure
from demo.rows import UNFINISHED, RowWatch, is_over
from domain.generation import Generation
from domain.ports import Query
from domain.slots import Slot, picture_key
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
        self.rows = RowWatch(self.reader)

    def folder_of(self, generation: Generation) -> Path | None:
        """Return the folder of one generation's pictures; None if they are not files."""
        return None if self.folder is None else self.folder / generation.id

    @property
    def generations(self) -> list[Generation]:
        """Those of this session, oldest first, as their rows were last seen."""
        return sorted(self.rows.seen.values(), key=lambda each: each.seq)

    async def pictures_address(self) -> str:
        """Return where the pictures are served, up to a generation's id."""
        key = picture_key(str(uuid.UUID(int=0)), Slot.GRID)
        return (await self.images.url(key)).removesuffix(key)

    def when_completed(self, listener: Callable[[Generation], None]) -> None:
        """Call back for each generation that has its pictures and its final notice."""
        self.rows.when_completed(listener)

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
        while self.rows.seen.get(generation.id, generation).status in UNFINISHED:
            pause = await self.reader.get_pause()
            if pause is not None:
                from demo.reasons import of_pause  # noqa: PLC0415 -- the import takes a second

                raise DemoFailure(f"The queue is paused: {of_pause(pause)}")
            await self.rows.change()
        await self._notices()
        return self.rows.seen.get(generation.id, generation)

    async def idle(self) -> None:
        """Wait until every generation has ended or needs a person."""
        while await self.unfinished() and await self.reader.get_pause() is None:
            await self.rows.change()
        await self._notices()

    async def unfinished(self) -> Generation | None:
        """Return a generation that has not ended, if there is one."""
        found = await self.reader.list_generations(Query(statuses=UNFINISHED, limit=1))
        return next(iter(found), None)

    async def _notices(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not all(map(is_over, self.rows.seen.values())):
                    await self.rows.change()


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
            await stage.rows.begin()
            following = tasks.create_task(stage.rows.follow(sandbox), name="rows")
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
