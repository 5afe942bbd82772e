"""The gallery of a Supabase project: its pictures come from the bucket."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
import stamina

from cli.commands import parse
from cli.exit import Exit
from cli.gallery import export
from domain.generation import Origin, OriginKind
from domain.slots import Slot
from tests.contract.databases import SupabaseDatabase
from tests.fault_proxy import Fault, FaultProxy
from tests.gallery.gallery_harness import (
    GalleryHarness,
    codes,
    open_gallery,
)
from tests.pictures import png
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres


def project(proxy: FaultProxy, server: SupabaseServer, *, public: bool) -> dict[str, object]:
    """Return the settings of an empty project with a bucket of its own."""
    SupabaseDatabase(server.url, server.secret_key, server.database_url).empty()
    return {
        "supabase_url": proxy.url,
        "supabase_key": server.secret_key,
        "supabase_bucket": f"bucket-{uuid4().hex}",
        "supabase_bucket_public": public,
    }


@pytest.fixture(params=[True, False], ids=["public bucket", "private bucket"])
async def harness(
    fault_proxy: FaultProxy,
    supabase_server: SupabaseServer,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncGenerator[GalleryHarness]:
    settings = project(fault_proxy, supabase_server, public=request.param)
    async with open_gallery(tmp_path, **settings) as opened:
        yield opened


async def test_pictures_are_the_bucket_s_and_signed_where_it_is_private(
    harness: GalleryHarness, supabase_server: SupabaseServer, fault_proxy: FaultProxy
) -> None:
    row = await harness.made("a red fox", Slot.GRID, Slot.UPSCALE_2)
    page = await harness.get(f"/g/{row.code}")
    links = re.findall(r'<img src="([^"]+)" alt="(?:Grid|Upscale)[^"]*, 96', page)
    assert len(links) == 2
    async with aiohttp.ClientSession() as visitor:
        for link in links:
            assert link.startswith(f"{fault_proxy.url}/storage/v1/object/")
            async with visitor.get(link.replace("&amp;", "&")) as answer:
                assert await answer.read() == png((96, 64))
    async with harness.visitor.get(harness.url("/")) as answer:
        assert f"img-src 'self' {fault_proxy.url};" in answer.headers["Content-Security-Policy"]
    assert supabase_server.secret_key not in page


async def test_lists_families_and_thumbnails_are_as_without_a_project(
    harness: GalleryHarness,
) -> None:
    parent = await harness.made("a red fox", Slot.GRID)
    origin = Origin(kind=OriginKind.REROLL, parent_id=parent.id)
    child = await harness.made("a red fox", Slot.GRID, origin=origin)
    assert codes(await harness.get("/?q=fox")) == [child.code, parent.code]
    assert f"/g/{child.code}" in await harness.get(f"/g/{parent.code}")
    async with harness.visitor.get(harness.url(f"/g/{parent.code}/grid.webp")) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")
    await harness.gallery.thumbnails.sweep(harness.worker.store)
    assert len(list((harness.folder / "thumbnails").glob("*/grid.webp"))) == 1


async def test_it_is_exported_with_its_pictures(
    harness: GalleryHarness, fault_proxy: FaultProxy
) -> None:
    row = await harness.made("a red fox", Slot.GRID)
    folder = harness.folder / "files"
    arguments = parse(["export", "--html", str(folder)])
    assert await export(harness.settings, arguments) == Exit.DONE
    assert (folder / f"pictures/{row.code}_grid.png").is_file()
    page = (folder / f"g/{row.code}.html").read_text(encoding="utf-8")
    assert fault_proxy.url not in page


async def test_a_project_that_does_not_answer_has_a_page_that_says_so(
    harness: GalleryHarness, fault_proxy: FaultProxy
) -> None:
    await harness.made("a red fox", Slot.GRID)
    fault_proxy.outage = Fault.answer(503)
    with stamina.set_testing(testing=True, attempts=2):
        page = await harness.get("/", 503)
    assert "can&#39;t be looked up right now" in page
