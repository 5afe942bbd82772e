"""Removes the pictures of one generation because a person wants it; the row stays."""

from __future__ import annotations

from domain.archive import Archive
from domain.generation import Generation, Slot, picture_key
from domain.ports import ImageStore


async def remove(generation: Generation, archive: Archive, images: ImageStore) -> None:
    """Delete the pictures and mark the row; nothing happens to one that is at work meanwhile.

    Interrupted anywhere, the next clean-up or the next removal goes on.
    """
    begun = await archive.begin_archiving([generation.id], unchanged_since=generation.updated_at)
    if begun or generation.archived:
        await images.delete([picture_key(generation.id, slot) for slot in Slot])
        await archive.finish_archiving([generation.id])
