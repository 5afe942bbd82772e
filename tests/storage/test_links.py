"""What people can see, and how much memory an upload takes."""

import tracemalloc
from pathlib import Path

import httpx
import jwt
import pytest

from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import LINK_SECONDS, SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import FaultProxy
from tests.pictures import png
from tests.storage.conftest import file_of

pytestmark = pytest.mark.postgres


@pytest.fixture
async def private(project: Supabase, name: str) -> SupabaseImageStore:
    assert await prepare_bucket(project, name, public=False) == []
    return SupabaseImageStore(project, name, public=False)


async def test_a_private_picture_is_seen_with_a_signed_link_only(
    private: SupabaseImageStore, project: Supabase, name: str, key: str, source: Path
) -> None:
    await private.put(key, source)
    unsigned = await SupabaseImageStore(project, name, public=True).url(key)
    async with httpx.AsyncClient() as visitor:
        signed = await visitor.get(await private.url(key))
        assert signed.content == png()
        assert (await visitor.get(unsigned)).is_client_error
        assert (await visitor.get(str(signed.url).partition("?")[0])).is_client_error


async def test_a_signed_link_works_for_a_week(
    private: SupabaseImageStore, key: str, source: Path
) -> None:
    await private.put(key, source)
    link = httpx.URL(await private.url(key))
    claims = jwt.decode(link.params["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == LINK_SECONDS == 604_800


async def test_a_public_address_is_known_without_asking(
    store: SupabaseImageStore, key: str, fault_proxy: FaultProxy
) -> None:
    assert (await store.url(key)).startswith(fault_proxy.url)
    assert fault_proxy.seen == []


async def test_closing_the_store_leaves_the_connection_to_its_owner(
    store: SupabaseImageStore, key: str, source: Path
) -> None:
    await store.close()
    await store.put(key, source)


async def test_a_picture_is_sent_from_the_disk_piece_by_piece(
    supabase: Supabase, name: str, key: str, tmp_path: Path
) -> None:
    """Peak memory stays far below the picture's size."""
    await prepare_bucket(supabase, name, public=True)
    source = file_of(tmp_path / "source.png", png() + bytes(16_000_000))
    store = SupabaseImageStore(supabase, name, public=True)
    tracemalloc.start()
    await store.put(key, source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000
