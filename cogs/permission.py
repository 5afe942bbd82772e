"""Asks `services.access` about an author and their roles."""

from __future__ import annotations

import discord

from services.access import Access
from services.atelier import Atelier


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
