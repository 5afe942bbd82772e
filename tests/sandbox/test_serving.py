"""`python -m sandbox` serves alone, says where, and stops when told to."""

import asyncio
import json
import signal
import sys

import aiohttp
import pytest

from sandbox import Sandbox


async def test_the_switches_can_be_read() -> None:
    command = (sys.executable, "-m", "sandbox", "--switches")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    text, _ = await process.communicate()
    names = Sandbox().switches.all()
    assert all(f"- `{name}` (usually " in text.decode() for name in names)
    assert "- Banned prompt (answer): " in text.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_sandbox_serves_alone_and_stops_cleanly(number: signal.Signals) -> None:
    command = (sys.executable, "-m", "sandbox", "--speed", "50", "--seed", "3")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    addresses = json.loads(await process.stdout.readline())
    headers = {"Authorization": addresses["people"]["ann"]["token"]}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(addresses["api"] + "/users/@me") as response,
    ):
        assert (await response.json())["username"] == "ann"
    process.send_signal(number)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
