from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.cogs.channel_harness import ChannelHarness, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[ChannelHarness]:
    """Open a room in which Ann, Ben by his role, and Olga, the owner, may use the bot."""
    async with open_room(tmp_path) as room:
        yield room
