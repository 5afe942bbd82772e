"""REST for users, the guild, the channel and its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import answer, unknown
from sandbox.rest import Call

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.commands import Commands
    from sandbox.guild import Guild
    from sandbox.people import SandboxUser
    from sandbox.rest import Handler

_GUILD = r"/guilds/{guild:\d+}"


class GuildApi:
    """The read-only endpoints."""

    def __init__(self, guild: Guild, commands: Commands) -> None:
        self._guild = guild
        self._commands = commands

    def table(self) -> list[tuple[str, str, Handler]]:
        """Return the routes as (method, path, handler)."""
        return [
            ("GET", "/users/@me", self.me),
            ("GET", r"/users/{user:\d+}", self.user),
            ("GET", _GUILD, self.guild),
            ("GET", _GUILD + r"/members/{user:\d+}", self.member),
            ("GET", _GUILD + "/channels", self.channels),
            ("GET", _GUILD + "/application-command-index", self.command_index),
            ("GET", r"/channels/{channel:\d+}", self.channel),
        ]

    async def me(self, call: Call) -> web.Response:
        """Return the account behind the token."""
        return answer(call.person.as_self())

    async def user(self, call: Call) -> web.Response:
        """Return anybody's public user."""
        return answer(self._person(call).as_user())

    async def guild(self, call: Call) -> web.Response:
        """Return the guild with its roles."""
        self._enter(call)
        return answer(self._guild.properties() | {"roles": self._guild.roles()})

    async def member(self, call: Call) -> web.Response:
        """Return a member with its user."""
        self._enter(call)
        return answer(self._guild.full_member(self._person(call)))

    async def channels(self, call: Call) -> web.Response:
        """Return the guild's one channel."""
        self._enter(call)
        return answer([self._guild.channel()])

    async def channel(self, call: Call) -> web.Response:
        """Return the channel."""
        if call.id("channel") != self._guild.channel_id:
            raise unknown("Channel", 10003)
        return answer(self._guild.channel())

    async def command_index(self, call: Call) -> web.Response:
        """Return the applications of the guild and their commands, with live versions."""
        self._enter(call)
        return answer(self._commands.index(offered=self._guild.setup.imagine_offered))

    def _enter(self, call: Call) -> None:
        if call.id("guild") != self._guild.id:
            raise unknown("Guild", 10004)

    def _person(self, call: Call) -> SandboxUser:
        person = self._guild.person(call.id("user"))
        if person is None:
            raise unknown("User", 10013)
        return person
