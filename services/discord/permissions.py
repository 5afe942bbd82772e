"""What the account must be allowed to do in the channel."""

from __future__ import annotations

import discord

NEEDED = (
    "view_channel",
    "send_messages",
    "read_message_history",
    "attach_files",
    "use_application_commands",
)


def lacking(may: discord.Permissions) -> list[str]:
    """Return the names of the permissions that are missing."""
    return [name for name in NEEDED if not getattr(may, name)]


def slowed(slow_mode: int, may: discord.Permissions) -> bool:
    """Whether the channel's slow mode holds for this account, too."""
    return bool(slow_mode) and not (may.manage_messages or may.manage_channels)
