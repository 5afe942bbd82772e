"""The going of pictures, whoever wants it: the clean-up, or a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.archive import Archive
from domain.generation import Slot, picture_key
from domain.ports import ImageStore


async def remove(
    ids: Collection[str],
    archive: Archive,
    images: ImageStore,
    *,
    unchanged_since: datetime,
) -> int:
    """Delete the pictures of generations and mark their rows; return of how many.

    Left alone are those that have not ended, or have changed since then. A row says that it is
    being archived before its first object is deleted, and that it is archived after the last:
    interrupted anywhere, the next time goes on.
    """
    begun = await archive.begin_archiving(ids, unchanged_since=unchanged_since)
    await images.delete([picture_key(one, slot) for one in sorted(begun) for slot in Slot])
    await archive.finish_archiving(begun)
    return len(begun)
