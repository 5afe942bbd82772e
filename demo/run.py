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
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo import interactive, once
from demo.bot_process import LOG
from demo.failure import DemoFailure
from demo.screen import LiveScreen, PlainScreen
from demo.session import raised
from demo.transcript import Transcript
from demo.wording import DEMO, greeting
from sandbox import Sandbox
from services import logs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from demo.arguments import Options
    from demo.project import Project
    from demo.screen import Screen
    from demo.session import DemoSession

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
        data = _folder(options.data)
        with (data / LOG).open("a", encoding="utf-8") as log, _project(options) as project:
            logs.configure("logfmt", (), log)
            return asyncio.run(_until_stopped(options, Place(data, project)))
    except DemoFailure as failure:
        sys.stderr.write(f"{failure}\n")
        return failure.code


def _folder(wanted: Path | None) -> Path:
    """Create the folder for everything that this demo keeps."""
    try:
        if wanted is None:
            return Path(tempfile.mkdtemp(prefix="atelier-demo-")).resolve()
        wanted.mkdir(parents=True, exist_ok=True)
        (wanted / LOG).touch()
    except OSError as error:
        raise DemoFailure(f"{error.filename} cannot be used: {error.strerror}.", code=2) from None
    return wanted.resolve()


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
            loop.add_signal_handler(number, lambda: None)
        if playing is not None:
            playing.cancel()

    for number in _STOPS:
        loop.add_signal_handler(number, stop)
    try:
        result = await _play(options, place)
    except asyncio.CancelledError:
        return options.exit_when_stopped
    if options.json:
        print(json.dumps(result))
    return 0


async def _play(options: Options, place: Place) -> dict[str, object] | None:
    with contextlib.closing(_screen(options)) as screen:
        if options.prompt is not None:
            async with once.limit(options.speed), _opened(options, place, screen) as stage:
                return await once.play(stage, screen, options.prompt)
        async with _opened(options, place, screen) as stage:
            await interactive.play(stage, screen)
        return None


def _screen(options: Options) -> Screen:
    out = sys.stderr if options.json else sys.stdout
    if not out.isatty() or os.environ.get("TERM") == "dumb":
        return PlainScreen(out)
    return LiveScreen(out, asks=options.prompt is None and sys.stdin.isatty())


@contextlib.asynccontextmanager
async def _opened(options: Options, place: Place, screen: Screen) -> AsyncGenerator[DemoSession]:
    """Start the session, show the channel on the screen, and greet."""
    # A new seed each time: with the job ids of an earlier demo, its rows would match this one's.
    async with Sandbox(speed=options.speed, seed=secrets.randbits(32)) as sandbox:
        sandbox.watch(Transcript(screen).hear)
        async with raised(sandbox, place.data, place.project) as stage:
            abandoned = await stage.unfinished()
            if abandoned is not None:
                raise DemoFailure(
                    f"The generation {abandoned.code} in {place.data} belongs to a sandbox that is "
                    "gone: use another folder."
                )
            address = await stage.pictures_address()
            screen.say(DEMO, greeting(stage.folder, address, place.data / LOG))
            yield stage
