"""A bot that shares one fast clock with Midjourney.

`tests/integration/switches/invariants.py` says what must hold at the end of every test.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.switches.invariants import LogWitness, falsehoods


@contextlib.asynccontextmanager
async def hurried(
    sandbox: Sandbox, folder: Path, log_witness: LogWitness, **changes: Any
) -> AsyncGenerator[RunningBot]:
    """Run the bot in quick time until the block ends; then all invariants must hold."""
    values = settings(sandbox, folder, lease_seconds=600, **changes)
    with log_witness.watching():
        async with running(sandbox, values) as running_bot:
            yield running_bot
            rows = await running_bot.generations()
    assert falsehoods(running_bot, rows, folder / "pictures", log_witness) == []


@pytest.fixture
def log_witness() -> LogWitness:
    """Yield the record of the bot's log; a test may excuse errors that it provokes."""
    return LogWitness()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Serve a quick sandbox with tiny pictures; requests unknown to it fail the test."""
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def running_bot(
    sandbox: Sandbox, tmp_path: Path, log_witness: LogWitness
) -> AsyncIterator[RunningBot]:
    """Run the bot for everybody in the sandbox's channel, in quick time, and check it."""
    async with hurried(sandbox, tmp_path, log_witness) as running_bot:
        yield running_bot
