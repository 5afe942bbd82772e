"""The real bot against the sandbox, over loopback sockets, in one process."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import stamina

import bot as worker
import config
from domain.generation import Generation, Status
from domain.ports import Clock, Query
from sandbox import Sandbox, pictures
from sandbox.pointing import point_library_at
from services import Atelier
from services.updates import GenerationUpdate, Update
from tests.integration.quick_time import PATIENCE, passing


@dataclass
class RunningBot:
    """A running bot in its sandbox, and helpers for both."""

    sandbox: Sandbox
    bot: worker.AtelierBot
    told: list[GenerationUpdate]

    def remember(self, news: Update) -> None:
        """Record an update from the orchestrator."""
        if isinstance(news, GenerationUpdate):
            self.told.append(news)

    @property
    def atelier(self) -> Atelier:
        assert self.bot.atelier is not None
        return self.bot.atelier

    async def imagine(self, prompt: str, person: str = "ann") -> None:
        """Let a person type the command."""
        await self.sandbox.say(person, f"!imagine {prompt}")

    async def generations(self) -> list[Generation]:
        """Return all rows, oldest first."""
        return (await self.atelier.store.list_generations(Query(limit=100)))[::-1]

    async def until(
        self, condition: Callable[[GenerationUpdate], bool], seconds: float = PATIENCE
    ) -> Generation:
        """Wait for an update from the orchestrator, which may have come already."""
        heard = asyncio.Event()

        def listen(news: Update) -> None:
            if isinstance(news, GenerationUpdate) and condition(news):
                found.append(news)
                heard.set()

        found = [told for told in self.told if condition(told)]
        if not found:
            self.atelier.orchestrator.notifier.subscribe(listen)
            async with asyncio.timeout(seconds):
                await heard.wait()
        return found[0].generation

    async def ended(self, prompt: str, status: Status = Status.COMPLETED) -> Generation:
        """Wait until the generation of a prompt has a status and its final notice is sent."""
        return await self.until(
            lambda told: (
                told.generation.prompt == prompt
                and told.generation.status == status
                and told.generation.notice_message_id is not None
            ),
        )


def settings(sandbox: Sandbox, folder: Path, **changes: Any) -> config.Settings:
    """Return the settings of a bot in this sandbox."""
    facts: dict[str, Any] = {
        "discord_token": sandbox.token,
        "discord_channel_id": sandbox.channel_id,
        "owner_ids": str(sandbox.people["ann"].id),
        "allowed_user_ids": "*",
        "data_dir": folder,
        "pictures_address": "127.0.0.1:0",
        "press_interval": 0,
    }
    return config.GivenSettings(**facts | changes)


@contextlib.asynccontextmanager
async def running(
    sandbox: Sandbox,
    values: config.Settings,
    clock: Clock | None = None,
) -> AsyncGenerator[RunningBot]:
    """Run the bot in quick time, or with another clock, until the block ends."""
    with contextlib.ExitStack() as stack:
        clock = clock or stack.enter_context(passing(sandbox))
        async with _running(sandbox, values, clock) as running_bot:
            yield running_bot


@contextlib.asynccontextmanager
async def _running(
    sandbox: Sandbox, values: config.Settings, clock: Clock
) -> AsyncGenerator[RunningBot]:
    bot = worker.AtelierBot(values, frozenset({sandbox.cdn_base}), clock)
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    bot.add_listener(on_ready)
    with point_library_at(sandbox):
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(worker.run(bot))
            begun = tasks.create_task(ready.wait())
            await asyncio.wait({begun, work}, return_when=asyncio.FIRST_COMPLETED)
            assert ready.is_set(), "the bot ended before it was ready"
            running_bot = RunningBot(sandbox, bot, [])
            running_bot.atelier.orchestrator.notifier.subscribe(running_bot.remember)
            yield running_bot
            work.cancel()


_drawn_once = lru_cache(maxsize=1024)(pictures.draw_cell)


@pytest.fixture(autouse=True)
def lean() -> Iterator[None]:
    """Skip slow steps that these tests are not about; other tests of this process need them.

    No TLS setup for other machines, and the same small picture is drawn only once.
    """
    with (
        patch.object(ssl.SSLContext, "load_default_certs"),
        patch.object(pictures, "draw_cell", _drawn_once),
    ):
        yield


@pytest.fixture
def fast_retries() -> Iterator[None]:
    """Retry without pauses."""
    with stamina.set_testing(testing=True, attempts=5):
        yield


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Serve a quick sandbox with small pictures; requests unknown to it fail the test."""
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def running_bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """Run the bot for everybody in the sandbox's channel."""
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        yield running_bot
