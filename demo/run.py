"""The demo, from its start to its exit code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import secrets
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.utils import is_dumb_terminal

from demo import interactive, once
from demo.bot_process import LOG
from demo.failure import DemoFailure
from demo.folder import data_folder
from demo.inline import InlinePictures
from demo.live import LiveScreen, without_keyboard
from demo.markup import MarkupReader, style_of
from demo.screen import PlainScreen
from demo.session import raised
from demo.summary import table
from demo.terminal import read_terminal
from demo.transcript import Transcript
from demo.wording import DEMO, farewell, greeting
from sandbox import Sandbox
from services import logs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from demo.arguments import Options
    from demo.project import Project
    from demo.screen import Screen
    from demo.session import DemoSession
    from demo.wording import Lines

PIPE_WIDTH = 80
"""How wide a table is where rows have no end."""
_STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a demo keeps things: a folder, or a project if there is one (but not for the log)."""

    data: Path
    project: Project | None


def run(options: Options) -> int:
    """Run the demo and return its exit code."""
    # The bot's HTTP library takes a proxy from the environment; everything is on this machine.
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with (
            data_folder(options.data) as data,
            (data / LOG).open("a", encoding="utf-8") as log,
            _project(options) as project,
        ):
            logs.configure("logfmt", (), log)
            return asyncio.run(_until_stopped(options, Place(data, project)))
    except DemoFailure as failure:
        sys.stderr.write(f"{failure}\n")
        return failure.code


@contextlib.contextmanager
def _project(options: Options) -> Generator[Project | None]:
    """Run the Supabase project, if one is wanted."""
    if not options.supabase:
        yield None
        return
    # Its tools take a moment to import, so only those who need them wait.
    from demo.project import running  # noqa: PLC0415 -- see above

    with running() as project:
        yield project


async def _until_stopped(options: Options, place: Place) -> int:
    """Play; Ctrl-C and SIGTERM end it cleanly, and further ones are ignored."""
    loop, playing = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        if playing is not None:
            playing.cancel()

    def hear(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    for number in _STOPS:
        signal.signal(number, hear)  # the loop has handlers of its own, but not on Windows
    try:
        result = await _play(options, place)
    except asyncio.CancelledError:
        return options.exit_when_stopped
    if options.json:
        print(json.dumps(result))
    return 0


@contextlib.asynccontextmanager
async def _page(options: Options, place: Place, stage: DemoSession) -> AsyncGenerator[Lines]:
    """Serve the channel as a page, open it where somebody can see it, and say where it is."""
    # Whoever wants only one picture need not wait for these.
    from demo.page import browser  # noqa: PLC0415 -- see above
    from demo.page.opened import open_page  # noqa: PLC0415 -- see above

    async with open_page(stage, place.data, place.project) as url:
        if options.browser and browser.is_wanted(sys.stdout):
            await asyncio.to_thread(browser.show, str(url))
        yield browser.told(str(url))


async def _play(options: Options, place: Place) -> dict[str, object] | None:
    async with _screen(options) as screen:
        if options.prompt is not None:
            async with once.limit(options.speed), _opened(options, place, screen) as stage:
                return await once.play(stage, screen, options.prompt)
        async with _opened(options, place, screen) as stage, _page(options, place, stage) as said:
            screen.say(DEMO, said)
            await interactive.play(stage, screen)
        return None


@contextlib.asynccontextmanager
async def _screen(options: Options) -> AsyncGenerator[Screen]:
    """Open what the demo is shown on: a terminal, or lines of text."""
    out = sys.stderr if options.json else sys.stdout
    if not out.isatty() or is_dumb_terminal():
        yield PlainScreen(out)
        return
    terminal = read_terminal(os.environ)
    screen = LiveScreen(out, terminal if options.pictures else replace(terminal, pictures=None))
    asks = options.prompt is None and sys.stdin.isatty()
    with contextlib.closing(screen):
        # The prompt draws the live part itself.
        async with contextlib.nullcontext() if asks else without_keyboard(screen):
            yield screen


@contextlib.asynccontextmanager
async def _opened(options: Options, place: Place, screen: Screen) -> AsyncGenerator[DemoSession]:
    """Start the session, show the channel on the screen, greet, and sum up at the end."""
    # A new seed each time: with the job ids of an earlier demo, its rows would match this one's.
    with contextlib.ExitStack() as at_the_end:
        async with Sandbox(speed=options.speed, seed=secrets.randbits(32)) as sandbox:
            grids = InlinePictures(screen)
            markup = MarkupReader(
                style=style_of(screen.terminal),
                now=lambda: datetime.now().astimezone(),
                names={str(each.id): each.name for each in sandbox.people.values()},
            )
            sandbox.watch(Transcript(screen, markup, grids.show).hear)
            async with raised(sandbox, place.data, place.project) as stage:
                abandoned = await stage.unfinished()
                if abandoned is not None:
                    raise DemoFailure(
                        f"The generation {abandoned.code} in {place.data} belongs to a sandbox "
                        "that is gone: use another folder."
                    )
                screen.say(DEMO, greeting(stage.folder, place.data / LOG))
                at_the_end.callback(_sum_up, screen, stage)
                yield stage
                await grids.finish()


def _sum_up(screen: Screen, stage: DemoSession) -> None:
    """Show what was asked and what is stored, and say where."""
    made = stage.generations
    if made:
        screen.draw(["", *table(made, screen.width() or PIPE_WIDTH), ""])
    screen.say(DEMO, farewell(stage.folder, sum(len(each.stored) for each in made)))
