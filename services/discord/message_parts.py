"""Parts of a text that each fit into one message: Discord refuses a longer one as a whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import discord
import structlog

from services.discord.connection import PASSING

log = structlog.get_logger(__name__)

MESSAGE_LIMIT = 2000
"""Characters of a message."""

Send = Callable[..., Awaitable[discord.Message]]


def parts(text: str) -> list[str]:
    """Split a text at its lines, and a line only if it is longer than a message."""
    found = [""]
    for line in text.splitlines():
        if found[-1] and len(f"{found[-1]}\n{line}") > MESSAGE_LIMIT:
            found.append("")
        for begin in range(0, max(len(line), 1), MESSAGE_LIMIT):
            piece = line[begin : begin + MESSAGE_LIMIT]
            if begin:
                found.append(piece)
            else:
                found[-1] = f"{found[-1]}\n{piece}" if found[-1] else piece
    return [part for part in found if part.strip()] or [""]


async def send_in_parts(
    send: Send, text: str, *, nonce: str, files: Mapping[str, Path], **facts: Any
) -> discord.Message:
    """Send a text in as many messages as it needs, and return the first, which has the rest.

    Sent again with the same nonce, Discord keeps one copy of each. The files are opened only now,
    as the library closes what it was given, but not what it never got.
    """
    first, *others = parts(text)
    attached = [discord.File(path, name) for name, path in files.items()]
    message = await send(first, nonce=nonce, files=attached, **facts)
    quiet = discord.AllowedMentions.none()
    try:
        for number, part in enumerate(others, 1):
            await send(part, nonce=str(int(nonce) + number), allowed_mentions=quiet)
    except PASSING:
        raise
    except discord.HTTPException as error:  # the first one is there, and must not come again
        log.warning("notice_not_sent", why=str(error))
    return message
