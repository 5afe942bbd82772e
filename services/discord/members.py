"""Asks Discord for the members among some people."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import discord
import structlog

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
