"""Listens for gateway frames that the library drops: they say what went wrong with a request."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

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

    def look(_event_type: str) -> bool:
        nonlocal known
        note_event()
        if bot.ws is not known:
            known = bot.ws
            for name, trouble in _FRAMES.items():
                known.wait_for(name, functools.partial(_listen, hear, trouble))
        return False

    await bot.wait_for("socket_event_type", check=look)


def _listen(hear: Callable[[Heard], None], trouble: Trouble, frame: Mapping[str, object]) -> bool:
    if frame.get("nonce") is not None:
        hear(InteractionTroubled(str(frame["nonce"]), trouble))
    return False
