"""Listing and deleting in a bucket: the answers of hosted Storage, and faults."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.errors import StoreRefused, StoreUnavailable
from domain.slots import Slot, picture_key
from services.storage.supabase.store import TRIES, SupabaseImageStore
from tests.fault_proxy import Fault, FaultProxy
from tests.pictures import png
from tests.storage.conftest import file_of
from tests.storage.test_faults import PAGE, REFUSED

pytestmark = pytest.mark.postgres

LIST = "POST /storage/v1/object/list/"
DELETE = "DELETE /storage/v1/object/"
AWAY = {
    "503": Fault.answer(503, PAGE),
    "503 in a 400": Fault.storage(503, "DatabaseConnectionLimit"),
    "a page": Fault.answer(200, PAGE),
    "timeout": Fault.silence(),
    "reset": Fault.reset(),
}


def entry(name: str, **facts: Any) -> dict[str, Any]:
    """Return Storage's entry for an object; for a folder it has only the name."""
    nothing = dict.fromkeys(("id", "created_at", "updated_at", "last_accessed_at", "metadata"))
    return {"name": name, **nothing, **facts}


def an_object(name: str, **facts: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": str(uuid4()),
        "created_at": "2026-11-20T10:00:00.5Z",
        "updated_at": "2026-11-21T10:00:00.5Z",
        "metadata": {"size": 77, "mimetype": "image/png"},
    }
    return entry(name, **known | facts)


async def test_hosted_storage_tells_folders_and_the_names_in_them(
    store: SupabaseImageStore, fault_proxy: FaultProxy
) -> None:
    """Objects that are not ours are left out."""
    ours = str(uuid4())
    root = [entry(ours), entry("sketches"), an_object("trial-1.png")]
    inside = [an_object("grid.png"), an_object("grid.jpg"), an_object(".emptyFolderPlaceholder")]
    fault_proxy.arm(*(Fault.answer(200, json.dumps(a)) for a in (root, [], inside)), only=LIST)
    assert [page async for page in store.list_generations()] == [{ours}]
    (found,) = await store.list_objects(ours)
    assert (found.key, found.size) == (picture_key(ours, Slot.GRID), 77)
    assert found.changed_at.isoformat() == "2026-11-21T10:00:00.500000+00:00"


@pytest.mark.parametrize("metadata", [None, {}, {"mimetype": "image/png"}])
async def test_an_object_of_which_little_is_known_holds_nothing_up(
    store: SupabaseImageStore, fault_proxy: FaultProxy, metadata: object
) -> None:
    told = [an_object("grid.png"), an_object("upscale_1.png", metadata=metadata)]
    fault_proxy.arm(Fault.answer(200, json.dumps(told)), only=LIST)
    assert [one.size for one in await store.list_objects(str(uuid4()))] == [77, 0]


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY)
async def test_what_does_not_answer_is_asked_again(
    store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy, fault: Fault
) -> None:
    await store.put(key, source)
    generation_id = key.partition("/")[0]
    fault_proxy.arm(fault, only=LIST)
    assert {generation_id} in [page async for page in store.list_generations()]
    fault_proxy.arm(fault, only=LIST)
    assert [one.key for one in await store.list_objects(generation_id)] == [key]
    fault_proxy.arm(fault, only=DELETE)
    await store.delete([key])
    assert await store.list_objects(generation_id) == []


async def test_a_deletion_whose_answer_is_lost_is_made_again(
    store: SupabaseImageStore, key: str, tmp_path: Path, fault_proxy: FaultProxy
) -> None:
    await store.put(key, file_of(tmp_path / "a.png", png()))
    fault_proxy.arm(Fault.reset(handed_on=True), only=DELETE)
    await store.delete([key])
    assert await store.list_objects(key.partition("/")[0]) == []


async def test_after_some_tries_storage_is_away(
    store: SupabaseImageStore, key: str, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * TRIES, only=DELETE)
    with pytest.raises(StoreUnavailable, match="503"):
        await store.delete([key])


async def test_a_server_that_says_nothing_at_all_is_given_up(
    store: SupabaseImageStore,
    key: str,
    fault_proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.storage.supabase.store.TRY_SECONDS", 20.0)
    fault_proxy.arm(*[Fault.silence()] * TRIES, only=DELETE)
    with pytest.raises(StoreUnavailable, match="takes too long"):
        await store.delete([key])


@pytest.mark.parametrize("case", ["403", "401", "no bucket"])
async def test_a_refusal_is_final(
    store: SupabaseImageStore, key: str, fault_proxy: FaultProxy, case: str
) -> None:
    fault, words = REFUSED[case]
    fault_proxy.arm(fault, only=DELETE)
    with pytest.raises(StoreRefused, match=words):
        await store.delete([key])


async def test_nothing_to_delete_is_no_request(
    store: SupabaseImageStore, fault_proxy: FaultProxy
) -> None:
    await store.delete([])
    assert fault_proxy.seen == []
