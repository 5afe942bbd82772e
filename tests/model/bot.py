"""The library's bot, as far as the product uses it: events, commands, and the gateway's session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any, cast

import discord
from discord.ext import commands

from cogs.answers import NOT_SENT
from cogs.base import AtelierCog
from domain.errors import AtelierError, ChannelUnavailable
from domain.messages import MessageSnapshot
from services.atelier import Atelier
from services.discord.connection import DiscordConnection
from tests.model.channel import ACCOUNT, CHANNEL, GUILD, ChannelMessage, RestChannel

PREFIX = "!"
Start = Callable[[Awaitable[None], str], None]


class SimulatedContext(SimpleNamespace):
    """What a command gets; like the library's, it is the key of what is noted about it."""

    def __hash__(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] -- the library's has one
        return id(self)


class SimulatedBot:
    """Dispatches events to the cogs and runs their commands; `start` starts a task of its own."""

    def __init__(self, channel: RestChannel, start: Start, blame: Callable[[str], None]) -> None:
        self.user = ACCOUNT
        self.atelier: Atelier | None = None
        self.help_command = None
        self.ws = SimpleNamespace(session_id=None, open=False, sequence=None)
        self.http = _Http()
        self._connection = SimpleNamespace(parsers=dict[str, object]())
        self.channel = channel
        self.is_zombie: Callable[[], bool] = lambda: False
        self.hang_up: Callable[[], None] = lambda: None
        self._start = start
        self._blame = blame
        self._listeners: defaultdict[str, list[Callable[..., Awaitable[None]]]] = defaultdict(list)
        self._commands: dict[str, commands.Command[Any, ..., Any]] = {}
        self._beats = 0

    @property
    def commands(self) -> Collection[commands.Command[Any, ..., Any]]:
        """The commands of all cogs."""
        return self._commands.values()

    @property
    def latency(self) -> float:
        """How long the last heartbeat took: another time each time."""
        self._beats += 0 if self.is_zombie() else 1
        return self._beats / 1000

    def is_ready(self) -> bool:
        return False

    def get_channel(self, channel_id: int) -> RestChannel | None:
        return self.channel if channel_id == CHANNEL else None

    def add(self, cog: commands.Cog, *, listens: bool = True) -> None:
        """Register the listeners and the commands of a cog."""
        for name, listener in cog.get_listeners() if listens else ():
            self._listeners[name].append(listener)
        for command in cog.get_commands():
            command.cog = cog
            self._commands[command.name] = command

    def dispatch(self, event: str, *facts: object) -> None:
        """Start a task for each listener of an event."""
        for listener in self._listeners[f"on_{event}"]:
            self._start(self._hear(listener, *facts), event)

    async def _hear(self, listener: Callable[..., Awaitable[None]], *facts: object) -> None:
        try:
            await listener(*facts)
        except (AtelierError, discord.HTTPException):
            return  # the library logs it
        except Exception as error:  # noqa: BLE001 -- it fails the run
            self._blame(f"a listener raised {error!r}")

    async def get_context(self, message: ChannelMessage) -> SimpleNamespace:
        """Read a command, if the message is one."""
        word, _, text = message.content.partition(" ")
        named = word.startswith(PREFIX) and not message.author.bot
        return SimulatedContext(
            bot=self,
            message=message,
            author=message.author,
            channel=message.channel,
            guild=SimpleNamespace(id=GUILD),
            command=self._commands.get(word.removeprefix(PREFIX)) if named else None,
            text=text,
            clean_prefix=PREFIX,
            send=self.channel.send,
        )

    async def receive(self, message: ChannelMessage) -> None:
        """Run the command that a person has typed, if it is one."""
        await self.invoke(await self.get_context(message))

    async def invoke(self, ctx: SimpleNamespace) -> None:
        """Run a command, and have its errors answered as the library does."""
        if ctx.command is None:
            return
        cog: AtelierCog = ctx.command.cog
        context = cast("commands.Context[commands.Bot]", ctx)
        try:
            await cog.cog_check(context)
            await _run(ctx, cog)
        except Exception as error:  # noqa: BLE001 -- the cog answers every error
            if not isinstance(error, (commands.CommandError, AtelierError, *NOT_SENT)):
                self._blame(f"{ctx.message.content!r} raised {error!r}")
            await cog.cog_command_error(context, error)


async def _run(ctx: SimpleNamespace, cog: AtelierCog) -> None:
    """Call the command with the rest of the message as its one argument, if it takes one."""
    names = tuple(ctx.command.params)
    await ctx.command.callback(cog, ctx, **dict.fromkeys(names, ctx.text))


class _Http:
    """What the client copies from the library's own requests."""

    token = "a.made.up-token"
    headers = SimpleNamespace(client_hints={}, user_agent="", encoded_super_properties="")

    def get_locale(self) -> str:
        return "en-US"


class SimulatedConnection(DiscordConnection):
    """The real state of the gateway; what is read comes from the simulated channel."""

    def __init__(self, bot: SimulatedBot) -> None:
        super().__init__(cast("commands.Bot", bot), CHANNEL)
        self._rest = bot.channel
        self._hang_up = bot.hang_up

    def known_channel(self) -> discord.TextChannel:
        return cast("discord.TextChannel", self._rest)

    async def hang_up(self) -> None:
        self._hang_up()

    async def ask(self) -> None:
        """There is only one clock to know."""

    async def read(self, message_id: int) -> MessageSnapshot | None:
        await self.channel()
        try:
            found = await self._rest.message(message_id)
        except OSError as error:
            raise ChannelUnavailable(str(error)) from error
        return None if found is None else found.snapshot

    async def pages(
        self, after: int, limit: int | None = None
    ) -> AsyncGenerator[list[discord.Message]]:
        await self.channel()
        try:
            found = await self._rest.messages(after, limit)
        except OSError as error:
            raise ChannelUnavailable(str(error)) from error
        if found:
            yield cast("list[discord.Message]", found)

    async def since(self, message_id: int) -> AsyncGenerator[list[MessageSnapshot]]:
        async with aclosing(self.pages(message_id)) as pages:
            async for page in pages:
                yield [one.snapshot for one in cast("list[ChannelMessage]", page)]
