"""An account in many servers: READY is larger than the transport takes by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.slots import Slot
from sandbox import Sandbox
from tests.integration.conftest import running, settings

pytestmark = pytest.mark.integration

MANY = 6.0  # million bytes; the transport's own limit is 4.2


async def test_an_account_in_many_servers_connects_and_works(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.switches.ready_megabytes.set(MANY)
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        await running_bot.imagine("a cat")
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
    assert sandbox.gateway.counts["connect"] == 1
