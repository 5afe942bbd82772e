"""`python bot.py` as an operator starts it: nothing patched, nothing but environment variables.

A proxy of the sandbox's ends TLS. There is no other way to the sandbox, since all it hands out are
addresses at Discord's own hosts, and no other way out of this machine (`tests/conftest.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

import bot as worker
from domain.generation import Generation, Status
from domain.ports import Query
from domain.slots import Slot, picture_key
from sandbox import Sandbox, hosts
from sandbox.proxy import TlsProxy
from services.database.sqlite import open_read_only
from tests.integration.replies_harness import answered

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
FIVE = ["imagine", "press", "press", "press", "press"]
HUNG = 50
"""Real seconds after which a process is taken to hang; pytest ends each test after 60."""
DOWNLOAD = "GET /attachments/{channel}/{attachment}/{filename}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=128, public=True) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def proxy(sandbox: Sandbox) -> AsyncIterator[TlsProxy]:
    async with TlsProxy(sandbox) as proxy:
        yield proxy
        assert proxy.refused == []


@pytest.fixture
def environment(sandbox: Sandbox, proxy: TlsProxy, tmp_path: Path) -> dict[str, str]:
    """Return what an operator writes for this account, channel and proxy."""
    return {
        "DISCORD_TOKEN": sandbox.token,
        "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
        "OWNER_IDS": str(sandbox.people["ben"].id),
        "ALLOWED_USER_IDS": str(sandbox.people["ann"].id),
        "DATA_DIR": str(tmp_path / "data"),
        "PICTURES_ADDRESS": "127.0.0.1:0",
        "PRESS_INTERVAL": "0",
        "PROXY_URL": proxy.url,
        "SSL_CERT_FILE": str(proxy.ca_file),
        "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
    }


@contextlib.asynccontextmanager
async def started(environment: dict[str, str]) -> AsyncGenerator[Process]:
    """Start the worker in an environment with the guard of these tests; end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, ROOT / "bot.py"),
        cwd=Path(environment["DATA_DIR"]).parent,  # where no `.env` is
        env=os.environ | environment,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def ended(process: Process, seconds: float = 10) -> tuple[int | None, str]:
    """Wait for the end as long as a platform would, and return the exit code and the log."""
    async with asyncio.timeout(seconds):
        _, log = await process.communicate()
    return process.returncode, log.decode()


async def said_when_parked(process: Process) -> str:
    """Wait for the line that a parked process repeats."""
    assert process.stderr is not None
    line = b""
    async with asyncio.timeout(HUNG):
        while b"event=parked" not in line:
            line = await process.stderr.readline()
            assert line, "the process has ended"
    return line.decode()


async def connected(sandbox: Sandbox) -> None:
    await sandbox.wait_until(lambda: bool(sandbox.gateway.sessions), HUNG)


async def noticed(sandbox: Sandbox, count: int) -> None:
    """Wait for this many final notices with all five pictures."""
    account = str(sandbox.account.id)

    def notices() -> list[object]:
        own = (m for m in sandbox.messages if m["author"]["id"] == account)
        return [m for m in own if len(m["attachments"]) == len(Slot)]

    await sandbox.wait_until(lambda: len(notices()) == count, HUNG)


async def kept(environment: dict[str, str]) -> list[Generation]:
    """Return the rows that a process left, after checking the pictures of each."""
    folder = Path(environment["DATA_DIR"])
    store = await open_read_only(folder / "atelier.sqlite3")
    rows = await store.list_generations(Query())
    await store.close()
    for row in rows:
        for slot in Slot:
            with Image.open(folder / "pictures" / picture_key(row.id, slot)) as picture:
                assert picture.format == "PNG"
    return rows


def accepted(sandbox: Sandbox) -> list[str]:
    return [i.kind for i in sandbox.interactions if i.accepted]


async def test_a_typed_prompt_ends_as_five_pictures_through_the_proxy_alone(
    sandbox: Sandbox,
    proxy: TlsProxy,
    environment: dict[str, str],
) -> None:
    async with started(environment) as process:
        await connected(sandbox)
        await sandbox.say("ann", "!imagine a cat")
        await noticed(sandbox, 1)
        process.terminate()
        code, log = await ended(process)
    assert code == worker.Exit.DONE, log
    assert "at=error" not in log
    assert [row.status for row in await kept(environment)] == [Status.COMPLETED]
    assert accepted(sandbox) == FIVE
    assert sandbox.requests[DOWNLOAD] == len(Slot)
    assert set(proxy.hosts) == set(hosts.SERVED) - {hosts.RESUME}


