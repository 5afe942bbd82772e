"""Sends an example, and then whatever is typed, until the person leaves."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from cogs.sentences.english import ENGLISH
from demo.bot_settings import COMMAND_PREFIX
from demo.keyboard import piped, prompt_session, typed
from demo.live import LiveScreen
from demo.wording import DEMO, invitation, served, stored

if TYPE_CHECKING:
    from demo.screen import Screen
    from demo.session import DemoSession

EXAMPLE = f"{COMMAND_PREFIX}imagine a lighthouse at dusk --ar 3:2"


async def play(stage: DemoSession, screen: Screen) -> None:
    """Show the example and send what is typed; return when the input ends."""
    address = await stage.pictures_address()
    stage.when_completed(
        lambda done: screen.say(
            DEMO, stored(done.code, stage.folder_of(done)) + served(done.id, address)
        )
    )
    screen.say(DEMO, invitation(stage.person))
    if isinstance(screen, LiveScreen) and sys.stdin.isatty():
        await _from_terminal(stage, screen)
    else:
        await _from_pipe(stage)


async def _from_terminal(stage: DemoSession, screen: LiveScreen) -> None:
    """Send at once what is typed; Ctrl-D ends like Ctrl-C."""
    await stage.type(EXAMPLE)
    session = prompt_session(commands(), screen)
    async with contextlib.aclosing(typed(session, lambda: screen.live)) as lines:
        async for line in lines:
            if line.strip():
                await stage.type(line)


def commands() -> dict[str, str]:
    """Return what each of the bot's commands does, in the order of its `!help`."""
    return {f"{COMMAND_PREFIX}{name}": known.does for name, known in ENGLISH.help.items()}


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
