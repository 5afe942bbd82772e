"""The main job with all data and pictures in Supabase."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox import Sandbox
from services.discord.message_parts import MESSAGE_LIMIT
from tests.contract.databases import SupabaseDatabase
from tests.fault_proxy import FaultProxy
from tests.integration.conftest import running, settings
from tests.supabase_server import SupabaseServer

LINK = re.compile(r"http://127\.0\.0\.1:\d+/storage/[^\s>)]+")
pytestmark = [pytest.mark.integration, pytest.mark.postgres]


def of_project(server: SupabaseServer) -> dict[str, Any]:
    """Return the settings that name the project."""
    return {
        "supabase_url": server.url,
        "supabase_key": server.secret_key,
        "supabase_bucket": "main-job",
    }


@pytest.fixture
def emptied(supabase_server: SupabaseServer) -> SupabaseServer:
    """Give a project without generations, and without a lease that another test has left."""
    server = supabase_server
    SupabaseDatabase(server.url, server.secret_key, server.database_url).empty()
    return supabase_server


async def test_the_main_job_runs_on_supabase_and_its_pictures_come_back(
    sandbox: Sandbox,
    tmp_path: Path,
    emptied: SupabaseServer,
) -> None:
    async with running(sandbox, settings(sandbox, tmp_path, **of_project(emptied))) as running_bot:
        await running_bot.imagine("a cat")
        await running_bot.imagine("a dog")
        done = await running_bot.ended("a cat")
        await running_bot.ended("a dog")
        assert (done.status, done.progress, done.stored) == (Status.COMPLETED, 100, tuple(Slot))
        async with httpx.AsyncClient() as browser:
            for slot in Slot:
                picture = done.step(slot).picture
                assert picture is not None
                got = await browser.get(await running_bot.atelier.images.url(picture.key))
                assert hashlib.sha256(got.content).hexdigest() == picture.sha256
        notice = sandbox.message(done.notice_message_id or 0)
        assert notice is not None
        assert notice["content"].count(emptied.url) == 5
        assert notice["attachments"] == []
    assert not list(tmp_path.rglob("*.png"))  # noqa: ASYNC240 -- nothing else runs any more


@pytest.mark.long
async def test_the_long_links_of_a_private_bucket_arrive_in_parts(
    sandbox: Sandbox,
    tmp_path: Path,
    emptied: SupabaseServer,
) -> None:
    proxy = FaultProxy(emptied.url)
    private = {"supabase_bucket": "private-job", "supabase_bucket_public": False}
    async with proxy.serving():
        facts = of_project(emptied) | private | {"supabase_url": proxy.url}
        async with running(sandbox, settings(sandbox, tmp_path, **facts)) as running_bot:
            await running_bot.imagine("a cat")
            done = await running_bot.ended("a cat")
            account = str(sandbox.account.id)
            own = [m["content"] for m in sandbox.messages if m["author"]["id"] == account]
            links = [link for content in own for link in LINK.findall(content)]
            async with httpx.AsyncClient() as browser:
                found = [(await browser.get(link)).content for link in links]
    assert [hashlib.sha256(one).hexdigest() for one in found] == [
        step.picture.sha256 for step in done.steps if step.picture
    ]
    assert sum(map(len, links)) > MESSAGE_LIMIT


@pytest.mark.long
async def test_a_restart_goes_on_from_the_project(
    tmp_path: Path,
    emptied: SupabaseServer,
) -> None:
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        values = settings(sandbox, tmp_path, **of_project(emptied))
        async with running(sandbox, values) as first:
            await first.imagine("a cat")
            await first.until(lambda told: told.generation.status == Status.SUBMITTED)
        async with running(sandbox, values) as second:
            await second.ended("a cat")
        await asyncio.sleep(0)
        assert [i.kind for i in sandbox.interactions].count("imagine") == 1
