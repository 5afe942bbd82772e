"""How the image store handles faults between it and Supabase Storage."""

import asyncio
import traceback
from pathlib import Path

import httpx
import pytest

from domain.errors import FileTooLarge, StoreRefused, StoreUnavailable
from services.storage.supabase import store as supabase
from services.storage.supabase.store import TRIES, SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import Fault, FaultProxy
from tests.pictures import HTML, png
from tests.storage.conftest import file_of
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

UPLOAD = "POST /storage/v1/object/"
PAGE = HTML.decode()
NOT_DONE = {
    "500": Fault.answer(500, '{"statusCode":"500","error":"Internal","message":"Internal"}'),
    "503 with a page": Fault.answer(503, PAGE),
    "429": Fault.answer(429, '{"statusCode":"429","error":"SlowDown","message":"slow down"}'),
    "503 in a 400": Fault.storage(503, "DatabaseConnectionLimit"),
    "423 in a 400": Fault.storage(423, "ResourceLocked"),
    "409 of a transaction": Fault.storage(409, "TransactionError"),
    "200 with a page": Fault.answer(200, PAGE),
    "timeout before": Fault.silence(),
    "reset before": Fault.reset(),
}
DONE = {
    "500 after": Fault.answer(500, PAGE, handed_on=True),
    "200 with something else": Fault.answer(200, "{}", handed_on=True),
    "timeout after": Fault.silence(handed_on=True),
    "reset after": Fault.reset(handed_on=True),
    "Duplicate": Fault.storage(409, "Duplicate", handed_on=True),
    "Duplicate by its newer name": Fault.storage(409, "KeyAlreadyExists", handed_on=True),
}
REFUSED = {
    "413": (Fault.storage(413, "Payload too large"), "raise its file size limit"),
    "413 with a page": (Fault.answer(413, PAGE), "raise its file size limit"),
    "415": (Fault.storage(415, "invalid_mime_type"), "does not take image/png"),
    "403": (Fault.storage(403, "Unauthorized"), "SUPABASE_KEY may not do that"),
    "401": (Fault.answer(401, "{}"), "SUPABASE_KEY is not accepted"),
    "401 in a 400": (Fault.storage(401, "Unauthorized"), "SUPABASE_KEY is not accepted"),
    "no bucket": (Fault.storage(404, "Bucket not found"), "is not there: start again"),
    "400": (Fault.storage(400, "InvalidKey"), "InvalidKey, it says"),
    "no status": (Fault.answer(400, '{"statusCode":"","error":"?","message":"!"}'), "refuses"),
}


def uploads(proxy: FaultProxy) -> int:
    return sum(line.startswith(UPLOAD) for line in proxy.seen)


async def seen(store: SupabaseImageStore, key: str) -> bytes:
    async with httpx.AsyncClient() as visitor:
        return (await visitor.get(await store.url(key))).content


async def test_where_nothing_goes_wrong_there_is_one_request(
    store: SupabaseImageStore, name: str, key: str, source: Path, fault_proxy: FaultProxy
) -> None:
    await store.put(key, source)
    assert fault_proxy.seen == [f"{UPLOAD}{name}/{key}"]


@pytest.mark.fault(name="F12")
@pytest.mark.parametrize("fault", NOT_DONE.values(), ids=NOT_DONE)
async def test_what_was_not_stored_is_uploaded_again(
    store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy, fault: Fault
) -> None:
    fault_proxy.arm(fault, only=UPLOAD)
    await store.put(key, source)
    assert await seen(store, key) == png()
    assert uploads(fault_proxy) == 2


@pytest.mark.fault(name="F12")
@pytest.mark.parametrize("fault", DONE.values(), ids=DONE)
async def test_what_was_stored_without_an_answer_is_not_uploaded_again(
    store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy, fault: Fault
) -> None:
    fault_proxy.arm(fault, only=UPLOAD)
    await store.put(key, source)
    assert await seen(store, key) == png()
    assert uploads(fault_proxy) == 1


