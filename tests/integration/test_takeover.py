"""Real processes, one after another or two at once, ended by signals in the middle of work."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import bot as worker
from domain.slots import UPSCALES
from sandbox import Sandbox
from sandbox.proxy import TlsProxy
from tests.integration.store_harness import emptied
from tests.integration.test_unmodified_process import accepted, connected, ended, started
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.integration

MOST_PRESSES = 2  # of one button: the second one when the first one's answer is not known
DEFAULT_LEASE = 30
STARTS_IN_A_LEASE = 5  # a start costs two seconds of CPU


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=50, seed=7, picture_size=64, public=True) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()
        pressed = Counter(i.custom_id for i in sandbox.interactions if i.kind == "press")
        assert accepted(sandbox).count("imagine") == 1
        assert len(pressed) == len(UPSCALES)
        assert max(pressed.values()) <= MOST_PRESSES


@pytest.fixture
async def proxy(sandbox: Sandbox) -> AsyncIterator[TlsProxy]:
    async with TlsProxy(sandbox) as proxy:
        yield proxy


@pytest.fixture
def place() -> str:
    """Return where data is kept; a test may choose another place."""
    return "supabase"


@pytest.fixture
def environment(
    request: pytest.FixtureRequest, sandbox: Sandbox, proxy: TlsProxy, place: str, tmp_path: Path
) -> dict[str, str]:
    """Return the environment that an operator sets."""
    home: dict[str, str] = {}
    if place == "supabase":
        server: SupabaseServer = request.getfixturevalue("supabase_server")
        home = {name.upper(): str(value) for name, value in emptied(server).items()}
    return home | {
        "DISCORD_TOKEN": sandbox.token,
        "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
        "OWNER_IDS": str(sandbox.people["ann"].id),
        "DATA_DIR": str(tmp_path / "data"),
        "PICTURES_ADDRESS": "127.0.0.1:0",
        "PRESS_INTERVAL": "0",
        "PROXY_URL": proxy.url,
        "SSL_CERT_FILE": str(proxy.ca_file),
        "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
    }


def identified(sandbox: Sandbox) -> int:
    """Return how many processes have logged in so far."""
    return sandbox.gateway.counts["identify"]


def by_midjourney(sandbox: Sandbox, words: str) -> bool:
    account = str(sandbox.account.id)
    others = (m["content"] for m in sandbox.messages if m["author"]["id"] != account)
    return any(words in content for content in others)


def contents(sandbox: Sandbox) -> list[str]:
    """Return the texts in the channel."""
    return [message["content"] for message in sandbox.messages]


async def in_the_middle(sandbox: Sandbox, *, pressing: bool = False) -> None:
    """Type a prompt, and wait until Midjourney works on it, or until a U is pressed."""
    await connected(sandbox)
    await sandbox.say("ann", "!imagine a cat")
    await sandbox.wait_until(
        lambda: "press" in accepted(sandbox) if pressing else by_midjourney(sandbox, "%)")
    )


async def completed(sandbox: Sandbox) -> None:
    """Wait for the final notice."""
    account = str(sandbox.account.id)
    await sandbox.wait_until(
        lambda: any(
            m["content"].startswith("✅") for m in sandbox.messages if m["author"]["id"] == account
        ),
        20,
    )


async def next_press(sandbox: Sandbox) -> None:
    """Wait for one more press."""
    before = accepted(sandbox).count("press")
    await sandbox.wait_until(lambda: accepted(sandbox).count("press") > before, 60)


async def told_to_end(process: Process) -> None:
    """End a process as a platform does; it must end well, and in time."""
    process.terminate()
    code, log = await ended(process)
    assert code == worker.Exit.DONE, log
    assert "at=error" not in log


@pytest.mark.long
@pytest.mark.parametrize("place", ["folder", pytest.param("supabase", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("pressing", [False, True], ids=["painting", "pressing"])
async def test_the_next_process_goes_on_with_what_an_ended_one_left(
    sandbox: Sandbox,
    environment: dict[str, str],
    pressing: bool,
) -> None:
    async with started(environment) as first:
        await in_the_middle(sandbox, pressing=pressing)
        await told_to_end(first)
    await sandbox.wait_until(lambda: by_midjourney(sandbox, "Open on website"))
    async with started(environment) as second:
        await completed(sandbox)
        await told_to_end(second)


@pytest.mark.fault(name="F14")
@pytest.mark.long
@pytest.mark.parametrize("place", ["folder", pytest.param("supabase", marks=pytest.mark.postgres)])
async def test_a_second_process_leaves_at_once_and_the_first_one_goes_on(
    sandbox: Sandbox,
    environment: dict[str, str],
) -> None:
    """It does not even log in to the gateway."""
    async with started(environment) as first:
        await in_the_middle(sandbox)
        async with started(environment) as second:
            code, log = await ended(second)
        assert code == worker.Exit.LEASE_HELD, log
        assert identified(sandbox) == 1
        await completed(sandbox)
        await told_to_end(first)


async def started_until_it_may_act(
    sandbox: Sandbox, environment: dict[str, str], lease_seconds: int
) -> int:
    """Start processes as a platform does, now and then, until one acts; return how many left."""
    acts = asyncio.create_task(next_press(sandbox))
    for left in range(40):
        async with started(environment) as process:
            end = asyncio.create_task(process.wait())
            await asyncio.wait([acts, end], return_when=asyncio.FIRST_COMPLETED)
            if acts.done():
                await completed(sandbox)
                await told_to_end(process)
                return left
            assert end.result() == worker.Exit.LEASE_HELD
        await asyncio.sleep(lease_seconds / STARTS_IN_A_LEASE)
    raise AssertionError


@pytest.mark.postgres
@pytest.mark.timeout(90)
@pytest.mark.parametrize(
    "seconds", [2, pytest.param(DEFAULT_LEASE, marks=pytest.mark.long)], ids=["short", "default"]
)
async def test_after_a_kill_the_next_process_acts_once_the_lease_has_ended(
    sandbox: Sandbox,
    environment: dict[str, str],
    seconds: int,
) -> None:
    """How soon is not tested: the time to start a process depends on the machine."""
    environment |= {} if seconds == DEFAULT_LEASE else {"LEASE_SECONDS": str(seconds)}
    async with started(environment) as first:
        await in_the_middle(sandbox)
        first.kill()
        await ended(first)
    left = await started_until_it_may_act(sandbox, environment, seconds)
    assert left >= 1 or seconds < DEFAULT_LEASE  # to start takes as long as the short one


@pytest.mark.fault(name="F14")
@pytest.mark.long
@pytest.mark.postgres
async def test_a_process_that_was_frozen_beyond_its_lease_leaves_without_a_word(
    sandbox: Sandbox,
    environment: dict[str, str],
) -> None:
    """Meanwhile another one has done the work; a question reaches the frozen one as it wakes up."""
    environment |= {"LEASE_SECONDS": "2"}
    async with started(environment) as first:
        await in_the_middle(sandbox)
        first.send_signal(signal.SIGSTOP)
        await started_until_it_may_act(sandbox, environment, 2)
        await sandbox.say("ann", "!history")
        asked, said = len(sandbox.interactions), contents(sandbox)
        first.send_signal(signal.SIGCONT)
        code, log = await ended(first)
    assert code == worker.Exit.LEASE_HELD, log
    assert (len(sandbox.interactions), contents(sandbox)) == (asked, said)
