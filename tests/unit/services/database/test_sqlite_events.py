"""Old events in the database file: how statements find them, and that no more may go afterwards."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from domain.generation import Status
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite.events import DELETE, OLD
from tests.builders import NOW
from tests.contract.databases import LeasedStore
from tests.fakes import FakeClock


async def test_old_events_are_found_without_reading_the_others(tmp_path: Path) -> None:
    path = tmp_path / "atelier.sqlite3"
    store = await SqliteGenerationStore.open(path, clock=FakeClock())
    worker = LeasedStore(store, (await store.acquire_lease("worker", 60)).fence)
    await worker.moved(await worker.accepted(), Status.FAILED)
    span = await store.events.list_old(NOW + timedelta(days=1), after=1, limit=9)
    assert span is not None
    assert await store.events.delete(span) == 1
    await store.close()
    wanted = {"before": "", "after": 1, "last": 2, "limit": 9}
    with closing(sqlite3.connect(path)) as plain:
        for sql in (OLD, DELETE):
            plan = plain.execute(f"EXPLAIN QUERY PLAN {sql}", wanted).fetchall()
            search = " ".join(step[-1] for step in plan)
            assert re.search(
                r"SEARCH generation_events USING INTEGER PRIMARY KEY \(rowid>\?", search
            )
            assert "SCAN generation" not in search
        state = plain.execute("SELECT events_before FROM queue_state").fetchall()
    assert state == [(None,)]  # so that no other is let go
