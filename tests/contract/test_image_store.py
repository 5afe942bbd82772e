"""What every image store guarantees, wherever it keeps the pictures."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from yarl import URL

from domain.ports import ImageStore
from domain.slots import Slot, picture_key
from services.storage import CACHE_SECONDS, CONTENT_TYPE
from services.storage import folder as folder_module
from services.storage.supabase import store as supabase_module
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import LINK_SECONDS, SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import FaultProxy
from tests.pictures import png
from tests.served_folder import served
from tests.supabase_server import SupabaseServer

Opened = AbstractAsyncContextManager[ImageStore]


@asynccontextmanager
async def folder_store(tmp_path: Path) -> AsyncGenerator[ImageStore]:
    async with served(tmp_path / "pictures") as store:
        yield store


@asynccontextmanager
async def supabase_store(server: SupabaseServer, *, public: bool) -> AsyncGenerator[ImageStore]:
    bucket = "public-pictures" if public else "private-pictures"
    proxy = FaultProxy(server.url)
    async with proxy.serving():
        project = await Supabase.connect(proxy.url, server.secret_key)
        assert await prepare_bucket(project, bucket, public=public) == []
        store = SupabaseImageStore(project, bucket, public=public)
        yield store
        await store.close()
        await project.close()


@pytest.fixture(params=["folder", "public bucket", "private bucket"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Yield each implementation of the port; all must pass all tests below."""
    if request.param == "folder":
        return folder_store(tmp_path)
    server = request.getfixturevalue("supabase_server")
    return supabase_store(server, public=request.param == "public bucket")


@pytest.fixture
async def store(opened: Opened) -> AsyncGenerator[ImageStore]:
    async with opened as store:
        yield store


@pytest.fixture
def key() -> str:
    return picture_key(str(uuid4()), Slot.GRID)


