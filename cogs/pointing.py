"""Which generation, and which of its pictures, a message in the channel is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.events import Action, JobFinished, JobMessage
from domain.generation import CODE_ALPHABET, CODE_LENGTH, Generation
from domain.messages import MIDJOURNEY_ID, NIJI_ID, MessageSnapshot, parse
from domain.ports import Query
from domain.slots import Slot
from services.atelier import Atelier

GRIDS = frozenset({Action.IMAGINE, Action.VARIATION, Action.REMIX})
"""The jobs that make a grid."""
LATELY = 50
"""Among how many of the latest generations to look for the id of a message that says no code."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a message is about; `slot` is None where it is about the generation as a whole."""

    generation: Generation
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Unheld:
    """A message of Midjourney's about a job that no generation holds."""

    is_grid: bool  #: a finished grid, which can be adopted as it is


class Pointing:
    """Finds what a message is about: by its id, or by the code that the bot wrote in it."""

    def __init__(self, atelier: Atelier) -> None:
        """Keep the services."""
        self._atelier = atelier
        self._store = atelier.store
        self._channel_id = atelier.settings.discord_channel_id

    async def at(self, message_id: int) -> Pointed | Unheld | None:
        """Return what a message is about, even one that is gone; None if about no generation.

        Raises `ChannelUnavailable` and `StoreUnavailable`.
        """
        return await self.about(message_id, await self._atelier.connection.read(message_id))

    async def about(
        self, message_id: int, message: MessageSnapshot | None
    ) -> Pointed | Unheld | None:
        """Return the same of a message that was read already; None if it is gone."""
        pointed = None
        if message is not None and message.author_id in {MIDJOURNEY_ID, NIJI_ID}:
            return await self._at_job(message)
        if message is not None and message.author_id == self._atelier.connection.account_id:
            pointed = await self._at_code(message)
        return pointed or await self._at_id(message_id)

    async def _at_job(self, message: MessageSnapshot) -> Pointed | Unheld | None:
        """Return what Midjourney's message is about: a grid, one picture of it, or its progress."""
        await self._atelier.generations.catch_up()  # it may have been heard just now
        heard = parse(message)
        finished = heard if isinstance(heard, JobFinished) else None
        is_grid = finished is not None and finished.action in GRIDS
        if finished is not None and finished.action == Action.UPSCALE and finished.reference_id:
            slot = None if finished.index is None else Slot(finished.index)
            pointed = await self._at_grid(finished.reference_id, slot)
        else:
            pointed = await self._at_grid(message.id) if is_grid else None
        pointed = pointed or await self._at_id(message.id)
        if pointed is None and isinstance(heard, JobMessage):
            return Unheld(is_grid)
        return pointed

    async def _at_grid(self, message_id: int, slot: Slot | None = None) -> Pointed | None:
        return self._here(await self._store.get_generation_of_grid(message_id), slot)

    async def _at_code(self, message: MessageSnapshot) -> Pointed | None:
        """Return what the bot's own message is about: it names one code first in its lines."""
        codes = set(_first_codes(message.content))
        if len(codes) != 1:
            return None
        return self._here(await self._store.get_generation(codes.pop()))

    async def _at_id(self, message_id: int) -> Pointed | None:
        """Return the generation of which this is a message, if it is one of the latest."""
        for row in await self._store.list_generations(Query(limit=LATELY)):
            if message_id in {
                row.command_message_id,
                row.status_message_id,
                row.notice_message_id,
            }:
                return self._here(row)
            for slot, step in zip(Slot, row.steps, strict=True):
                if message_id in {step.progress_message_id, step.message_id}:
                    return self._here(row, None if slot == Slot.GRID else slot)
        return None

    def _here(self, row: Generation | None, slot: Slot | None = None) -> Pointed | None:
        """Leave out a generation of another channel."""
        return None if row is None or row.channel_id != self._channel_id else Pointed(row, slot)


def is_code(text: str) -> bool:
    """Whether a text has the form of a code, in upper or lower case."""
    return len(text) == CODE_LENGTH and set(text.lower()) <= set(CODE_ALPHABET)


def _first_codes(text: str) -> Iterator[str]:
    """Yield the first code of each line: what else is in it says where that one comes from."""
    for line in text.splitlines():
        codes = (part for part in line.split("`")[1::2] if is_code(part))
        yield from list(codes)[:1]
