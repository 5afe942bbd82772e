"""What is sent to Supabase, in bytes: what can be counted is a test, not a benchmark."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from domain.generation import Status
from domain.slots import Slot
from services.database.supabase.functions import Functions
from tests.builders import NOW, asked, u_buttons
from tests.contract.databases import LeasedStore, SupabaseDatabase, done
from tests.supabase_server import SupabaseServer


async def test_a_change_sends_the_columns_that_change(supabase_server: SupabaseServer) -> None:
    with SupabaseDatabase.emptied(supabase_server) as database:
        store = await database.open()
        worker = LeasedStore(store, (await store.acquire_lease("counted", 30)).fence)
        row = await worker.moved(await worker.claimed(prompt="a cat " * 100), Status.SUBMITTED)
        row = done(await worker.update(row, replace(row, buttons=u_buttons(), echo="a cat " * 100)))
        sent: list[dict[str, Any]] = []
        send = Functions._once  # pyright: ignore[reportPrivateUsage] -- counted where it is sent

        async def noted(self: Functions, name: str, facts: dict[str, Any]) -> Any:
            sent.append(facts)
            return await send(self, name, facts)

        step = asked(nonce="1300000000000000000", session_id="s" * 32, attempts=1, delivered_at=NOW)
        with patch.object(Functions, "_once", noted):
            await worker.update(row, row.with_step(Slot.UPSCALE_1, step))
        await store.close()
    (only,) = sent
    assert len(json.dumps(only)) <= 500
