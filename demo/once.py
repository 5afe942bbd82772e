"""One prompt, its five pictures, and the end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from cli.listing import as_json
from demo.bot_settings import COMMAND_PREFIX
from demo.failure import DemoFailure
from demo.markup import plain
from demo.verification import verify
from demo.wording import DEMO, stored, verified
from domain.generation import Generation, Status
from domain.slots import picture_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from demo.screen import Screen
    from demo.session import DemoSession

_COLUMNS = ("id", "code", "status", "progress", "prompt", "grid_url")
_UPSCALES = tuple(f"upscale_{number}_url" for number in (1, 2, 3, 4))

MIDJOURNEY_SECONDS = 120.0
"""More time than Midjourney needs for a grid and four upscales."""
OUR_SECONDS = 60.0
"""More time than a slow machine needs to start, copy five pictures and end."""


@contextlib.asynccontextmanager
async def limit(speed: float) -> AsyncGenerator[None]:
    """Raise a `DemoFailure` for what takes too long."""
    seconds = MIDJOURNEY_SECONDS / speed + OUR_SECONDS
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise DemoFailure(f"The pictures were not there after {seconds:.0f} seconds.") from None


async def play(stage: DemoSession, screen: Screen, prompt: str) -> dict[str, object]:
    """Submit a prompt, download its pictures, and return the result; or raise `DemoFailure`."""
    started = time.monotonic()
    command = await stage.type(f"{COMMAND_PREFIX}imagine {prompt}")
    answer = await stage.answer(command)
    generation = await stage.made_by(command)
    if generation is None:
        raise DemoFailure(plain(answer or "The bot did not answer."))
    done = await stage.over(generation)
    if done.status != Status.COMPLETED:
        from demo.reasons import of_end  # noqa: PLC0415 -- the import takes a second

        raise DemoFailure(plain(of_end(done)))
    seconds = time.monotonic() - started
    await verify(stage, done)
    screen.say(DEMO, stored(done.code, stage.folder_of(done)) + verified())
    return await _facts(stage, done) | {
        "seconds": round(seconds, 3),
        "interactions": len(stage.sandbox.interactions),
        "verified": True,  # otherwise this would not be reached
    }


async def _facts(stage: DemoSession, generation: Generation) -> dict[str, object]:
    images = stage.images
    facts = await as_json(generation, images)
    files = [images.path(picture_key(generation.id, slot)) for slot in generation.stored]
    return {name: facts[name] for name in (*_COLUMNS, *_UPSCALES)} | {
        "files": [str(file) for file in files if file is not None]
    }
