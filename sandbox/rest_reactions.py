"""REST for reactions: adding, removing, and who reacted how."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from sandbox.answers import ApiError, answer, invalid_form, nothing, unknown
from sandbox.guild import ADD_REACTIONS, READ_MESSAGE_HISTORY
from sandbox.rest import Call

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.messages import SandboxMessage
    from sandbox.people import Json, SandboxUser
    from sandbox.rest import Handler
    from sandbox.world import World

MAX_PEOPLE = 100  # of one page
_REACTIONS = r"/channels/{channel:\d+}/messages/{message:\d+}/reactions/{emoji}"


class ReactionsApi:
    """The endpoints under `/channels/<id>/messages/<id>/reactions`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def table(self) -> list[tuple[str, str, Handler]]:
        """Return the routes as (method, path, handler)."""
        return [
            ("PUT", _REACTIONS + "/@me", self.react),
            ("DELETE", _REACTIONS + "/@me", self.unreact),
            ("GET", _REACTIONS, self.people),
        ]

    async def react(self, call: Call) -> web.Response:
        """Add a reaction and report it to everybody; the same one twice counts once."""
        add(self._world, self._message(call), _emoji(call), call.person)
        return nothing()

    async def unreact(self, call: Call) -> web.Response:
        """Take one's reaction away, and report that."""
        remove(self._world, self._message(call), _emoji(call), call.person)
        return nothing()

    async def people(self, call: Call) -> web.Response:
        """Return who reacted so, by their ids."""
        query = call.request.query
        limit = int(query.get("limit", "25"))
        if not 1 <= limit <= MAX_PEOPLE:
            raise invalid_form("limit", "NUMBER_TYPE_MAX", "Value should be between 1 and 100.")
        people = self._world.reactions.people(self._message(call).id, _emoji(call))
        later = [each for each in people if each.id > int(query.get("after", "0"))]
        page = sorted(later, key=lambda each: each.id)[:limit]
        return answer([each.as_user() for each in page])

    def _message(self, call: Call) -> SandboxMessage:
        if call.id("channel") != self._world.guild.channel_id:
            raise unknown("Channel", 10003)
        message = self._world.channel.get(call.id("message"))
        if message is None or message.ephemeral:
            raise unknown("Message", 10008)
        return message


def add(world: World, message: SandboxMessage, emoji: str, person: SandboxUser) -> None:
    """Add a person's reaction, and tell the gateway; a 403 if the person may not.

    Whoever reads the history may join others in a reaction. The first one needs a permission.
    """
    first = not world.reactions.people(message.id, emoji)
    needed = READ_MESSAGE_HISTORY | (ADD_REACTIONS if first else 0)
    if not world.guild.may(person, needed):
        raise ApiError(403, 50013, "Missing Permissions")
    if world.reactions.add(message.id, emoji, person):
        more: Json = {
            "message_author_id": str(message.author.id),
            "member": world.guild.full_member(person),
        }
        world.gateway.dispatch("MESSAGE_REACTION_ADD", _event(world, message, emoji, person) | more)


def remove(world: World, message: SandboxMessage, emoji: str, person: SandboxUser) -> None:
    """Take a person's reaction away, and tell the gateway."""
    if world.reactions.remove(message.id, emoji, person):
        world.gateway.dispatch("MESSAGE_REACTION_REMOVE", _event(world, message, emoji, person))


def _event(world: World, message: SandboxMessage, emoji: str, person: SandboxUser) -> Json:
    return {
        "user_id": str(person.id),
        "channel_id": str(world.guild.channel_id),
        "guild_id": str(world.guild.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "type": 0,
        "burst": False,
    }


def _emoji(call: Call) -> str:
    return unquote(call.request.match_info["emoji"])
