"""The whole sandbox: one aiohttp port with REST, gateway and CDN, and Midjourney behind it."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Self

from aiohttp import web

from sandbox import browser, hosts
from sandbox.answers import answer
from sandbox.cdn import Cdn
from sandbox.commands import Commands
from sandbox.interactions import Interaction, InteractionsApi
from sandbox.mentions import mentioned
from sandbox.messages import PLAIN, REPLY
from sandbox.midjourney import Midjourney
from sandbox.past_messages import fill
from sandbox.people import ACCOUNT
from sandbox.rest import PREFIX, Rest, route_name
from sandbox.rest_guild import GuildApi
from sandbox.rest_messages import MessagesApi
from sandbox.rest_reactions import ReactionsApi, add, remove
from sandbox.world import make_world

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sandbox.channel import ChannelChange
    from sandbox.jobs import Job
    from sandbox.messages import Attachment
    from sandbox.people import Json, SandboxUser

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
    Watcher = Callable[[str, Json], None]

HOST = "127.0.0.1"
MAX_REQUEST = 100 * 1024 * 1024  # bytes; the limit of one upload is checked, and answered, later


class Sandbox:
    """A loopback Discord. Use as `async with Sandbox(speed=20, seed=1) as sandbox: ...`.

    `speed` divides Midjourney's time; `picture_size` is the side of a square grid in pixels;
    `port` 0 takes a free one. A `public` one hands out links and gateways at Discord's own hosts,
    for clients that reach it through a `TlsProxy`. The channel begins with `past_messages` of the
    last months. `patience` is how many seconds `wait_for` and `wait_until` wait.
    """

    def __init__(
        self,
        *,
        speed: float = 20.0,
        port: int = 0,
        seed: int = 1,
        picture_size: int = 2048,
        public: bool = False,
        past_messages: int = 0,
    ) -> None:
        self._port = port
        self._public = public
        self._world = make_world(speed=speed, seed=seed, picture_size=picture_size)
        fill(self._world, past_messages)
        self._commands = Commands(self._world.snowflakes)
        self._midjourney = Midjourney(self._world)
        self._interactions = InteractionsApi(self._world, self._commands, self._midjourney)
        self._runner: web.AppRunner | None = None
        self._unknown_requests: list[str] = []
        self.patience = 10.0
        self.requests: Counter[str] = Counter()
        self.switches = self._world.switches
        self.gateway = self._world.gateway
        self.clock = self._world.clock
        self.people: Mapping[str, SandboxUser] = self._world.guild.people
        self.account = self.people[ACCOUNT]
        self.token = self.account.token
        self.guild_id = self._world.guild.id
        self.guild_setup = self._world.guild.setup
        self.channel_id = self._world.guild.channel_id
        self._world.channel.listen(self._world.feed.tell)
        self._world.channel.listen(self._note)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Listen on the loopback address."""
        app = web.Application(client_max_size=MAX_REQUEST, middlewares=[self._count])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._give_addresses()

    async def close(self) -> None:
        """End all jobs and connections; raise errors of the sandbox itself."""
        try:
            await self.clock.close()
        finally:
            self.gateway.drop(forget=True)
            if self._runner is not None:
                await self._runner.cleanup()

    def _give_addresses(self) -> None:
        """Decide which addresses clients are sent."""
        links = self._world.links
        if self._public:
            links.base, links.resizing_base = f"https://{hosts.CDN}", f"https://{hosts.MEDIA}"
            self.gateway.url = f"wss://{hosts.RESUME}"
        else:
            links.base, links.resizing_base = self.cdn_base, f"{self.cdn_base}/media-proxy"
            self.gateway.url = self.gateway_url

    @property
    def api_base(self) -> str:
        """The base URL of REST: `http://127.0.0.1:<port>/api/v9`."""
        return self.cdn_base + PREFIX

    @property
    def gateway_url(self) -> str:
        """The URL of the gateway: `ws://127.0.0.1:<port>/`."""
        return f"ws://{HOST}:{self._port}/"

    @property
    def cdn_base(self) -> str:
        """The base URL of attachments: `http://127.0.0.1:<port>`."""
        return f"http://{HOST}:{self._port}"

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """All POSTs to /interactions, in order of arrival, including refused ones."""
        return tuple(self._interactions.received)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs that anybody asked Midjourney for, in order."""
        return self._midjourney.jobs

    @property
    def unexpected(self) -> tuple[str, ...]:
        """Requests to unknown addresses and unknown gateway operations."""
        return (*self._unknown_requests, *self.gateway.unexpected)

    @property
    def messages(self) -> tuple[Json, ...]:
        """The messages of the channel as history shows them, oldest first."""
        return tuple(map(self._world.wording.message, self._world.channel.messages))

    def message(self, message_id: int) -> Json | None:
        """Return one message, ephemeral ones included; None when there is none."""
        found = self._world.channel.get(int(message_id))
        return found and self._world.wording.message(found)

    async def say(
        self,
        name: str,
        content: str,
        *,
        reply_to: int | None = None,
        attachments: tuple[tuple[str, bytes], ...] = (),
    ) -> Json:
        """Let a person write in the channel; attachments are pairs of a file name and bytes."""
        files = tuple(
            self._world.files.add(data, filename, "application/octet-stream")
            for filename, data in attachments
        )
        replied = self._world.channel.get(int(reply_to)) if reply_to else None
        message = self._world.channel.post(
            self.people[name],
            content,
            type=REPLY if replied else PLAIN,
            reference=replied and replied.id,
            attachments=files,
            mentions=mentioned(self._world.guild, content, None, replied),
        )
        return self._world.wording.message(message)

    def react(self, name: str, message_id: int, emoji: str) -> None:
        """Let a person react to a message that is there."""
        message = self._world.channel.get(message_id)
        assert message is not None  # noqa: S101 - tests and the demo name one that is there
        add(self._world, message, emoji, self.people[name])

    def unreact(self, name: str, message_id: int, emoji: str) -> None:
        """Let a person take a reaction back, if it is there."""
        message = self._world.channel.get(message_id)
        if message is not None:
            remove(self._world, message, emoji, self.people[name])

    def reactions(self, message_id: int) -> dict[str, tuple[str, ...]]:
        """Return the names of those who reacted to a message, by emoji."""
        found = self._world.reactions
        emojis = [each["emoji"]["name"] for each in found.shown(message_id)]
        return {e: tuple(who.name for who in found.people(message_id, e)) for e in emojis}

    def file(self, attachment_id: int, filename: str) -> tuple[Attachment, bytes] | None:
        """Return an attachment with its bytes, by no link, so that no switch applies."""
        return self._world.files.find(attachment_id, filename)

    def edit_message(self, message_id: int, content: str) -> None:
        """Let the author of a message change its text."""
        self._world.channel.edit(int(message_id), content=content)

    def delete_message(self, message_id: int) -> None:
        """Delete a message, as its author or a moderator would."""
        self._world.channel.delete(int(message_id))

    def imagine_elsewhere(self, prompt: str, name: str = ACCOUNT) -> None:
        """Start a grid for a person, without a client."""
        self._midjourney.imagine_elsewhere(prompt, self.people[name])

    def press_elsewhere(self, name: str, message_id: int, custom_id: str) -> None:
        """Press a button of Midjourney's for a person, without a client."""
        self._midjourney.press_elsewhere(int(message_id), custom_id, self.people[name])

    def publish_commands(self) -> None:
        """Have Midjourney edit /imagine: the version that clients know is out of date."""
        self._commands.publish()

    def watch(self, callback: Watcher) -> Callable[[], None]:
        """Call back with (event name, message) at every change; returns what ends it.

        The message of a MESSAGE_DELETE is the whole message that is gone.
        """
        return self._world.channel.listen(
            lambda change: callback(change.event, self._shown(change))
        )

    def watch_reactions(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        """Call back with the message whose reactions changed; returns what ends it."""

        def tell(message_id: int) -> None:
            message = self.message(message_id)
            if message is not None:
                callback(message)

        return self._world.reactions.listen(tell)

    async def wait_for(
        self,
        predicate: Callable[[str, Json], bool],
        timeout: float | None = None,  # noqa: ASYNC109 - the name every waiting function has
    ) -> Json:
        """Return the message of the next change that the predicate accepts."""
        found: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

        def look(event: str, message: Json) -> None:
            if not found.done() and predicate(event, message):
                found.set_result(message)

        stop = self.watch(look)
        try:
            return await asyncio.wait_for(found, timeout or self.patience)
        finally:
            stop()

    async def wait_until(
        self,
        condition: Callable[[], bool],
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> None:
        """Return as soon as the condition holds; it is checked after every change."""
        await self._world.changed.until(condition, timeout or self.patience)

    def _shown(self, change: ChannelChange) -> Json:
        return self._world.wording.message(change.message) | {"nonce": change.nonce}

    def _note(self, change: ChannelChange) -> None:
        self._world.files.forget(change.dropped)
        self._world.changed.notify()

    def _routes(self) -> list[web.RouteDef]:
        world = self._world
        tables = (
            *MessagesApi(world).table(),
            *ReactionsApi(world).table(),
            *GuildApi(world.guild, self._commands).table(),
            *self._interactions.table(),
        )
        cdn = Cdn(world.files, world.links, world.clock, world.switches)
        return [
            web.get("/", self.gateway.handle),
            *browser.routes(),
            *Rest(world).routes(tables),
            *cdn.routes(),
        ]

    @web.middleware
    async def _count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        name = route_name(request)
        if not name:
            self._unknown_requests.append(f"{request.method} {request.path}")
            return answer({"code": 0, "message": "404: Not Found"}, 404)
        self.requests[name] += 1
        self._world.changed.notify()
        return await handler(request)
