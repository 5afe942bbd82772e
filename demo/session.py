"""The sandbox and the real bot in this process, and what the demo needs from both."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING, Any

import bot as worker
import config
from cogs.extension import services_of
from cogs.replies import Replies
from domain.generation import ACTIVE, Generation, Slot, Status, picture_key
from domain.ports import Query
from sandbox.people import OWNER
from sandbox.pointing import point_library_at
from services.updates import GenerationUpdate, Update

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from pydantic_settings import PydanticBaseSettingsSource

    from demo.project import Project
    from sandbox import Sandbox
    from services import Atelier

COMMAND_PREFIX = "!"
ANSWER_SECONDS = 10.0
"""How long to wait for the bot's answer; it does not answer unknown commands."""
UNFINISHED = ACTIVE | {Status.QUEUED}


class DemoFailure(Exception):
    """Why the demo cannot continue, as one sentence, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class _Settings(config.Settings):
    """The bot's settings, with nothing in them from the environment or a file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: object,  # noqa: ARG003 -- pydantic-settings passes all of them
        init_settings: PydanticBaseSettingsSource,
        env_settings: object,  # noqa: ARG003 -- as above
        dotenv_settings: object,  # noqa: ARG003 -- as above
        file_secret_settings: object,  # noqa: ARG003 -- as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def settings(sandbox: Sandbox, data: Path, project: Project | None = None) -> config.Settings:
    """Return settings for a bot that serves everybody in the sandbox, at the sandbox's speed."""
    values: dict[str, Any] = {
        "discord_token": sandbox.token,
        "discord_channel_id": sandbox.channel_id,
        "owner_ids": str(sandbox.people[OWNER].id),
        "allowed_user_ids": config.EVERYBODY,
        "command_prefix": COMMAND_PREFIX,
        "data_dir": data,
        "press_interval": min(60.0, 1.5 / sandbox.clock.speed),
    }
    if project is not None:
        values |= {"supabase_url": project.url, "supabase_key": project.key}
    return _Settings(**values)


class DemoSession:
    """A sandbox with the running bot, and one person who types."""

    person = OWNER

    def __init__(self, sandbox: Sandbox, atelier: Atelier) -> None:
        self.sandbox = sandbox
        self.atelier = atelier
        self._told: dict[str, Generation] = {}
        self._news = asyncio.Event()
        self._listeners: list[Callable[[Generation], None]] = []
        atelier.orchestrator.notifier.subscribe(self._note)

    @property
    def folder(self) -> Path | None:
        """The folder of the pictures; None if they are not files."""
        settings = self.atelier.settings
        return settings.data_dir / "pictures" if settings.supabase_url is None else None

    async def pictures_address(self) -> str:
        """Return where the pictures are served, up to a generation's id."""
        key = picture_key(str(uuid.UUID(int=0)), Slot.GRID)
        return (await self.atelier.images.url(key)).removesuffix(key)

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
        latest = await self.atelier.store.list_generations(Query(author_id=author, limit=1))
        return next((each for each in latest if each.command_message_id == command), None)

    async def over(self, generation: Generation) -> Generation:
        """Wait until a generation has ended, and briefly for its final notice.

        Raises `DemoFailure` if the queue is paused, because nobody here resumes it.
        """
        while self._told.get(generation.id, generation).status in UNFINISHED:
            pause = await self.atelier.store.get_pause()
            if pause is not None:
                why = Replies("en", COMMAND_PREFIX).reason(pause.words)
                raise DemoFailure(f"The queue is paused: {why}")
            await self._change()
        await self._notices()
        return self._told.get(generation.id, generation)

    async def idle(self) -> None:
        """Wait until every generation has ended or needs a person."""
        while await self.unfinished() and await self.atelier.store.get_pause() is None:
            await self._change()
        await self._notices()

    async def unfinished(self) -> Generation | None:
        """Return a generation that has not ended, if there is one."""
        found = await self.atelier.store.list_generations(Query(statuses=UNFINISHED, limit=1))
        return next(iter(found), None)

    async def _change(self) -> None:
        """Wait for the next change after the last call."""
        await self._news.wait()
        self._news.clear()

    async def _notices(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not all(map(is_over, self._told.values())):
                    await self._change()

    def _note(self, news: Update) -> None:
        """Remember the change, and call back once when a generation is over."""
        self._news.set()
        if not isinstance(news, GenerationUpdate):
            return
        generation = news.generation
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
    """Run the bot in the sandbox until the block ends; raise `DemoFailure` if it ends earlier."""
    bot = worker.AtelierBot(settings(sandbox, data, project), frozenset({sandbox.cdn_base}))
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    async def work() -> None:
        code = await worker.run(bot)
        if code == worker.Exit.LEASE_HELD:
            raise DemoFailure(f"Another demo or bot is at work in {data}: use another folder.")
        raise DemoFailure(f"The bot has ended by itself; the log in {data} says why.")

    bot.add_listener(on_ready)
    try:
        with point_library_at(sandbox):
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(work(), name="bot")
                await ready.wait()
                atelier = services_of(bot, __name__)
                try:
                    yield DemoSession(sandbox, atelier)
                except Exception:
                    if atelier.failure is not None:  # that is the cause then
                        await running
                    raise
                running.cancel()
    except BaseExceptionGroup as group:
        failures = group.subgroup(DemoFailure)
        raise group if failures is None else failures.exceptions[0] from None
