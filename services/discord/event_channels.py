"""In which channel an event happened, of the frequent ones that happen in a channel."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_its = attrgetter("channel_id")
CHANNEL_OF: dict[str, Callable[[Any], int]] = {
    "message": attrgetter("channel.id"),
    "raw_message_edit": _its,
    "raw_message_delete": _its,
    "raw_bulk_message_delete": _its,
    "raw_reaction_add": _its,
    "raw_reaction_remove": _its,
}
"""By the library's name of the event: what finds the channel's id in its argument."""
