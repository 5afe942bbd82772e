"""A process that is killed at a point, the one after it, and what must hold then."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

import psycopg
from structlog.typing import EventDict

import config
from domain.generation import Generation, OriginKind, Status
from sandbox import Sandbox
from sandbox.addresses import SandboxAddresses
from tests.forked import forked
from tests.integration.conftest import running, settings
from tests.integration.kills import launcher
from tests.integration.kills.points import Place, points
from tests.integration.quick_time import passing
from tests.integration.store_harness import StoreHarness
from tests.integration.switches.invariants import falsehoods
from tests.integration.test_takeover import by_midjourney
from tests.integration.test_unmodified_process import HUNG, accepted, connected
from tests.supabase_server import SupabaseServer

PROMPT = "a cat"
DOWNTIME = 60.0
"""Seconds until the next process starts. By then Midjourney has done what it was asked for."""
SETTLED = 60.0
"""Seconds for the last edit of the status message, and for anything that ought not to come."""


@dataclass
class KillHarness:
    """Processes that are killed one after another, on the same data and in the same sandbox."""

    sandbox: Sandbox
    place: Place
    home: StoreHarness
    server: SupabaseServer | None = None
    log: list[EventDict] = field(default_factory=list[EventDict])
    _goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def made(self) -> Generation:
        """Have a generation made by a process that ends in order, and return it."""
        async with running(self.sandbox, self._settings()) as running_bot:
            await running_bot.imagine(PROMPT)
            return await running_bot.ended(PROMPT)

    async def killed(self, name: str, *, first: bool = True, reacts_to: int | None = None) -> None:
        """Start a process, let a person ask the first one for a grid, and see it die there.

        Before a later one, Midjourney finishes the grid. With `reacts_to`, the person asks for a
        reroll by a reaction to that message.
        """
        point = points(self.place)[name]
        marker = self.home.folder / f"{name}.txt"
        if point.half_a_picture:
            self.sandbox.switches.answer_download.arm("truncated", only="grid")
        if point.still_after:
            self._stand_still(point.still_after)
        if not first:
            await self.sandbox.wait_until(lambda: by_midjourney(self.sandbox, "Open on website"))
        words = (self.place, name, str(marker), SandboxAddresses.of(self.sandbox).as_json())
        environment = os.environ | self._environment()
        with forked(launcher.main, words, environment, self.home.folder) as process:
            if first:
                await connected(self.sandbox)
                if reacts_to is None:
                    await self.sandbox.say("ann", f"!imagine {PROMPT}")
                else:
                    self.sandbox.react("ann", reacts_to, "🔁")
            code, log = await process.ended(HUNG)
        assert (code, marker.exists()) == (-signal.SIGKILL, True), log
        self.log += [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        self._lease_runs_out()

    async def rerolled(self) -> list[Generation]:
        """Start the next one, in quick time, and return the rows when the reroll is done."""
        async with running(self.sandbox, self._settings()) as running_bot:
            await running_bot.until(
                lambda told: (
                    told.generation.origin.kind == OriginKind.REROLL
                    and told.generation.notice_message_id is not None
                )
            )
            return await running_bot.generations()

    async def recovered(self, status: Status) -> Generation:
        """Start the next one, in quick time, and return the row when its notice was sent."""
        witness, values = self.home.log_witness, self._settings()
        with passing(self.sandbox) as clock, witness.watching():
            self._goes_on.set()
            await clock.sleep(DOWNTIME)
            async with running(self.sandbox, values, clock) as running_bot:
                row = await running_bot.ended(PROMPT, status)
                await clock.sleep(SETTLED)
                rows = await running_bot.generations()
                pictures = await self.home.pictures(running_bot, rows)
        witness.lines[:0] = self.log
        if not witness.ends_of(row.code):  # the killed one had committed it, but not logged it
            end = {"event": "status", "gen": row.code, "now": row.status}
            witness.lines.append(end | {"before": Status.VARIATIONS_IN_PROGRESS})
        assert falsehoods(running_bot, rows, pictures, witness) == []
        return row

    def requests(self) -> Counter[str]:
        """Return how often each request was accepted: /imagine, and each button."""
        return Counter(i.custom_id or i.kind for i in self.sandbox.interactions if i.accepted)

    def replies(self) -> list[str]:
        """Return what the account has answered to the command, oldest first."""
        account = str(self.sandbox.account.id)
        own = (m for m in self.sandbox.messages if m["author"]["id"] == account)
        return [m["content"] for m in own if m.get("message_reference")]

    def _stand_still(self, after: int) -> None:
        """Let Midjourney do nothing more from this many accepted requests on, until the next start.

        Otherwise the point would depend on how quick this machine is.
        """
        clock = self.sandbox.clock

        async def sleep(seconds: float) -> None:
            if len(accepted(self.sandbox)) < after:
                await asyncio.sleep(seconds / clock.speed)
            else:
                await self._goes_on.wait()

        clock.follow(time.time, sleep)

    def _lease_runs_out(self) -> None:
        """Let the lease of a dead process end: without Supabase it ends with the process."""
        if self.server is not None:
            with psycopg.connect(self.server.database_url, autocommit=True) as database:
                database.execute("UPDATE leases SET expires_at = now()")

    def _settings(self) -> config.Settings:
        return settings(self.sandbox, self.home.folder, **{"lease_seconds": 600} | self.home.facts)

    def _environment(self) -> dict[str, str]:
        """Return the same as the environment of a process."""
        facts = {name.upper(): str(value) for name, value in self.home.facts.items()}
        return facts | {
            "DISCORD_TOKEN": self.sandbox.token,
            "DISCORD_CHANNEL_ID": str(self.sandbox.channel_id),
            "OWNER_IDS": str(self.sandbox.people["ann"].id),
            "DATA_DIR": str(self.home.folder),
            "PICTURES_ADDRESS": "127.0.0.1:0",
            "PRESS_INTERVAL": "0",
            "LOG_FORMAT": "json",
        }
