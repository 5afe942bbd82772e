"""Why something was not made, in the bot's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies
from demo.bot_settings import COMMAND_PREFIX

if TYPE_CHECKING:
    from domain.generation import Generation
    from domain.pause import Pause

_REPLIES = Replies("en", COMMAND_PREFIX)


def of_pause(pause: Pause) -> str:
    """Return why the queue is paused."""
    return _REPLIES.reason(pause.words)


def of_end(generation: Generation) -> str:
    """Return why a generation that is not completed has ended."""
    if generation.problem is None:
        return f"It ended as {generation.status.value}."
    return GenerationReplies(_REPLIES).problem(generation)
