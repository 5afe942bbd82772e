"""What all implementations of `ImageStore` share."""

from __future__ import annotations

import re

from domain.slots import Slot, picture_key

CONTENT_TYPE = "image/png"
CACHE_SECONDS = 86_400
"""A day, unless it is set: for so long caches may go on showing a picture that was deleted."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_picture_key(text: str) -> bool:
    """Whether `text` is exactly what `domain.slots.picture_key` returns for a UUID."""
    generation_id = text.partition("/")[0]
    return is_generation(generation_id) and text in {picture_key(generation_id, s) for s in Slot}


def is_generation(text: str) -> bool:
    """Whether a folder with this name belongs to a generation."""
    return _UUID.fullmatch(text) is not None


def checked_key(key: str) -> str:
    """Return the key, or raise `ValueError`: keys come only from our own UUIDs."""
    if not is_picture_key(key):
        raise ValueError(f"not the key of a picture: {key!r}")
    return key
