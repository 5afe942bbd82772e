"""Whoever has the project's address and its public key tries the bucket."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from domain.slots import Slot, picture_key
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import FaultProxy
from tests.pictures import png
from tests.postgres.cluster import Provoked
from tests.supabase_server import SupabaseServer


@pytest.fixture
async def private(project: Supabase, name: str) -> SupabaseImageStore:
    """Give a store with an empty bucket that is not public."""
    assert await prepare_bucket(project, name, public=False) == []
    return SupabaseImageStore(project, name, public=False)


@pytest.fixture
async def outsider(
    fault_proxy: FaultProxy, supabase_server: SupabaseServer
) -> AsyncGenerator[httpx.AsyncClient]:
    """Give somebody who has only what is public."""
    key = supabase_server.publishable_key
    headers = {"apikey": key, "Authorization": f"Bearer {key}"}
    address = f"{fault_proxy.url}/storage/v1"
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        yield client


Attempt = tuple[str, str, dict[str, Any]]


def attempts(bucket: str, key: str) -> Iterator[Attempt]:
    """Return what somebody would try: a method, a path and what is sent."""
    picture = {"content": png(), "headers": {"content-type": "image/png"}}
    yield "GET", f"/object/{bucket}/{key}", {}
    yield "GET", f"/object/public/{bucket}/{key}", {}
    yield "GET", f"/object/authenticated/{bucket}/{key}", {}
    yield "POST", f"/object/sign/{bucket}/{key}", {"json": {"expiresIn": 60}}
    yield "POST", f"/object/{bucket}/{key}", picture
    yield "PUT", f"/object/{bucket}/{key}", picture
    other = key.replace("grid", "upscale_1")
    yield "POST", f"/object/{bucket}/{other}", picture
    moved = {"bucketId": bucket, "sourceKey": key, "destinationKey": other}
    yield "POST", "/object/move", {"json": moved}
    yield "POST", "/object/copy", {"json": moved}
    yield "DELETE", f"/object/{bucket}/{key}", {}
    yield "GET", f"/bucket/{bucket}", {}
    yield "PUT", f"/bucket/{bucket}", {"json": {"id": bucket, "public": True}}
    yield "POST", f"/bucket/{bucket}/empty", {"json": {}}
    yield "DELETE", f"/bucket/{bucket}", {}


async def test_the_public_reads_lists_changes_and_deletes_no_object(
    private: SupabaseImageStore,
    name: str,
    project: Supabase,
    outsider: httpx.AsyncClient,
    source: Path,
    provoked: Provoked,
) -> None:
    provoked("new row violates row-level security policy.*")
    key = picture_key(str(uuid4()), Slot.GRID)
    await private.put(key, source)
    for method, path, sent in attempts(name, key):
        answer = await outsider.request(method, path, **sent)
        assert answer.is_error, f"{method} {path}: {answer.text}"
        assert png() not in answer.content
    folder = {"prefix": key.partition("/")[0], "limit": 9}
    for prefix in (folder, {"prefix": "", "limit": 9}):
        answer = await outsider.post(f"/object/list/{name}", json=prefix)
        assert answer.is_error or answer.json() == []
    buckets = await outsider.get("/bucket")
    assert buckets.is_error or buckets.json() == []
    await outsider.request("DELETE", f"/object/{name}", json={"prefixes": [key]})
    (kept,) = await private.list_objects(key.partition("/")[0])
    assert (kept.key, kept.size) == (key, len(png()))
    assert not (await project.client.storage.get_bucket(name)).public


async def test_a_link_that_was_changed_or_made_up_opens_nothing(
    private: SupabaseImageStore, source: Path
) -> None:
    mine, other = (picture_key(str(uuid4()), Slot.GRID) for _ in range(2))
    for key in (mine, other):
        await private.put(key, source)
    link = httpx.URL(await private.url(mine))
    token = link.params["token"]
    header, claims, signature = token.split(".")
    unsigned = jwt.encode({"url": f"x/{other}"}, "", algorithm="none")
    made_up = (
        link.copy_with(path=link.path.replace(mine, other)),
        link.copy_set_param("token", ""),
        link.copy_set_param("token", unsigned),
        link.copy_set_param("token", f"{header}.{claims}."),
        link.copy_set_param("token", f"{header}.{claims[:-2]}AA.{signature}"),
        link.copy_set_param("token", jwt.encode({"url": f"x/{other}"}, "k" * 32)),
    )
    async with httpx.AsyncClient() as visitor:
        assert (await visitor.get(link)).is_success
        for wrong in made_up:
            assert (await visitor.get(wrong)).is_error, wrong
