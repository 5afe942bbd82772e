"""Starting with a Supabase project: all problems are reported at once, with their solutions."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from storage3.types import CreateOrUpdateBucketOptions as Options

from domain.errors import StoreRefused, StoreUnavailable
from domain.ports import GenerationStore, ImageStore
from domain.slots import Slot, picture_key
from services.checks.finding import Finding, Health
from services.checks.stores import check_stores
from services.settings import ServiceSettings
from services.stores import open_stores
from services.supabase import Supabase
from services.web_server import WebServer
from tests.fakes import FakeClock
from tests.fault_proxy import Fault, FaultProxy
from tests.postgres.cluster import Provoked
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

SCHEMA = "POST /rest/v1/rpc/atelier_schema_version"
UNFIT: Options = {"public": False, "file_size_limit": 1000}


class ProjectSettings:
    """The settings of a project, behind a proxy."""

    supabase_bucket_public = True
    picture_cache_seconds = 60

    def __init__(self, url: str, key: str, bucket: str) -> None:
        self.supabase_url = url
        self.supabase_key = SecretStr(key)
        self.supabase_bucket = bucket


@pytest.fixture
def settings(
    fault_proxy: FaultProxy, supabase_server: SupabaseServer, name: str
) -> ProjectSettings:
    return ProjectSettings(fault_proxy.url, supabase_server.secret_key, name)


async def opened_stores(
    settings: ProjectSettings, stack: AsyncExitStack
) -> tuple[GenerationStore, ImageStore]:
    server = WebServer("127.0.0.1:0")
    return await open_stores(cast("ServiceSettings", settings), FakeClock(), stack, server)


async def opened(settings: ProjectSettings) -> None:
    """Open the stores and close them again."""
    async with AsyncExitStack() as stack:
        store, images = await opened_stores(settings, stack)
        assert await store.get_processing_generation() is None
        assert settings.supabase_bucket in await images.url(picture_key(str(uuid4()), Slot.GRID))


async def test_the_settings_say_how_long_caches_may_keep_a_picture(
    settings: ProjectSettings, key: str, source: Path
) -> None:
    async with AsyncExitStack() as stack:
        _, images = await opened_stores(settings, stack)
        await images.put(key, source)
        async with httpx.AsyncClient() as visitor:
            answer = await visitor.get(await images.url(key))
    assert answer.headers["Cache-Control"] == "max-age=60"


async def checks(settings: ProjectSettings) -> dict[str, Finding]:
    """Return what `bot.py check` says of the project."""
    return {one.what: one for one in await check_stores(cast("ServiceSettings", settings))}


async def test_a_check_finds_the_project_ready_and_leaves_no_file(
    settings: ProjectSettings, project: Supabase, name: str
) -> None:
    found = await checks(settings)
    assert {what: one.health for what, one in found.items()} == {
        "database": Health.GOOD,
        "pictures": Health.GOOD,
    }
    assert await project.client.storage.from_(name).list() == []


async def test_a_check_names_what_is_wrong_with_schema_and_bucket(
    settings: ProjectSettings, fault_proxy: FaultProxy, project: Supabase, name: str
) -> None:
    await project.client.storage.create_bucket(name, options=UNFIT)
    fault_proxy.arm(Fault.answer(200, "1"), only=SCHEMA)
    found = await checks(settings)
    assert "bot.py migrate" in found["database"].words
    assert f"{name} is private" in found["pictures"].words
    assert {one.health for one in found.values()} == {Health.WRONG}


async def test_a_check_with_a_key_that_is_not_accepted_names_the_key(
    settings: ProjectSettings, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.answer(401), only=SCHEMA)
    assert "SUPABASE_KEY is not accepted" in (await checks(settings))["database"].words


async def refusal(settings: ProjectSettings) -> str:
    """Return the one sentence, or several, with which it is refused."""
    with pytest.raises(StoreRefused) as caught:
        await opened(settings)
    return str(caught.value)


async def test_a_new_project_with_the_schema_is_made_ready(
    settings: ProjectSettings, fault_proxy: FaultProxy, name: str
) -> None:
    await opened(settings)
    asked = [line for line in fault_proxy.seen if not line.startswith("GET")]
    assert asked[0] == SCHEMA
    assert asked[1] == "POST /storage/v1/bucket"
    assert asked[2].startswith(f"POST /storage/v1/object/{name}/trial-")
    assert asked[3] == f"DELETE /storage/v1/object/{name}"


async def test_schema_and_bucket_are_both_named(
    settings: ProjectSettings, fault_proxy: FaultProxy, project: Supabase, name: str
) -> None:
    await project.client.storage.create_bucket(name, options=UNFIT)
    fault_proxy.arm(Fault.answer(200, "1"), only=SCHEMA)
    said = await refusal(settings)
    for words in ("bot.py migrate", f"{name} is private", "1000 bytes only", "50 MB"):
        assert words in said


async def test_a_wrong_schema_is_named_also_when_the_bucket_is_right(
    settings: ProjectSettings, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.answer(200, "1"), only=SCHEMA)
    said = await refusal(settings)
    assert said.startswith("the database lacks the schema of this version: run `python bot.py")
    assert "bucket" not in said


async def test_a_wrong_schema_is_named_also_when_the_bucket_does_not_answer(
    settings: ProjectSettings, fault_proxy: FaultProxy, name: str
) -> None:
    fault_proxy.arm(Fault.answer(200, "1"), only=SCHEMA)
    fault_proxy.arm(Fault.answer(503), only="GET /storage/v1/bucket/")
    said = await refusal(settings)
    assert "bot.py migrate" in said
    assert f"The bucket {name} could not be looked at: Supabase answers 503" in said


@pytest.mark.parametrize("only", [SCHEMA, "GET /storage/v1/bucket/"])
async def test_an_outage_alone_is_no_verdict(
    settings: ProjectSettings, fault_proxy: FaultProxy, only: str
) -> None:
    fault_proxy.arm(*[Fault.answer(503)] * (3 if only == SCHEMA else 1), only=only)
    with pytest.raises(StoreUnavailable, match="if the project is paused, restore it"):
        await opened(settings)


async def test_a_bucket_that_cannot_be_written_ends_the_start(
    settings: ProjectSettings, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.storage(403, "Unauthorized"), only="POST /storage/v1/object/")
    assert "it must be the project's secret key" in await refusal(settings)


async def test_a_publishable_key_ends_the_start(
    settings: ProjectSettings, supabase_server: SupabaseServer, provoked: Provoked
) -> None:
    provoked("permission denied for function atelier_schema_version")
    settings.supabase_key = SecretStr(supabase_server.publishable_key)
    said = await refusal(settings)
    assert "it must be the project's secret key (sb_secret_...)" in said
    assert supabase_server.publishable_key not in said


async def test_a_key_that_is_not_accepted_is_said_once(
    settings: ProjectSettings, fault_proxy: FaultProxy
) -> None:
    fault_proxy.outage = Fault.answer(401)
    assert (await refusal(settings)).count("SUPABASE_KEY is not accepted") == 1
    found = await checks(settings)
    assert "SUPABASE_KEY is not accepted" in found["database"].words
    assert found["pictures"].health is Health.SKIPPED


async def test_an_address_that_is_none_ends_the_start(settings: ProjectSettings) -> None:
    cast("Any", settings).supabase_url = "here"
    assert "SUPABASE_URL is no address" in await refusal(settings)
