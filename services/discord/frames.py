"""Hears the frames of the gateway that the library drops: what went wrong with a request."""

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


async def hear_frames(bot: commands.Bot, hear: Callable[[Heard], None]) -> None:
    """Hear what the library drops, until cancelled, of every socket from its first event on.

    The library asks the check of a waiter at once. One that never says yes hears them all: the
    frames of a socket; and before each the name of its event, which shows a new socket in time
    even for what a RESUME replays.
    """
    known: DiscordWebSocket | None = None

    def look(_event_type: str) -> bool:
        nonlocal known
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
