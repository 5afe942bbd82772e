"""Listens for gateway frames that the library drops: they say what went wrong with a request."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from discord.ext import commands
from discord.gateway import DiscordWebSocket

from domain.events import Heard, InteractionTroubled, Trouble

_FRAMES = {
    "INTERACTION_FAILURE": Trouble.FAILURE,
    "INTERACTION_MODAL_CREATE": Trouble.FORM,
    "INTERACTION_IFRAME_MODAL_CREATE": Trouble.HUMAN_CHECK,
}


async def hear_frames(
    bot: commands.Bot, hear: Callable[[Heard], None], note_event: Callable[[], None]
) -> None:
    """Receive the frames that the library drops, from every socket's first event, until cancelled.

    `note_event` is called with every event.

    The library calls a waiter's check as soon as a frame arrives. A check that never returns True
    sees all frames of a socket. Another one sees each event's name before its frame, and so
    notices a new socket in time, even for frames that a RESUME replays.
    """
    known: DiscordWebSocket | None = None
    waiting = list[asyncio.Future[Any]]()

    def look(_event_type: str) -> bool:
        nonlocal known
        note_event()
        if bot.ws is not known:
            known = bot.ws
            waiting[:] = [
                known.wait_for(name, functools.partial(_listen, hear, trouble))
                for name, trouble in _FRAMES.items()
            ]
        return False

    try:
        await bot.wait_for("socket_event_type", check=look)
    finally:
        if known is not None:
            _wait_no_more(known, waiting)


def _wait_no_more(socket: DiscordWebSocket, waiting: Sequence[asyncio.Future[Any]]) -> None:
    """Take waiters off a socket, which itself would keep them until such a frame comes."""
    listeners = cast("Any", socket)._dispatch_listeners  # noqa: SLF001 -- nothing else removes them
    listeners[:] = [each for each in listeners if each.future not in waiting]
    for future in waiting:
        future.cancel()


def _listen(hear: Callable[[Heard], None], trouble: Trouble, frame: Mapping[str, object]) -> bool:
    if frame.get("nonce") is not None:
        hear(InteractionTroubled(str(frame["nonce"]), trouble))
    return False
