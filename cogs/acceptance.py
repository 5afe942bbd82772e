"""What the answer to a new generation notes, and that answer, written of the row alone."""

from __future__ import annotations

from cogs.replies import Replies, as_typed
from domain.generation import Generation, Origin, OriginKind
from domain.prompt_changes import defaults_at_the_end
from services.atelier import Atelier
from services.generation.service import QueuePlace


def made_from(replies: Replies, parent: Generation, origin: Origin) -> str:
    """Say of which generation another one is made."""
    words = replies.sentences
    match origin.kind:
        case OriginKind.VARIATION:
            return replies.say(words.varied, parent, number=origin.index)
        case OriginKind.REROLL:
            return replies.say(words.rerolled, parent)
        case _:
            return replies.say(words.personal.again, parent)


def with_preferred(replies: Replies, parameters: str) -> list[str]:
    """Say which of a person's own parameters a prompt has got, if any."""
    told = replies.say(replies.sentences.personal.preferred, parameters=as_typed(parameters))
    return [told] if parameters else []


class AcceptanceText:
    """Writes it where it was not sent, or where what it says of the queue has changed."""

    def __init__(self, atelier: Atelier, replies: Replies) -> None:
        """Keep the services."""
        self._atelier = atelier
        self._replies = replies

    async def text(self, accepted: QueuePlace) -> str:
        """Return its code and place, what it waits for, and what the command's answer noted."""
        notes = await self._notes(accepted.generation)
        return " · ".join([self._replies.accepted(accepted), *notes])

    async def _notes(self, generation: Generation) -> list[str]:
        """Return what it was made of, and with whose parameters."""
        origin, parent_id = generation.origin, generation.origin.parent_id
        parent = None if parent_id is None else await self._atelier.store.get_generation(parent_id)
        notes = [] if parent is None else [made_from(self._replies, parent, origin)]
        if origin.kind != OriginKind.IMAGINE:
            return notes
        preferred = self._atelier.prompt_parts.preferred_by(generation.author_id)
        used = defaults_at_the_end(generation.prompt, preferred)
        return [*notes, *with_preferred(self._replies, used)]
