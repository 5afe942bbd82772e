"""A private channel with people in it and the real bot behind it, all in this process.

dpytest plays Discord. The bot, its cogs and its services are real, with a database and a pictures
folder for each test. Time is simulated, and there is no Midjourney.
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, chdir, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any
from unittest.mock import patch

import discord
import stamina
from discord.ext import commands

import config
import services
from bot import EXTENSIONS, AtelierBot
from cogs.missed_commands import MissedCommands
from domain.generation import Generation
from domain.ports import Query
from services import Atelier
from services.command_queue import AGAIN_SECONDS
from services.updates import GenerationUpdate
from tests.cogs.recording_http import Edit, RecordingHttp, Sent, history
from tests.database_template import put_into
from tests.dpytest_shim import backend, dpytest, dpytest_on_this_library, factories
from tests.fakes import FakeClock, UnreachableSender

OLGA, ANN, BEN, STRANGER = range(1_180_000_000_000_000_001, 1_180_000_000_000_000_005)
GUILD, CHANNEL, ELSEWHERE = range(1_190_000_000_000_000_001, 1_190_000_000_000_000_004)
ARTISTS = 1_200_000_000_000_000_001
"""The role whose bearers may use the bot; Ben has it."""
REPLY = ("message_reference", "referenced_message")
COMPILED = functools.cache(SourceFileLoader.get_code)
"""Extensions are run anew for every bot, but not compiled anew."""


@dataclass
class ChannelHarness:
    """The channel, and what tests do and see in it."""

    bot: commands.Bot
    clock: FakeClock
    guild: discord.Guild
    channel: discord.TextChannel
    elsewhere: discord.TextChannel
    people: dict[int, discord.Member]
    failures: list[BaseException | None] = field(default_factory=list[BaseException | None])
    """What a listener raised and nobody caught; there must be none at the end."""
    looks: asyncio.Queue[None] = field(default_factory=asyncio.Queue[None])
    """One for each time that it tried to catch up with what was missed."""
    _read: int = 0

    @property
    def atelier(self) -> Atelier:
        return self.bot.atelier  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] -- set by attach

    @property
    def http(self) -> RecordingHttp:
        assert isinstance(self.bot.http, RecordingHttp)
        return self.bot.http

    @property
    def account(self) -> discord.Member:
        """The account that the bot is logged in with."""
        assert self.guild.me is not None
        return self.guild.me

    async def say(
        self, text: str, by: int | discord.abc.User = ANN, channel: Any = None, **more: Any
    ) -> list[Sent]:
        """Type something, and return what the bot sends."""
        author = self.people[by] if isinstance(by, int) else by
        backend.make_message(text, author, channel or self.channel, **more)
        return await self.sent()

    def typed(self, text: str, by: discord.Member | None = None, **more: Any) -> dict[str, Any]:
        """Return a message as the gateway delivers it, of Ann's unless it is another's."""
        author = by or self.people[ANN]
        reply = {key: more.pop(key) for key in tuple(more) if key in REPLY}
        return factories.make_message_dict(self.channel, author, content=text, **more) | reply

    def reference(self, to: int) -> dict[str, Any]:
        """Return what Discord adds to a reply: which message it is about, and that message."""
        found = next((each for each in history(CHANNEL) if each["id"] == to), None)
        reference = {"message_id": to, "channel_id": CHANNEL, "guild_id": GUILD}
        return {"message_reference": reference, "referenced_message": found}

    async def reply(self, text: str, to: int, by: int = ANN, **more: Any) -> list[Sent]:
        """Type something as a reply to a message, and return what the bot sends."""
        typed = self.typed(text, self.people[by], **self.reference(to), **more)
        return await self.receive(typed)

    def unheard(
        self,
        text: str,
        by: int | discord.abc.User = ANN,
        at: datetime | None = None,
        to: int | None = None,
    ) -> int:
        """Put a message into the history that the gateway never delivers, and return its id."""
        author = self.people[by] if isinstance(by, int) else by
        unique = discord.utils.time_snowflake(at or self.clock.now()) + 1 + len(history(CHANNEL))
        message = factories.make_message_dict(self.channel, author, unique, content=text)
        history(CHANNEL).append(message | ({} if to is None else self.reference(to)))
        return unique

    def messages(self) -> list[dict[str, Any]]:
        """Return the messages of the channel, as its history has them."""
        return history(CHANNEL)

    async def back(self) -> list[Sent]:
        """Reconnect the gateway after a gap, and return what the bot sends."""
        await self.clock.advance(0)  # run what became due in a jump
        self.bot.dispatch("resumed")
        return await self.caught_up()

    async def later(self, seconds: float = AGAIN_SECONDS) -> list[Sent]:
        """Let time pass until the bot catches up once more, and return what it sends."""
        await self.clock.advance(seconds)
        return await self.caught_up()

    async def caught_up(self) -> list[Sent]:
        """Wait until the bot has tried once more to catch up, and return what it has sent."""
        await self.clock.advance(0)
        self.looks.get_nowait()
        return await self.sent()

    async def receive(self, message: dict[str, Any], event: str = "message_create") -> list[Sent]:
        """Deliver a message unchanged through the gateway, and return what the bot sends."""
        getattr(backend.get_state(), f"parse_{event}")(message)
        return await self.sent()

    async def tell(self, *told: GenerationUpdate) -> list[Sent]:
        """Send the cogs an update as the orchestrator would, and return what the bot sends."""
        for each in told:
            self.bot.dispatch("atelier_update", each)
        return await self.sent()

    async def sent(self) -> list[Sent]:
        """Wait until the bot is done, and return what it has sent since the last call."""
        await dpytest.run_all_events()
        fresh = self.http.sent[self._read :]
        self._read += len(fresh)
        return fresh

    async def edit(self) -> Edit:
        """Return the next edit of a status message."""
        await self.clock.advance(0)
        return self.http.edits.get_nowait()

    async def rows(self) -> list[Generation]:
        """Return all generations, oldest first."""
        return (await self.atelier.store.list_generations(Query(limit=100)))[::-1]

    async def imagined(self, prompt: str = "a lighthouse at dusk", by: int = ANN) -> Generation:
        """Let a person type a prompt, and return its row."""
        (reply,) = await self.say(f"!imagine {prompt}", by)
        (row,) = [row for row in await self.rows() if row.status_message_id == reply.id]
        return row


def settings(folder: Path, **changes: Any) -> config.Settings:
    """Return the settings of the bot in the channel."""
    facts: dict[str, Any] = {
        "discord_token": "a.made.up-token",
        "discord_channel_id": CHANNEL,
        "owner_ids": {OLGA},
        "allowed_user_ids": {ANN},
        "allowed_role_ids": {ARTISTS},
        "data_dir": folder,
        "pictures_address": "127.0.0.1:0",
    }
    return config.GivenSettings(**facts | changes)


@contextmanager
def replaced_parts(folder: Path) -> Generator[None]:
    """Replace what is not available here: Discord, Midjourney, and the waits between retries."""
    with (
        dpytest_on_this_library(),
        patch.object(backend, "FakeHttp", RecordingHttp),
        patch("services.atelier.MidjourneyClient", UnreachableSender),
        stamina.set_testing(testing=True, attempts=2),
        patch.object(SourceFileLoader, "get_code", COMPILED),
        chdir(folder),  # dpytest puts sent files there
    ):
        yield


@asynccontextmanager
async def open_channel(
    folder: Path,
    *,
    bot: commands.Bot | None = None,
    ready: bool = True,
    **changes: Any,
) -> AsyncGenerator[ChannelHarness]:
    """Start the bot in a fresh channel, with some settings changed; stop it with the block.

    `bot` may be somebody else's bot. A bot that is not `ready` knows no channel yet.
    """
    values = settings(folder, **changes)
    with replaced_parts(folder), ExitStack() as seen:
        bot = bot or AtelierBot(values)
        inside: Any = bot
        await inside._async_setup_hook()
        dpytest.configure(bot, guilds=0)
        inside.ws, harness = None, set_up(bot)  # as before a login; dpytest's cannot be closed
        seen.enter_context(patch("services.atelier.DRAIN_SECONDS", 0.0))  # nothing can arrive here
        seen.enter_context(patch.object(MissedCommands, "catch_up", watched(harness.looks)))
        if ready:
            inside._handle_ready()
        await put_into(folder)
        await services.attach(bot, values, clock=harness.clock)
        for extension in EXTENSIONS:
            await bot.load_extension(extension)
        await harness.clock.advance(0)
        if ready:
            await harness.caught_up()
        yield harness
        await harness.sent()
        for cog in tuple(bot.cogs):
            await bot.remove_cog(cog)
        await dpytest.empty_queue()
    all_was_well(harness)


def all_was_well(harness: ChannelHarness) -> None:
    """Check what must be true at the end of every test."""
    assert harness.failures == []
    assert harness.atelier.failure is None
    prefix = harness.atelier.command_prefix
    assert not any(sent.text.startswith(prefix) for sent in harness.http.sent)


def watched(looks: asyncio.Queue[None]) -> Callable[[MissedCommands], Awaitable[None]]:
    """Return the bot's catch-up function, wrapped so that tests know when it has run."""
    catch_up = MissedCommands.catch_up

    async def and_say_so(self: MissedCommands) -> None:
        try:
            await catch_up(self)
        finally:
            looks.put_nowait(None)

    return and_say_so


def set_up(bot: commands.Bot) -> ChannelHarness:
    """Make two channels and people, and return a harness around them."""
    guild = backend.make_guild("guild", id_num=GUILD)
    harness = ChannelHarness(
        bot=bot,
        clock=FakeClock(),
        guild=guild,
        channel=backend.make_text_channel("atelier", guild, id_num=CHANNEL),
        elsewhere=backend.make_text_channel("elsewhere", guild, id_num=ELSEWHERE),
        people={},
    )
    artists = backend.make_role("artists", guild, id_num=ARTISTS)
    for number, name in {OLGA: "Olga", ANN: "Ann", BEN: "Ben", STRANGER: "Sam"}.items():
        user = backend.make_user(name, "0001", id_num=number)
        roles = [artists] if number == BEN else []
        harness.people[number] = backend.make_member(user, guild, roles=roles)
    assert bot.user is not None
    able = backend.make_role("able", guild, permissions=discord.Permissions.all().value)
    backend.make_member(bot.user, guild, roles=[able])

    async def on_error(event_method: str, *args: Any, **kwargs: Any) -> None:
        harness.failures.append(sys.exception())

    bot.on_error = on_error
    return harness
