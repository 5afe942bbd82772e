"""Reads what is typed: at a prompt with history and completion, or line by line from a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from typing import TYPE_CHECKING

from prompt_toolkit import ANSI, PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from demo.live import LiveScreen

PROMPT = "> "


class CommandCompleter(Completer):
    """Completes the first word of a line to a command, with what the command does beside it."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        """`commands` holds what each does, by name with prefix, in the order of the list."""
        self._commands = commands

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 -- every completer gets it
    ) -> Iterable[Completion]:
        """Yield the commands that begin with what is typed."""
        typed = document.text_before_cursor
        for name, does in self._commands.items():
            if typed and name.startswith(typed) and name != typed:
                yield Completion(f"{name} ", -len(typed), display=name, display_meta=does)


def prompt_session(commands: Mapping[str, str], screen: LiveScreen) -> PromptSession[str]:
    """Return a prompt that remembers what was typed, until the demo ends."""
    session = PromptSession[str](
        history=InMemoryHistory(),
        completer=CommandCompleter(commands),
        # The rows of the list are kept free below the prompt for as long as it may appear.
        complete_while_typing=Condition(lambda: _is_command(session.default_buffer.text)),
        output=screen.output,
        erase_when_done=True,  # the channel shows what was sent
    )
    return session


def _is_command(text: str) -> bool:
    return bool(text) and not text[0].isalnum() and " " not in text


async def typed(session: PromptSession[str], live: Callable[[], str]) -> AsyncGenerator[str]:
    """Yield the lines typed at a prompt, which has the live part above it.

    Ctrl-C, and Ctrl-D on an empty line, end it.
    """
    while True:
        try:
            yield await session.prompt_async(
                lambda: ANSI(live() + PROMPT), handle_sigint=False, set_exception_handler=False
            )
        except (EOFError, KeyboardInterrupt):
            return


async def piped(descriptor: int) -> AsyncGenerator[str]:
    """Yield the lines of a pipe or a file, the last one with or without its end."""
    unfinished = b""
    async for chunk in _chunks(descriptor):
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace").rstrip("\r")
    if unfinished:
        yield unfinished.decode(errors="replace")


async def _chunks(descriptor: int) -> AsyncGenerator[bytes]:
    """Yield the input as it arrives, until it ends.

    A thread reads, because an event loop cannot wait for files and `/dev/null`. It bypasses
    `sys.stdin`, because it would still hold that lock when the process ends.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        more = True
        while more:
            try:
                chunk = os.read(descriptor, 4096)
            except OSError:  # the terminal is gone
                chunk = b""
            more = bool(chunk)
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    while chunk := await chunks.get():
        yield chunk
