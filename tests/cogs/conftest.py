from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.cogs.channel_harness import ChannelHarness, open_channel


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[ChannelHarness]:
    """Open a channel in which Ann, Ben by his role, and Olga, the owner, may use the bot."""
    async with open_channel(tmp_path) as harness:
        yield harness
