"""Asks `services.access` about an author and their roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import discord
import structlog

from services.access import Access
from services.atelier import Atelier

log = structlog.get_logger(__name__)

MOST_MEMBERS = 100
"""How many members Discord returns at once."""


async def ask_for_members(
    guild: discord.Guild, people: Collection[int]
) -> Mapping[int, discord.Member]:
    """Return the members among these people, with their roles, which the history does not have.

    Discord's own client asks in the same way. Without an answer they stay unknown.
    """
    asked = sorted(people)[:MOST_MEMBERS]
    try:
        await guild.query_members(user_ids=asked, presences=False)
    except TimeoutError:
        log.warning("roles_not_told", people=asked)
    known = (guild.get_member(person) for person in people)
    return {member.id: member for member in known if member is not None}


def may_use(author: discord.abc.Snowflake, access: Access) -> bool:
    """Whether a person may use the bot; somebody who is not a member here has no roles."""
    roles = author.roles if isinstance(author, discord.Member) else []
    return access.allows(author.id, [role.id for role in roles])


def may_run(message: discord.Message, atelier: Atelier) -> bool:
    """Whether a command may run: its author is allowed, or was allowed when it came live.

    The second rule is needed because the history, where it is found again, has no roles.
    """
    allowed = atelier.command_queue.came_live(message.id)
    not_denied = not atelier.access.denies(message.author.id)
    return (allowed and not_denied) or may_use(message.author, atelier.access)
