"""The library's event loops wake the process as rarely as they are told."""

from __future__ import annotations

import asyncio

import pytest
from curl_cffi import AsyncCurl

from services.discord.curl_wakeups import PAUSE_SECONDS, wake_rarely


async def test_an_idle_curl_wakes_the_process_once_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    paused = asyncio.Event()

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        paused.set()
        await asyncio.Event().wait()

    usual = "_force_timeout"
    monkeypatch.setattr(AsyncCurl, usual, getattr(AsyncCurl, usual))  # to have it back afterwards
    wake_rarely()
    monkeypatch.setattr(asyncio, "sleep", sleep)
    curl = AsyncCurl()
    await paused.wait()
    await curl.close()
    assert pauses == [PAUSE_SECONDS]
