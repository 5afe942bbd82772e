"""The five pictures of a generation, and where each is kept."""

from __future__ import annotations

from enum import IntEnum


class Slot(IntEnum):
    """One of the five pictures of a generation; 1 to 4 are Midjourney's own upscale numbers."""

    GRID = 0
    UPSCALE_1 = 1
    UPSCALE_2 = 2
    UPSCALE_3 = 3
    UPSCALE_4 = 4

    @property
    def title(self) -> str:
        """The name in columns, keys and logs: `grid`, `upscale_1` … `upscale_4`."""
        return self.name.lower()


UPSCALES = tuple(slot for slot in Slot if slot != Slot.GRID)
UPSCALE_NUMBERS = tuple(slot.value for slot in UPSCALES)


def picture_key(generation_id: str, slot: Slot) -> str:
    """Return the object's key in the image store; the object is a PNG."""
    return f"{generation_id}/{slot.title}.png"
