"""The pictures folder: what it serves, what it does not, and what a crash leaves of it."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs
from yarl import URL

from domain.errors import StoreUnavailable
from services.settings import StorageSettings
from services.storage.folder import FolderImageStore
from services.stores import open_stores, picture_routes
from services.web_server import WebServer
from tests.fakes import FakeClock
from tests.pictures import png
from tests.served_folder import ANY_PORT, served
from tests.unit.services.storage.folder_harness import ID, KEY, names


@pytest.fixture
async def visitor() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as visitor:
        yield visitor


class FolderSettings:
    supabase_url = supabase_key = None
    picture_cache_seconds = 60

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder


async def asked(url: str, request_line: str) -> int:
    """Return the status of a request that no decent client would send."""
    address = URL(url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(f"{request_line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


# ----------------------------------------------------------------------------------- serving


async def test_a_head_request_tells_without_sending(
    store: FolderImageStore, source: Path, visitor: aiohttp.ClientSession
) -> None:
    await store.put(KEY, source)
    async with visitor.head(await store.url(KEY)) as answer:
        assert (answer.status, answer.content_length) == (200, len(png()))
        assert answer.headers["Cache-Control"] == "public, max-age=86400, immutable"
        assert await answer.read() == b""


async def test_a_setting_says_how_long_caches_may_keep_a_picture(
    folder: Path, source: Path, visitor: aiohttp.ClientSession
) -> None:
    async with AsyncExitStack() as stack:
        settings, server = cast("StorageSettings", FolderSettings(folder)), WebServer(ANY_PORT)
        _, store = await open_stores(settings, FakeClock(), stack, server)
        await store.put(KEY, source)
        application = web.Application()
        application.add_routes(picture_routes(settings))
        await server.start(application)
        stack.push_async_callback(server.close)
        async with visitor.get(await store.url(KEY)) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=60, immutable"


async def test_a_part_can_be_asked_for(
    store: FolderImageStore, source: Path, visitor: aiohttp.ClientSession
) -> None:
    await store.put(KEY, source)
    async with visitor.get(await store.url(KEY), headers={"Range": "bytes=1-3"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"PNG")


async def test_what_a_visitor_has_is_not_sent_again(
    store: FolderImageStore, source: Path, visitor: aiohttp.ClientSession
) -> None:
    await store.put(KEY, source)
    url = await store.url(KEY)
    async with visitor.get(url) as first:
        known = first.headers["ETag"]
    async with visitor.get(url, headers={"If-None-Match": known}) as second:
        assert second.status == 304


async def test_absence_is_not_remembered(
    store: FolderImageStore, visitor: aiohttp.ClientSession
) -> None:
    async with visitor.get(await store.url(KEY)) as answer:
        assert answer.status == 404
        assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "/",
        f"/{ID}",
        f"/{ID}/",
        f"/{ID}/secret.png",
        f"/{ID}/.1.part",
        "/.1.part",
        "/../secret.png",
        "/%2e%2e/secret.png",
        "/..%2fsecret.png",
        "//etc/passwd",
        f"/{ID}/../.1.part",
        f"/{ID}/grid.png%00",
        f"/{ID}/grid.png/",
        f"/x/{ID}/grid.png",
    ],
)
async def test_nothing_but_pictures_is_served(
    store: FolderImageStore, folder: Path, source: Path, target: str
) -> None:
    await store.put(KEY, source)
    for name in (".1.part", f"{ID}/.1.part", f"{ID}/secret.png", "../secret.png"):
        shutil.copy(source, folder / name)
    url = await store.url(KEY)
    assert await asked(url, f"GET /{KEY}") == 200
    assert await asked(url, f"GET {target}") == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_visitors_only_look(store: FolderImageStore, source: Path, method: str) -> None:
    await store.put(KEY, source)
    assert await asked(await store.url(KEY), f"{method} /{KEY}") == 405


@pytest.mark.parametrize(
    ("address", "shown"),
    [("0.0.0.0:8764", "127.0.0.1:8764"), ("[::]:8764", "[::1]:8764"), ("host:80", "host")],
)
async def test_links_name_an_address_that_can_be_asked(
    tmp_path: Path, address: str, shown: str
) -> None:
    store = FolderImageStore(tmp_path, WebServer(address))
    assert await store.url(KEY) == f"http://{shown}/{KEY}"


async def test_a_closed_server_serves_no_more_and_the_pictures_stay(
    folder: Path, source: Path, visitor: aiohttp.ClientSession
) -> None:
    async with served(folder) as store:
        await store.put(KEY, source)
        url = await store.url(KEY)
    with pytest.raises(aiohttp.ClientConnectorError):
        await visitor.get(url)
    assert names(folder) == {KEY}


# ---------------------------------------------------------------------------------- addresses


async def test_pictures_are_at_the_address_that_is_set(folder: Path, unused_tcp_port: int) -> None:
    with capture_logs() as logs:
        async with served(folder, f"127.0.0.1:{unused_tcp_port}") as store:
            assert await store.url(KEY) == f"http://127.0.0.1:{unused_tcp_port}/{KEY}"
    assert logs == []


async def test_a_taken_port_is_no_reason_to_stop(
    store: FolderImageStore, folder: Path, source: Path, visitor: aiohttp.ClientSession
) -> None:
    await store.put(KEY, source)
    taken = URL(await store.url(KEY)).origin()
    with capture_logs() as logs:
        async with served(folder, taken.authority) as second:
            using = URL(await second.url(KEY)).origin()
            async with visitor.get(await second.url(KEY)) as answer:
                assert await answer.read() == png()
    assert (using.host, using == taken) == ("127.0.0.1", False)
    assert [(log["event"], log["wanted"], log["using"]) for log in logs] == [
        ("pictures_address_taken", str(taken), str(using))
    ]


async def test_an_unserved_store_names_the_addresses_of_the_one_that_serves(
    store: FolderImageStore, folder: Path, source: Path
) -> None:
    await store.put(KEY, source)
    beside = FolderImageStore(folder, WebServer(URL(await store.url(KEY)).authority))
    assert await beside.url(KEY) == await store.url(KEY)
    assert beside.path(KEY) == store.path(KEY) == folder / KEY
    await beside.close()


async def test_an_address_of_another_machine_is_refused_in_words(folder: Path) -> None:
    why = "this machine has no such address|cannot assign requested address"  # by Python's version
    said = rf"^PICTURES_ADDRESS: cannot listen at 192\.0\.2\.1:80: .*({why})"
    with pytest.raises(StoreUnavailable, match=said):
        async with served(folder, "192.0.2.1:80"):
            pass


# ------------------------------------------------------------------------------------ the folder


async def test_what_a_killed_process_left_is_swept_and_what_is_at_work_stays(
    folder: Path, source: Path
) -> None:
    (folder / "pictures").mkdir()
    old, young = folder / "pictures/.old.part", folder / "pictures/.young.part"
    for path in (old, young):
        shutil.copy(source, path)
    os.utime(old, (0, 0))
    async with AsyncExitStack() as stack:
        settings = cast("StorageSettings", FolderSettings(folder))
        await open_stores(settings, FakeClock(), stack, WebServer(ANY_PORT))
    assert names(folder / "pictures") == {young.name}


# ----------------------------------------------------------------------------------- clearing


async def test_what_is_not_ours_is_neither_listed_nor_deleted(
    store: FolderImageStore, folder: Path, source: Path
) -> None:
    """Nor is the folder of a generation removed while something else is in it."""
    await store.put(KEY, source)
    (folder / "sketches").mkdir()
    for name in ("note.txt", "sketches/grid.png", f"{ID}/mine.png"):
        (folder / name).write_text("mine")
    assert [page async for page in store.list_generations()] == [{ID}]
    assert [one.key for one in await store.list_objects(ID)] == [KEY]
    await store.delete([KEY])
    assert names(folder) == {"note.txt", "sketches/grid.png", f"{ID}/mine.png"}


async def test_with_the_last_picture_its_folder_goes(
    store: FolderImageStore, folder: Path, source: Path
) -> None:
    await store.put(KEY, source)
    await store.delete([KEY])
    assert os.listdir(folder) == []  # noqa: PTH208 -- a test may wait for the disk


async def test_a_folder_that_is_not_there_yet_has_nothing(tmp_path: Path) -> None:
    store = FolderImageStore(tmp_path / "none", WebServer(ANY_PORT))
    assert [page async for page in store.list_generations()] == []
    assert await store.list_objects(ID) == []
    await store.delete([KEY])
