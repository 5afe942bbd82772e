"""Sends attached files from the disk, some at a time.

The library reads each whole file, and curl copies it: five pictures took twice their size.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from io import BufferedReader, IOBase
from pathlib import Path
from typing import Any, cast

from curl_cffi import CurlMime
from discord.ext import commands

FORM = "_parse_form_data"
"""The library's own name of what makes the form of a request."""


def stream_files(bot: commands.Bot) -> None:
    """Let curl read the files that the bot attaches, wherever they are on the disk."""
    make: Callable[[Sequence[dict[str, Any]]], asyncio.Future[CurlMime]] = _streamed
    setattr(cast("Any", bot.http), FORM, make)


def _streamed(parts: Sequence[dict[str, Any]]) -> asyncio.Future[CurlMime]:
    return asyncio.get_running_loop().run_in_executor(None, _form, parts)


def _form(parts: Sequence[dict[str, Any]]) -> CurlMime:
    form = CurlMime()
    for part in parts:
        form.addpart(**_from_disk(part))
    return form


def _from_disk(part: dict[str, Any]) -> dict[str, Any]:
    """Name the file instead of its content; what is no file, or is sent in part, is read."""
    source = part["data"]
    name = getattr(source, "name", None)
    if isinstance(source, BufferedReader) and isinstance(name, (str, Path)) and source.tell() == 0:
        return {**part, "data": None, "local_path": name}
    return {**part, "data": source.read()} if isinstance(source, IOBase) else part
