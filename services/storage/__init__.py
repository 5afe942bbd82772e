"""Where the pictures are kept: what all forms of the `ImageStore` port agree on."""

from __future__ import annotations

import re

CONTENT_TYPE = "image/png"
CACHE_SECONDS = 31_536_000
"""A year, the longest that makes sense in HTTP: what is under a key does not change its meaning."""

_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/(?:grid|upscale_[1-4])\.png")


def is_picture_key(text: str) -> bool:
    """Whether `text` is exactly what `domain.generation.picture_key` makes of a UUID."""
    return _KEY.fullmatch(text) is not None


def is_generation(text: str) -> bool:
    """Whether a folder of this name is that of a generation."""
    return is_picture_key(f"{text}/grid.png")


def checked_key(key: str) -> str:
    """Return the key, or raise `ValueError`: keys come from our own UUIDs, never from outside."""
    if not is_picture_key(key):
        raise ValueError(f"not the key of a picture: {key!r}")
    return key
