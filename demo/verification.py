"""Downloads the pictures of a generation like a browser, and compares them."""

from __future__ import annotations

import asyncio
import hashlib
import io
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from PIL import Image

from demo.failure import DemoFailure

if TYPE_CHECKING:
    from demo.session import DemoSession
    from domain.generation import Generation, Picture, Step


async def verify(stage: DemoSession, generation: Generation) -> None:
    """Raise a `DemoFailure` unless each address serves the stored picture, byte for byte.

    The length and the SHA-256 are those of the row. If Midjourney made a PNG, the bytes are the
    same; if it made another format, the pixels are.
    """
    async with httpx.AsyncClient(timeout=30) as browser:
        for slot in generation.stored:
            step = generation.step(slot)
            if step.picture is None:  # `stored` depends on it
                continue
            address = await stage.images.url(step.picture.key)
            content = await _fetched(browser, address)
            original = await _fetched(browser, _original(stage, step))
            if not _as_stored(content, step.picture):
                raise DemoFailure(f"What {address} gives is not the picture that was stored.")
            if not await asyncio.to_thread(_same_picture, content, original):
                raise DemoFailure(f"What {address} gives is not the picture that Midjourney made.")


async def _fetched(browser: httpx.AsyncClient, address: str) -> bytes:
    try:
        answer = await browser.get(address)
    except httpx.RequestError as error:
        raise DemoFailure(f"{address} cannot be fetched: {type(error).__name__}.") from error
    if answer.status_code != HTTPStatus.OK:
        raise DemoFailure(f"{address} cannot be fetched: HTTP {answer.status_code}.")
    return answer.content


def _original(stage: DemoSession, step: Step) -> str:
    """Return the sandbox's own link to a picture, freshly signed."""
    message = stage.sandbox.message(step.message_id or 0)
    if message is None:
        raise DemoFailure("The sandbox has lost the message of a picture.")
    return str(message["attachments"][0]["url"])


def _as_stored(content: bytes, picture: Picture) -> bool:
    found = len(content), hashlib.sha256(content).hexdigest()
    return found == (picture.size, picture.sha256)


def _same_picture(content: bytes, original: bytes) -> bool:
    return content == original or _pixels(content) == _pixels(original)


def _pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGBA").tobytes()