@pytest.mark.fault(name="F12")
@pytest.mark.parametrize(("fault", "words"), REFUSED.values(), ids=REFUSED)
async def test_a_refusal_is_final_and_says_what_to_do(
    store: SupabaseImageStore,
    key: str,
    source: Path,
    fault_proxy: FaultProxy,
    fault: Fault,
    words: str,
) -> None:
    fault_proxy.arm(fault, only=UPLOAD)
    with pytest.raises(StoreRefused, match=words) as caught:
        await store.put(key, source)
    assert (caught.type is FileTooLarge) == words.startswith("raise")
    assert uploads(fault_proxy) == 1


@pytest.mark.parametrize(
    "fault", [Fault.silence(), Fault.storage(409, "Duplicate")], ids=["timeout", "Duplicate"]
)
async def test_another_picture_under_the_key_is_not_taken_for_this_one(
    store: SupabaseImageStore, key: str, tmp_path: Path, fault_proxy: FaultProxy, fault: Fault
) -> None:
    await store.put(key, file_of(tmp_path / "old.png", png((8, 8))))
    fault_proxy.arm(fault, only=UPLOAD)
    await store.put(key, file_of(tmp_path / "new.png", png((9, 9))))
    assert await seen(store, key) == png((9, 9))


async def test_an_outage_ends_the_tries_and_names_the_paused_project(
    store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(*[Fault.answer(503, PAGE)] * TRIES, only=UPLOAD)
    with pytest.raises(StoreUnavailable, match=r"503 .* if the project is paused"):
        await store.put(key, source)
    assert uploads(fault_proxy) == TRIES


async def test_trouble_while_reading_back_is_only_one_more_try(
    store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.silence(handed_on=True), only=UPLOAD)
    fault_proxy.arm(Fault.reset(), Fault.answer(502, PAGE), only="GET ")
    await store.put(key, source)
    assert uploads(fault_proxy) == 1


async def test_a_connection_on_which_an_upload_was_refused_is_not_used_again(
    project: Supabase, store: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy
) -> None:
    """The server has not read the picture, so it would never hear the next request."""
    project.http.timeout = httpx.Timeout(60)
    fault_proxy.arm(Fault.early(423, "ResourceLocked"), only=UPLOAD)
    async with asyncio.timeout(20):
        await store.put(key, source)
    assert await seen(store, key) == png()


async def test_an_upload_that_never_ends_is_given_up(
    project: Supabase,
    store: SupabaseImageStore,
    key: str,
    source: Path,
    fault_proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.http.timeout = httpx.Timeout(60)
    monkeypatch.setattr(supabase, "TRY_SECONDS", 20.0)
    fault_proxy.arm(*[Fault.silence()] * TRIES, only=UPLOAD)
    with pytest.raises(StoreUnavailable, match="takes too long"):
        await store.put(key, source)


@pytest.mark.fault(name="F17")
async def test_a_source_that_cannot_be_read_is_the_disks_fault(
    store: SupabaseImageStore, key: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreUnavailable, match="the disk refuses"):
        await store.put(key, tmp_path / "not there.png")


@pytest.mark.parametrize(
    "faults",
    [[Fault.reset()] * TRIES, [Fault.answer(503, PAGE)] * TRIES, [Fault.storage(403, "?")]],
    ids=["no answer", "outage", "refusal"],
)
async def test_no_error_holds_the_secret_key(
    store: SupabaseImageStore,
    key: str,
    source: Path,
    fault_proxy: FaultProxy,
    faults: list[Fault],
    supabase_server: SupabaseServer,
) -> None:
    fault_proxy.arm(*faults, only=UPLOAD)
    with pytest.raises((StoreRefused, StoreUnavailable)) as caught:
        await store.put(key, source)
    assert supabase_server.secret_key not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(Fault.storage(403, "Unauthorized"), StoreRefused), (Fault.reset(), StoreUnavailable)],
    ids=["refused", "no answer"],
)
async def test_trouble_with_signing_is_told_apart_as_well(
    project: Supabase,
    name: str,
    key: str,
    fault_proxy: FaultProxy,
    fault: Fault,
    expected: type[Exception],
) -> None:
    fault_proxy.arm(fault, only="POST /storage/v1/object/sign/")
    with pytest.raises(expected):
        await SupabaseImageStore(project, name, public=False).url(key)