def file_of(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / f"{uuid4()}.png"  # a store may keep the file itself
    path.write_bytes(content)
    return path


async def seen(url: str) -> tuple[int, bytes]:
    """Return the status and the body that an anonymous visitor gets."""
    async with aiohttp.ClientSession() as visitor, visitor.get(url) as answer:
        return answer.status, await answer.read()


async def test_a_stored_picture_is_seen_by_everybody(
    store: ImageStore, key: str, tmp_path: Path
) -> None:
    await store.put(key, file_of(tmp_path, png()))
    assert await seen(await store.url(key)) == (200, png())


async def test_a_picture_is_served_as_a_png_that_caches_may_keep_for_a_limited_time(
    store: ImageStore, key: str, tmp_path: Path
) -> None:
    """For the time that is set, or until its link ends."""
    await store.put(key, file_of(tmp_path, png()))
    url = URL(await store.url(key))
    async with aiohttp.ClientSession() as visitor, visitor.get(url) as answer:
        assert answer.content_type == CONTENT_TYPE
        if "token" in url.query:
            end = parsedate_to_datetime(answer.headers["Expires"])
            assert end <= datetime.now(UTC) + timedelta(seconds=LINK_SECONDS)
            assert "Cache-Control" not in answer.headers
        else:
            assert f"max-age={CACHE_SECONDS}" in answer.headers["Cache-Control"]


async def test_a_second_picture_takes_the_place_of_the_first(
    store: ImageStore, key: str, tmp_path: Path
) -> None:
    await store.put(key, file_of(tmp_path, png((30, 30))))
    await store.put(key, file_of(tmp_path, png((20, 20))))
    assert await seen(await store.url(key)) == (200, png((20, 20)))


async def test_storing_again_changes_nothing(store: ImageStore, key: str, tmp_path: Path) -> None:
    """A retry after an unknown outcome is safe."""
    source = file_of(tmp_path, png())
    await store.put(key, source)
    await store.put(key, source)
    assert await seen(await store.url(key)) == (200, png())


async def test_the_source_is_left_alone(store: ImageStore, key: str, tmp_path: Path) -> None:
    source = file_of(tmp_path, png())
    await store.put(key, source)
    assert source.read_bytes() == png()


async def test_a_big_picture_arrives_whole(store: ImageStore, key: str, tmp_path: Path) -> None:
    content = png() + bytes(range(256)) * 40_000
    await store.put(key, file_of(tmp_path, content))
    assert await seen(await store.url(key)) == (200, content)


async def test_the_five_pictures_of_two_generations_do_not_mix(
    store: ImageStore, tmp_path: Path
) -> None:
    keys = [picture_key(str(uuid4()), slot) for _ in range(2) for slot in Slot]
    for number, key in enumerate(keys, start=1):
        await store.put(key, file_of(tmp_path, png((number, 1))))
    for number, key in enumerate(keys, start=1):
        assert await seen(await store.url(key)) == (200, png((number, 1)))


async def test_the_address_ends_with_the_key_whether_or_not_the_picture_is_there(
    store: ImageStore, key: str
) -> None:
    assert (await store.url(key)).partition("?")[0].endswith(f"/{key}")


async def test_a_missing_picture_is_not_found(store: ImageStore, key: str) -> None:
    status, _ = await seen(await store.url(key))
    assert status in (400, 404)  # Supabase Storage says 400


async def test_the_local_file_is_the_picture_where_there_is_one(
    store: ImageStore, key: str, tmp_path: Path
) -> None:
    assert store.path(key) is None
    await store.put(key, file_of(tmp_path, png()))
    local = store.path(key)
    assert local is None or local.read_bytes() == png()


ID = "0b2e4c6a-1d3f-4a5b-8c7d-9e0f1a2b3c4d"


WRONG_KEYS = (
    "",
    "grid.png",
    f"{ID}/",
    f"{ID}/upscale_0.png",
    f"{ID}/upscale_5.png",
    f"{ID}/upscale_.png",
    f"{ID}/grid.jpg",
    f"{ID}/grid.png\n",
    f"{ID}/grid.png/",
    f"{ID}/GRID.png",
    f"{ID}/../{ID}/grid.png",
    f"{ID}//grid.png",
    f"/{ID}/grid.png",
    f"../{ID}/grid.png",
    f"{ID.upper()}/grid.png",
    f"{ID.replace('-', '')}/grid.png",
    "a_cat/grid.png",
    "\u0660" + ID[1:] + "/grid.png",
)


async def test_only_the_keys_of_generations_are_keys(store: ImageStore, tmp_path: Path) -> None:
    for wrong in WRONG_KEYS:
        with pytest.raises(ValueError, match="not the key"):
            await store.put(wrong, file_of(tmp_path, png()))
        with pytest.raises(ValueError, match="not the key"):
            await store.url(wrong)
        with pytest.raises(ValueError, match="not the key"):
            store.path(wrong)


async def stored(store: ImageStore, tmp_path: Path, *slots: Slot) -> str:
    """Store pictures of a new generation and return its id."""
    generation_id = str(uuid4())
    for slot in slots:
        await store.put(picture_key(generation_id, slot), file_of(tmp_path, png()))
    return generation_id


async def generations(store: ImageStore) -> set[str]:
    return {one async for page in store.list_generations() for one in page}


async def keys(store: ImageStore, generation_id: str) -> list[str]:
    return [one.key for one in await store.list_objects(generation_id)]


async def test_generations_that_have_pictures_are_listed(store: ImageStore, tmp_path: Path) -> None:
    ids = {await stored(store, tmp_path, Slot.GRID, Slot.UPSCALE_1) for _ in range(3)}
    assert await generations(store) >= ids


async def test_pages_are_followed_to_the_end(
    store: ImageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (folder_module, supabase_module):
        monkeypatch.setattr(module, "PAGE", 2)
    ids = {await stored(store, tmp_path, Slot.GRID) for _ in range(5)}
    assert await generations(store) >= ids


async def test_the_pictures_of_a_generation_are_listed(store: ImageStore, tmp_path: Path) -> None:
    before = datetime.now(UTC)
    generation_id = await stored(store, tmp_path, Slot.GRID, Slot.UPSCALE_4)
    grid, upscale = await store.list_objects(generation_id)
    assert grid.key == picture_key(generation_id, Slot.GRID)
    assert upscale.key == picture_key(generation_id, Slot.UPSCALE_4)
    assert grid.size == len(png())
    assert abs(grid.changed_at - before) < timedelta(minutes=1)


async def test_nothing_is_listed_of_an_unknown_generation(store: ImageStore) -> None:
    assert await store.list_objects(str(uuid4())) == []


async def test_deleted_pictures_are_gone_and_the_others_stay(
    store: ImageStore, tmp_path: Path
) -> None:
    first = await stored(store, tmp_path, Slot.GRID, Slot.UPSCALE_1)
    second = await stored(store, tmp_path, Slot.GRID)
    await store.delete([picture_key(first, Slot.GRID), picture_key(second, Slot.GRID)])
    assert await keys(store, first) == [picture_key(first, Slot.UPSCALE_1)]
    assert await generations(store) & {first, second} == {first}


async def test_what_is_not_there_may_be_deleted(store: ImageStore, tmp_path: Path) -> None:
    """A clean-up that was interrupted deletes again."""
    generation_id = await stored(store, tmp_path, Slot.GRID)
    for _ in range(2):
        await store.delete([picture_key(generation_id, slot) for slot in Slot])
    await store.delete([])
    assert generation_id not in await generations(store)


async def test_a_deleted_picture_may_be_stored_again(
    store: ImageStore, key: str, tmp_path: Path
) -> None:
    await store.put(key, file_of(tmp_path, png((30, 30))))
    await store.delete([key])
    await store.put(key, file_of(tmp_path, png((20, 20))))
    assert await seen(await store.url(key)) == (200, png((20, 20)))


async def test_only_the_keys_of_generations_are_deleted(store: ImageStore) -> None:
    for wrong in WRONG_KEYS:
        with pytest.raises(ValueError, match="not the key"):
            await store.delete([wrong])
