"""Faults on the way to the database: each request happens once, and is reported correctly."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import replace

import pytest
import stamina

from domain.errors import LeaseHeld, StoreUnavailable
from domain.generation import Generation, Status
from domain.pause import Pause
from domain.ports import Change, Lease, Outcome, Person, Query
from domain.slots import Slot
from services.database.supabase import SupabaseGenerationStore
from services.database.supabase import store as store_module
from services.database.supabase.functions import TRIES
from services.supabase import Supabase
from tests.builders import NOW, new_generation
from tests.contract.databases import LeasedStore, SupabaseDatabase
from tests.fault_proxy import Fault, FaultProxy
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

FAULTS = {
    "503": Fault.answer(503, '{"message": "paused"}'),
    "502 when it is done": Fault.answer(502, "<html>", handed_on=True),
    "no JSON when it is done": Fault.answer(200, "<html>", handed_on=True),
    "reset": Fault.reset(),
    "reset when it is done": Fault.reset(handed_on=True),
    "silence": Fault.silence(),
    "silence when it is done": Fault.silence(handed_on=True),
}
COMMON = {"503", "502 when it is done", "silence when it is done"}
faulty = pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name, marks=[pytest.mark.long] * (name not in COMMON))
        for name, fault in FAULTS.items()
    ],
)
PAUSE = Pause(words="a captcha", since=NOW)
NEW = new_generation()
MARK = 2**62
SECONDS = 90.0
"""of a lease; a third of it is for its renewal."""
PERSON = Person(id=2, allowed=True, by=1, since=NOW)


@pytest.fixture(autouse=True)
def no_waiting() -> Generator[None]:
    """Retry without pauses."""
    with stamina.set_testing(testing=True, attempts=TRIES):
        yield


@pytest.fixture
def database(supabase_server: SupabaseServer) -> Generator[SupabaseDatabase]:
    with SupabaseDatabase.emptied(supabase_server) as database:
        yield database


@pytest.fixture
async def worker(
    database: SupabaseDatabase, supabase_server: SupabaseServer, fault_proxy: FaultProxy
) -> AsyncGenerator[LeasedStore]:
    """Give a store with the proxy between it and the database, which holds the lease."""
    supabase = await Supabase.connect(fault_proxy.url, supabase_server.secret_key)
    store = await SupabaseGenerationStore.open(supabase)
    yield LeasedStore(store, (await store.acquire_lease("worker", 30)).fence)
    await supabase.close()


async def nothing(_: LeasedStore) -> None:
    """Prepare nothing."""


async def create(worker: LeasedStore, _: None) -> Change:
    return await worker.create(NEW)


async def claim(worker: LeasedStore, _: Generation) -> Change:
    return await worker.claim()


async def update(worker: LeasedStore, row: Generation) -> Change:
    return await worker.update(row, replace(row, status=Status.SUBMITTED))


async def update_by_command(worker: LeasedStore, row: Generation) -> Change:
    after = replace(row, status=Status.CANCELLED)
    return await worker.store.update_generation(
        row, after, event="test", fence=worker.fence, command=MARK
    )


async def record(worker: LeasedStore, row: Generation) -> Change:
    return await worker.record(row, Slot.UPSCALE_1)


Prepare = Callable[[LeasedStore], Awaitable[Generation | None]]
Act = Callable[[LeasedStore, Generation | None], Awaitable[Change]]
CHANGES = {
    "create": (nothing, create),
    "claim": (LeasedStore.accepted, claim),
    "update": (LeasedStore.claimed, update),
    "update by command": (LeasedStore.claimed, update_by_command),
    "record": (LeasedStore.with_grid, record),
}
changing = pytest.mark.parametrize(("prepare", "act"), CHANGES.values(), ids=CHANGES)


@pytest.mark.fault(name="F11")
@faulty
@changing
async def test_a_change_is_made_once_and_its_row_is_told(
    worker: LeasedStore,
    database: SupabaseDatabase,
    fault_proxy: FaultProxy,
    fault: Fault,
    prepare: Prepare,
    act: Act,
) -> None:
    prepared = await prepare(worker)
    events = len(await database.rows("generation_events"))
    fault_proxy.arm(fault)
    change = await act(worker, prepared)
    found = fault.handed_on and act is not create
    assert change.outcome == (Outcome.ALREADY if found else Outcome.DONE)
    (row,) = await worker.store.list_generations(Query())
    assert change.generation == row
    assert len(await database.rows("generation_events")) == events + 1


@pytest.mark.parametrize("fault", [Fault.answer(500), Fault.reset(handed_on=True)])
@changing
async def test_a_change_that_found_no_answer_can_be_asked_for_later(
    worker: LeasedStore,
    database: SupabaseDatabase,
    fault_proxy: FaultProxy,
    fault: Fault,
    prepare: Prepare,
    act: Act,
) -> None:
    prepared = await prepare(worker)
    events = len(await database.rows("generation_events"))
    fault_proxy.arm(*[fault] * TRIES)
    with pytest.raises(StoreUnavailable):
        await act(worker, prepared)
    change = await act(worker, prepared)
    assert change.outcome in {Outcome.DONE, Outcome.ALREADY}
    assert len(await database.rows("generation_events")) == events + 1


@faulty
@pytest.mark.parametrize("command", [None, MARK])
@pytest.mark.parametrize("wanted", [PAUSE, None], ids=["pause", "resume"])
async def test_a_pause_is_made_once_and_told_as_made(
    worker: LeasedStore,
    fault_proxy: FaultProxy,
    fault: Fault,
    wanted: Pause | None,
    command: int | None,
) -> None:
    store, fence = worker.store, worker.fence
    if wanted is None:
        await store.set_pause(PAUSE, fence=fence)
    fault_proxy.arm(fault)
    assert await store.set_pause(wanted, fence=fence, command=command) == Outcome.DONE
    assert (await store.get_pause(), await store.get_mark()) == (wanted, command)


@faulty
async def test_a_favourite_is_kept_once_and_told_as_kept(
    worker: LeasedStore, fault_proxy: FaultProxy, fault: Fault
) -> None:
    row = await worker.accepted(command_message_id=MARK)
    fault_proxy.arm(fault)
    assert await worker.keep(row, command=MARK + 1) == Outcome.DONE
    fault_proxy.arm(fault)
    assert await worker.keep(row, command=MARK + 2) == Outcome.ALREADY
    assert await worker.store.get_mark() == MARK + 2


@faulty
async def test_a_mark_and_a_person_are_set_once_and_told_as_set(
    worker: LeasedStore, fault_proxy: FaultProxy, fault: Fault
) -> None:
    store, fence = worker.store, worker.fence
    fault_proxy.arm(fault)
    assert await store.set_mark(MARK, fence=fence) == Outcome.DONE
    fault_proxy.arm(fault)
    assert await store.set_person(PERSON, fence=fence, command=MARK + 1) == Outcome.DONE
    assert (await store.get_mark(), await store.list_people()) == (MARK + 1, [PERSON])


@pytest.mark.parametrize("fault", [Fault.answer(500), Fault.reset(handed_on=True)])
async def test_a_mark_and_a_person_that_were_there_before_are_told_as_such(
    worker: LeasedStore, fault_proxy: FaultProxy, fault: Fault
) -> None:
    store, fence = worker.store, worker.fence
    await store.set_person(PERSON, fence=fence, command=MARK)
    fault_proxy.arm(fault)
    assert await store.set_mark(MARK - 1, fence=fence) == Outcome.ALREADY
    fault_proxy.arm(fault)
    other = replace(PERSON, by=3)
    assert await store.set_person(other, fence=fence, command=MARK) == Outcome.ALREADY


@pytest.mark.parametrize("fault", [Fault.answer(500), Fault.reset(handed_on=True)])
async def test_a_pause_that_was_there_before_is_told_as_such(
    worker: LeasedStore, fault_proxy: FaultProxy, fault: Fault
) -> None:
    await worker.store.set_pause(PAUSE, fence=worker.fence)
    fault_proxy.arm(fault)
    other = replace(PAUSE, words="another")
    assert await worker.store.set_pause(other, fence=worker.fence) == Outcome.ALREADY


@pytest.mark.fault(name="F11")
@faulty
async def test_the_lease_is_taken_renewed_and_released(
    worker: LeasedStore,
    database: SupabaseDatabase,
    fault_proxy: FaultProxy,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is time for a second try."""
    monkeypatch.setattr(store_module, "RELEASE_SECONDS", SECONDS / 3)
    store = worker.store
    await store.release_lease(Lease("worker", worker.fence))
    fault_proxy.arm(fault, only="POST /rest/v1/rpc/acquire_lease")
    lease = await store.acquire_lease("again", SECONDS)
    assert lease.fence > worker.fence
    fault_proxy.arm(fault, only="POST /rest/v1/rpc/renew_lease")
    assert await store.renew_lease(lease, SECONDS)
    with pytest.raises(LeaseHeld):
        await store.acquire_lease("another", SECONDS)
    fault_proxy.arm(fault, only="POST /rest/v1/rpc/renew_lease")
    await store.release_lease(lease)
    assert (await store.acquire_lease("another", SECONDS)).fence > lease.fence


