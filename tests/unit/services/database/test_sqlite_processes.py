"""The file between real processes, also when one of them is killed."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.errors import LeaseHeld
from domain.generation import Status
from domain.ports import Query
from services.database.sqlite import SqliteGenerationStore
from tests.contract.databases import LeasedStore

ROOT = Path(__file__).parents[4]

HOLD = """
import asyncio, sys
from pathlib import Path
from services.database.sqlite import SqliteGenerationStore
from tests.builders import new_generation

async def main():
    store = await SqliteGenerationStore.open(Path(sys.argv[1]))
    lease = await store.acquire_lease("the holder", 3600)
    print(lease.fence, flush=True)
    while True:
        change = await store.create_generation(new_generation(), fence=lease.fence)
        print(change.generation.id, flush=True)

asyncio.run(main())
"""

CLAIM = """
import asyncio, sys
from pathlib import Path
from services.database.sqlite import SqliteGenerationStore
from tests.builders import NOW

async def main():
    store = await SqliteGenerationStore.open(Path(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.readline()
    change = await store.claim_next(now=NOW, fence=int(sys.argv[2]))
    print(change.outcome, change.generation.id, flush=True)
    await store.close()

asyncio.run(main())
"""


FAIL = """
import asyncio, sys
from pathlib import Path
from services.database.sqlite import SqliteGenerationStore

async def main():
    store = await SqliteGenerationStore.open(Path(sys.argv[1]))
    await store.acquire_lease("the holder", 3600)
    sys.exit("out of order")

asyncio.run(main())
"""


async def start(script: str, *arguments: object) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *map(str, arguments),
        cwd=ROOT,
        stdin=PIPE,
        stdout=PIPE,
    )


async def line(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "atelier.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[SqliteGenerationStore]:
    opened = await SqliteGenerationStore.open(path)
    yield opened
    await opened.close()


async def test_a_killed_process_loses_nothing_and_its_lease_is_free_at_once(
    store: SqliteGenerationStore, path: Path
) -> None:
    holder = await start(HOLD, path)
    fence = int(await line(holder))
    told = [await line(holder) for _ in range(20)]
    with pytest.raises(LeaseHeld):
        await store.acquire_lease("the next", 30)
    holder.send_signal(signal.SIGKILL)
    assert holder.stdout is not None
    told += (await holder.stdout.read()).decode().split()
    await holder.wait()
    lease = await store.acquire_lease("the next", 30)
    assert lease.fence == fence + 1
    there = [row.id for row in await store.list_generations(Query(limit=10_000))][::-1]
    assert there[: len(told)] == told
    # The last one may have been committed, and the process killed before it could tell.
    assert len(there) - len(told) in {0, 1}


async def test_racing_processes_claim_one_generation(
    store: SqliteGenerationStore, path: Path
) -> None:
    worker = LeasedStore(store, (await store.acquire_lease("the first", 30)).fence)
    first, _ = await worker.accepted(), await worker.accepted()
    processes = [await start(CLAIM, path, worker.fence) for _ in range(2)]
    assert [await line(process) for process in processes] == ["ready"] * 2
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
    told = [await line(process) for process in processes]
    assert sorted(told) == [f"already {first.id}", f"done {first.id}"]
    for process in processes:
        await process.wait()
    active = await store.get_processing_generation()
    assert active is not None
    assert (active.id, active.status) == (first.id, Status.SUBMITTING)


async def test_a_process_that_fails_ends_although_it_closed_nothing(
    store: SqliteGenerationStore, path: Path
) -> None:
    failing = await start(FAIL, path)
    assert await failing.wait() == 1
    assert (await store.acquire_lease("the next", 30)).fence == 2
