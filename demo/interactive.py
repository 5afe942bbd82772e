"""Sends an example, and then whatever is typed, until the person leaves."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from demo.bot_settings import COMMAND_PREFIX
from demo.keyboard import piped, raw, typed
from demo.screen import LiveScreen
from demo.wording import DEMO, invitation, served, stored

if TYPE_CHECKING:
    from demo.screen import Screen
    from demo.session import DemoSession

EXAMPLE = f"{COMMAND_PREFIX}imagine a lighthouse at dusk --ar 3:2"


async def play(stage: DemoSession, screen: Screen) -> None:
    """Show the example and send what is typed; return when the input ends."""
    address = await stage.pictures_address()
    stage.when_completed(
        lambda done: screen.say(DEMO, stored(done.id, stage.folder) + served(done.id, address))
    )
    screen.say(DEMO, invitation(stage.person))
    if isinstance(screen, LiveScreen) and sys.stdin.isatty():
        await _from_terminal(stage, screen)
    else:
        await _from_pipe(stage)


async def _from_terminal(stage: DemoSession, screen: Screen) -> None:
    """Send at once what is typed; Ctrl-D ends like Ctrl-C."""
    await stage.type(EXAMPLE)
    with raw(sys.stdin.fileno()):
        async with contextlib.aclosing(typed(sys.stdin.fileno(), screen.typing)) as lines:
            async for line in lines:
                if line.strip():
                    await stage.type(line)


async def _from_pipe(stage: DemoSession) -> None:
    """Send each line after the answer to the previous one; at the end, wait for the work."""
    await stage.answer(await stage.type(EXAMPLE))
    async with contextlib.aclosing(piped(sys.stdin.fileno())) as lines:
        async for line in lines:
            if line.strip():
                command = await stage.type(line)
                if line.startswith(COMMAND_PREFIX):
                    await stage.answer(command)
    await stage.idle()
