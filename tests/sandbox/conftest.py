"""A small, quick sandbox and clients for it. No test may leave an unknown request behind."""

from collections.abc import AsyncIterator

import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=64) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    """Connect the account under test."""
    async with Client(sandbox) as client:
        yield await client.connect()