@pytest.mark.long
async def test_lost_connections_are_made_again_through_the_proxy_and_nothing_is_paid_twice(
    sandbox: Sandbox,
    proxy: TlsProxy,
    environment: dict[str, str],
) -> None:
    """The answers to /imagine and to a press are lost, then the gateway goes away.

    At last it is told to end while it waits for an answer that does not come.
    """
    for kind in ("imagine", "press"):
        sandbox.switches.answer_interaction.arm("reset", only=kind)
    async with started(environment) as process:
        await connected(sandbox)
        await sandbox.say("ann", "!imagine a cat")
        await noticed(sandbox, 1)
        sandbox.gateway.drop()
        await sandbox.wait_until(lambda: sandbox.gateway.counts["resumed"] == 1)
        await sandbox.say("ann", "!imagine a dog")
        await noticed(sandbox, 2)
        sandbox.switches.answer_interaction.arm("stall", only="imagine")
        await sandbox.say("ann", "!imagine a hare")
        await sandbox.wait_until(lambda: accepted(sandbox) == [*FIVE, *FIVE, "imagine"])
        process.terminate()
        code, log = await ended(process)
    assert code == worker.Exit.DONE, log
    assert proxy.hosts[hosts.RESUME] == 1


async def said(sandbox: Sandbox, person: str, text: str) -> str:
    """Let a person type something, and return the reply."""
    typed = await sandbox.say(person, text)
    return (await answered(sandbox, typed["id"], 20)).text


@pytest.mark.long
async def test_the_pause_turns_limits_and_permissions_outlive_a_kill(
    sandbox: Sandbox,
    environment: dict[str, str],
) -> None:
    environment |= {"WAITING_PER_PERSON": "2"}
    async with started(environment) as first:
        await connected(sandbox)
        assert "Paused" in await said(sandbox, "ben", "!pause")
        assert "can use me" in await said(
            sandbox, "ben", f"!allow {sandbox.people['cleo'].mention}"
        )
        for person, prompt in (("ann", "a1"), ("ann", "a2"), ("cleo", "c1")):
            assert "paused" in await said(sandbox, person, f"!imagine {prompt}")
        first.kill()
        await ended(first)
    async with started(environment) as second:
        assert "2 waiting" in await said(sandbox, "ann", "!imagine a3")
        assert "queued, 3 ahead" in await said(sandbox, "cleo", "!imagine c2")
        assert accepted(sandbox) == []
        assert "Back to work" in await said(sandbox, "ben", "!resume")
        await noticed(sandbox, 4)
        second.terminate()
        assert (await ended(second))[0] == worker.Exit.DONE
    imagined = [i.prompt for i in sandbox.interactions if i.kind == "imagine"]
    assert imagined == ["a1", "c1", "a2", "c2"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("wrong", "named", "wanted"),
    [
        ({"DISCORD_TOKEN": "wrong" * 6}, "DISCORD_TOKEN", worker.Exit.TOKEN_REFUSED),
        ({"PROXY_URL": "http://somebody:password@127.0.0.1:9"}, "PROXY_URL", worker.Exit.FAILED),
    ],
    ids=["token", "proxy"],
)
async def test_what_keeps_a_process_from_starting_is_one_sentence_without_the_secret(
    environment: dict[str, str],
    wrong: dict[str, str],
    named: str,
    wanted: worker.Exit,
) -> None:
    async with started(environment | wrong) as process:
        code, log = await ended(process, 30)
    errors = [line for line in log.splitlines() if line.startswith("at=error")]
    assert code == wanted, log
    assert len(errors) == 1
    assert named in errors[0]
    assert "Traceback" not in log
    assert "wrongwrong" not in log
    assert "password" not in log


@pytest.mark.fault(name="F10")
@pytest.mark.long
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"DISCORD_TOKEN": "wrong" * 6}, "why=token_refused hint=.*DISCORD_TOKEN"),
        ({"OWNER_IDS": "ben"}, "why=settings_wrong hint=.*OWNER_IDS"),
    ],
    ids=["token", "settings"],
)
async def test_a_parked_process_stays_and_says_why_until_it_is_told_to_end(
    environment: dict[str, str],
    wrong: dict[str, str],
    why: str,
) -> None:
    async with started(environment | wrong | {"PARK_ON_FATAL": "1"}) as process:
        said = await said_when_parked(process)
        assert process.returncode is None
        process.terminate()
        code, log = await ended(process)
    assert code == worker.Exit.DONE, log
    assert re.search(why, said)
