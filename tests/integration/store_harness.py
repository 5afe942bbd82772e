"""Both kinds of stores, for tests that must pass with either, in quick time."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from domain.generation import Generation
from sandbox import Sandbox
from tests.contract.databases import SupabaseDatabase
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.switches.invariants import LogWitness, falsehoods
from tests.supabase_server import SupabaseServer


@dataclass
class StoreHarness:
    """Where a bot keeps its data."""

    folder: Path
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    log_witness: LogWitness = field(default_factory=LogWitness)
    promised: set[str] = field(default_factory=set[str])
    """The prompts whose commands were answered once more: that they will be picked up."""

    @contextlib.asynccontextmanager
    async def quick(self, sandbox: Sandbox, **changes: Any) -> AsyncGenerator[RunningBot]:
        """Run a bot in quick time; at the end of the block all invariants must hold."""
        values = settings(sandbox, self.folder, **{"lease_seconds": 600} | self.facts | changes)
        with self.log_witness.watching():
            async with running(sandbox, values) as running_bot:
                yield running_bot
                rows = await running_bot.generations()
                pictures = await self.pictures(running_bot, rows)
        answered = {f"{row.code}: 3 answers" for row in rows if row.prompt in self.promised}
        assert set(falsehoods(running_bot, rows, pictures, self.log_witness)) - answered == set()

    async def pictures(self, running_bot: RunningBot, rows: list[Generation]) -> Path:
        """Return a folder with all stored pictures, downloading those kept elsewhere."""
        pictures = self.folder / "pictures"
        kept = (step.picture for row in rows for step in row.steps)
        async with httpx.AsyncClient() as browser:
            for picture in kept:
                if picture is None or running_bot.atelier.images.path(picture.key) is not None:
                    continue
                copy = pictures / picture.key
                copy.parent.mkdir(parents=True, exist_ok=True)
                got = await browser.get(await running_bot.atelier.images.url(picture.key))
                copy.write_bytes(got.content)
        return pictures


def emptied(server: SupabaseServer, url: str = "") -> dict[str, Any]:
    """Return the settings of an unused project, behind `url` if that is given."""
    SupabaseDatabase(server.url, server.secret_key, server.database_url).empty()
    return {
        "supabase_url": url or server.url,
        "supabase_key": server.secret_key,
        "supabase_bucket": "homes",
    }
