"""Signals to a working process: the first ends it in order, and more do not disturb that."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals, getsignal, signal

import pytest

import bot as worker
from cli.signals import heed_no_more
from sandbox import Sandbox
from sandbox.proxy import TlsProxy
from tests.integration.test_unmodified_process import ROOT, connected, ended, started

pytestmark = pytest.mark.integration


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=64, public=True) as sandbox:
        yield sandbox


@pytest.fixture
async def environment(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """Return the environment that an operator sets."""
    async with TlsProxy(sandbox) as proxy:
        yield {
            "DISCORD_TOKEN": sandbox.token,
            "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
            "OWNER_IDS": str(sandbox.people["ann"].id),
            "DATA_DIR": str(tmp_path / "data"),
            "PICTURES_ADDRESS": "127.0.0.1:0",
            "PROXY_URL": proxy.url,
            "SSL_CERT_FILE": str(proxy.ca_file),
            "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
        }


def lease_is_given_back(environment: dict[str, str]) -> bool:
    """Whether the lease was released, so that the next process need not wait for its end."""
    file = Path(environment["DATA_DIR"]) / "atelier.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        ((until,),) = database.execute("SELECT expires_at FROM leases").fetchall()
    return datetime.fromisoformat(until) <= datetime.now(UTC)


async def signalled(process: Process, *signals: Signals, seconds: float) -> None:
    """Send signals, some time apart; the process may have ended before the last one."""
    for number in signals:
        with suppress(ProcessLookupError):
            process.send_signal(number)
        await asyncio.sleep(seconds)  # a process of its own, in real time


@pytest.mark.parametrize(
    ("seconds", "signals"),
    [
        (0.002, (SIGINT, SIGTERM)),
        pytest.param(0.0, (SIGTERM, SIGTERM), marks=pytest.mark.long),
        pytest.param(0.05, (SIGTERM,) * 40, marks=pytest.mark.long),
        pytest.param(0.02, (SIGINT, *(SIGTERM,) * 80), marks=pytest.mark.long),
    ],
    ids=["Ctrl-C and SIGTERM", "two at once", "many to the very end", "many after Ctrl-C"],
)
async def test_more_signals_change_nothing_about_an_end_in_order(
    sandbox: Sandbox,
    environment: dict[str, str],
    signals: tuple[Signals, ...],
    seconds: float,
) -> None:
    async with started(environment) as process:
        await connected(sandbox)
        await signalled(process, *signals, seconds=seconds)
        code, log = await ended(process)
    assert code == worker.Exit.DONE, log
    assert log.count("event=stopped") == 1
    assert "Traceback" not in log
    assert lease_is_given_back(environment)


def test_a_signal_that_comes_while_they_are_switched_off_prints_nothing() -> None:
    """Python complains of one whose handler is no function by the time it is looked at."""
    before = {number: getsignal(number) for number in (SIGINT, SIGTERM)}
    try:
        heed_no_more()
        assert all(callable(getsignal(number)) for number in before)
    finally:
        for number, handler in before.items():
            signal(number, handler)


SLOW_TO_END = """
import asyncio
from cli.signals import until_stopped

async def work():
    try:
        print("at work", flush=True)
        await asyncio.Event().wait()
    finally:
        print("ending", flush=True)
        await asyncio.sleep(1)
        print("in order", flush=True)

asyncio.run(until_stopped(work()))
"""


@pytest.mark.long
@pytest.mark.parametrize("first", [SIGINT, SIGTERM])
@pytest.mark.parametrize(("second", "ends"), [(SIGTERM, worker.Exit.DONE), (SIGINT, -SIGINT)])
async def test_only_ctrl_c_ends_at_once_what_was_told_to_end_before(
    first: Signals, second: Signals, ends: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SLOW_TO_END, cwd=ROOT, stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdout is not None
    for number, line in ((first, b"at work\n"), (second, b"ending\n")):
        assert await process.stdout.readline() == line
        process.send_signal(number)
    last, _ = await process.communicate()
    assert process.returncode == ends
    assert (b"in order" in last) == (ends == worker.Exit.DONE)
