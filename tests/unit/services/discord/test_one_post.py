"""However Discord answers a request, it was sent once; and not at all if it must not be sent."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any

import pytest
from discord.http import Route

from domain.sender import Answer, Postponed, Press, Rejected, Taken, Unknown, Withdrawn
from domain.slots import Slot
from services.discord.midjourney import MidjourneyClient
from tests.builders import generation
from tests.fakes import FakeClock

HEAD_END = b"\r\n\r\n"
ANSWERS = {
    "204 No Content": Taken,
    "307 Temporary Redirect": Rejected,
    "404 Not Found": Rejected,
    "429 Too Many Requests": Postponed,
    "500 Internal Server Error": Unknown,
    "502 Bad Gateway": Unknown,
    "504 Gateway Timeout": Unknown,
    "": Unknown,  # it closes without an answer
}


class CountingDiscord:
    """Answers each request in the same way, and counts them."""

    def __init__(self, status: str) -> None:
        self._status = status
        self.requests = 0
        self.address = ""

    async def serve(self, reader: Reader, writer: Writer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(HEAD_END)
            self.requests += 1
            if self._status:
                lines = (f"HTTP/1.1 {self._status}", f"Location: {self.address}", "")
                writer.write("\r\n".join(lines).encode() + b"Content-Length: 0" + HEAD_END)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def discord_that_says(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[CountingDiscord]:
    discord = CountingDiscord(status)
    server = await asyncio.start_server(discord.serve, "127.0.0.1", 0)
    async with server:
        discord.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        monkeypatch.setattr(Route, "BASE", discord.address)
        yield discord


async def press(*, lease_lasts: bool = True, may_go: bool = True) -> Answer:
    headers = SimpleNamespace(client_hints={}, user_agent="test", encoded_super_properties="")
    http = SimpleNamespace(headers=headers, token="token", get_locale=lambda: "en-US")
    bot: Any = SimpleNamespace(http=http, ws=SimpleNamespace(session_id=None))
    lease: Any = SimpleNamespace(lasts=lambda: lease_lasts)
    connection: Any = None
    client = MidjourneyClient(bot, connection, lease, press_interval=0, clock=FakeClock())
    button = Press(message_id=1, flags=0, custom_id="MJ::JOB::upsample::1")
    return await client.send(generation(), Slot.UPSCALE_1, button, lambda: may_go)


@pytest.mark.parametrize(("status", "meaning"), ANSWERS.items())
async def test_whatever_the_answer_is_there_was_one_post(
    status: str, meaning: type[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with discord_that_says(status, monkeypatch) as discord:
        assert isinstance(await press(), meaning)
        assert discord.requests == 1


@pytest.mark.parametrize(
    ("lease_lasts", "may_go"), [(False, True), (True, False)], ids=["lease", "stopped"]
)
async def test_what_must_not_be_sent_any_more_is_not_sent(
    lease_lasts: bool, may_go: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may be at work by now, or somebody has cancelled it."""
    async with discord_that_says("204 No Content", monkeypatch) as discord:
        assert await press(lease_lasts=lease_lasts, may_go=may_go) == Withdrawn()
        assert discord.requests == 0
