"""Reads typed lines: key by key from a terminal, or from a pipe."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import re
import termios
import threading
import tty
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

# Arrows and other keys that send several characters; they are ignored.
_KEYS = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Z]|.)?")
_ENTER, _ERASE, _END = "\r\n", "\x7f\x08", "\x04"
_ERASE_LINE, _ERASE_WORD = "\x15", "\x17"


class LineEditor:
    """A line being typed: erase a character, a word or all of it; Ctrl-D on an empty one ends."""

    def __init__(self) -> None:
        self.text = ""
        self.ended = False

    def feed(self, keys: str) -> list[str]:
        """Take in what was typed and return the lines that are complete."""
        lines: list[str] = []
        for key in _KEYS.sub("", keys):
            if key in _ENTER:
                lines.append(self.text)
                self.text = ""
            elif key == _END and not self.text:
                self.ended = True
                break
            else:
                self._edit(key)
        return lines

    def _edit(self, key: str) -> None:
        if key in _ERASE:
            self.text = self.text[:-1]
        elif key == _ERASE_LINE:
            self.text = ""
        elif key == _ERASE_WORD:
            self.text = "".join(self.text.rstrip().rpartition(" ")[:2])
        elif key.isprintable():
            self.text += key


async def typed(descriptor: int, show: Callable[[str], None]) -> AsyncGenerator[str]:
    """Yield the lines of a terminal in `raw` mode, and show the unfinished one at every key."""
    editor = LineEditor()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    async for chunk in _chunks(descriptor):
        lines = editor.feed(decoder.decode(chunk))
        show(editor.text)
        for line in lines:
            yield line
        if editor.ended:
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


@contextlib.contextmanager
def raw(descriptor: int) -> Generator[None]:
    """Have a terminal pass on each key without showing it, until the block ends."""
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


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
