"""A sandbox and a place for the data of processes that are killed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.integration.kills.kill_harness import KillHarness
from tests.integration.kills.points import Place
from tests.integration.store_harness import StoreHarness, emptied
from tests.supabase_server import SupabaseServer


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=64) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
def killing(
    request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path, place: Place
) -> KillHarness:
    """Give what starts and kills processes; a test is parametrized with the place of their data."""
    if place == "folder":
        return KillHarness(sandbox, place, StoreHarness(tmp_path))
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    return KillHarness(sandbox, place, StoreHarness(tmp_path, emptied(server)), server)
