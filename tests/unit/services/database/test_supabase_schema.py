"""The store opens on a project that has at least the schema this code needs."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import pytest

from domain.errors import StoreRefused, WrongSchema
from services.database.supabase import SupabaseGenerationStore
from services.database.supabase.schema import SCRIPTS, VERSION, version_of
from services.supabase import Supabase
from tests.fault_proxy import Fault, FaultProxy
from tests.postgres.cluster import Provoked
from tests.supabase_server import SupabaseServer

NAMES = [script.name for script in SCRIPTS]


@pytest.fixture
async def server() -> AsyncGenerator[FaultProxy]:
    """Give a server that answers what is armed, and nothing else."""
    proxy = FaultProxy("http://127.0.0.1:9")
    async with proxy.serving():
        yield proxy


async def opened(url: str, key: str = "sb_secret_x") -> SupabaseGenerationStore:
    supabase = await Supabase.connect(url, key)
    try:
        return await SupabaseGenerationStore.open(supabase)
    finally:
        await supabase.close()


def test_the_version_is_that_of_the_last_script() -> None:
    assert max(map(version_of, SCRIPTS)) == VERSION
    assert sorted(NAMES, key=lambda name: int(name[:14])) == NAMES


@pytest.mark.parametrize("newer", [0, 1])
async def test_the_schema_may_be_newer_than_this_code(server: FaultProxy, newer: int) -> None:
    server.arm(Fault.answer(200, str(VERSION + newer)))
    store = await opened(server.url)
    await store.close()


@pytest.mark.parametrize("there", range(1, len(SCRIPTS)))
async def test_an_older_schema_is_refused_with_what_is_to_run(
    server: FaultProxy, there: int
) -> None:
    server.arm(Fault.answer(200, str(version_of(SCRIPTS[there - 1]))))
    with pytest.raises(WrongSchema, match=r"python bot.py migrate") as caught:
        await opened(server.url)
    assert str(caught.value).endswith(": " + ", ".join(NAMES[there:]))


async def test_a_project_without_our_schema_is_refused_with_what_is_to_run(
    server: FaultProxy,
) -> None:
    server.arm(Fault.answer(404, json.dumps({"code": "PGRST202", "message": "no function"})))
    with pytest.raises(WrongSchema, match="supabase db push") as caught:
        await opened(server.url)
    assert str(caught.value).endswith(": " + ", ".join(NAMES))


@pytest.mark.postgres
async def test_a_publishable_key_is_refused(
    supabase_server: SupabaseServer, provoked: Provoked
) -> None:
    provoked("permission denied for function atelier_schema_version")
    with pytest.raises(StoreRefused, match=r"SUPABASE_KEY is not accepted.*secret key"):
        await opened(supabase_server.url, supabase_server.publishable_key)


@pytest.mark.postgres
async def test_a_wrong_key_is_refused(supabase_server: SupabaseServer) -> None:
    with pytest.raises(StoreRefused, match="SUPABASE_KEY is not accepted"):
        await opened(supabase_server.url, "sb_secret_ffffffffffffffffffffffffffffffff")