@pytest.mark.fault(name="F11")
@faulty
async def test_what_is_asked_is_answered(
    worker: LeasedStore, fault_proxy: FaultProxy, fault: Fault
) -> None:
    active = await worker.claimed()
    waiting = await worker.accepted()
    for name in ("get_generation", "get_processing_generation", "list_generations"):
        fault_proxy.arm(fault, only=f"POST /rest/v1/rpc/{name}")
    for name in ("place_in_queue", "get_pause", "list_queue", "get_load", "get_mark"):
        fault_proxy.arm(fault, only=f"POST /rest/v1/rpc/{name}")
    assert await worker.store.get_generation(active.code) == active
    assert await worker.store.get_processing_generation() == active
    assert await worker.store.list_generations(Query(limit=1)) == [waiting]
    assert await worker.store.place_in_queue(waiting.id) == 1
    assert await worker.store.get_pause() is None
    assert await worker.store.list_queue(9) == [waiting]
    load = await worker.store.get_load(waiting.author_id, waiting.created_at)
    assert (load.waiting, load.own_lately) == (1, 1)
    assert await worker.store.get_mark() == max(row.command_message_id for row in (active, waiting))


async def test_a_renewal_gives_up_while_the_lease_still_lasts(
    worker: LeasedStore, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.silence())
    with pytest.raises(StoreUnavailable, match=r"within 5 s"):
        await worker.store.renew_lease(Lease("worker", worker.fence), 15)
