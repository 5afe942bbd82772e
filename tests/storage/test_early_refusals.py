"""Storage refuses a large upload early and closes the connection: its answer is lost.

A proxy in front of it may read the whole upload first; then the answer arrives, as in the other
tests of faults.
"""

from pathlib import Path

import pytest
from storage3.types import CreateOrUpdateBucketOptions as Options

from domain.errors import FileTooLarge, StoreRefused, StoreUnavailable
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import TRIES, SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import End, Fault, FaultProxy
from tests.pictures import png
from tests.storage.conftest import file_of
from tests.storage.test_faults import UPLOAD, seen, uploads

pytestmark = pytest.mark.postgres

CLOSED = Fault.early(415, "invalid_mime_type", end=End.CLOSED)
LARGE = png().ljust(3_000_000, b"\0")
"""More than what is sent before the other end has read anything."""


class Bucket:
    """A bucket whose first upload is refused early, and the store in it."""

    def __init__(self, project: Supabase, name: str, proxy: FaultProxy, folder: Path) -> None:
        self.buckets = project.client.storage
        self.name = name
        self.store = SupabaseImageStore(project, name, public=True)
        self.source = file_of(folder / "large.png", LARGE)
        proxy.arm(CLOSED, only=UPLOAD)


@pytest.fixture
async def bucket(project: Supabase, name: str, fault_proxy: FaultProxy, tmp_path: Path) -> Bucket:
    assert await prepare_bucket(project, name, public=True) == []
    fault_proxy.seen.clear()
    return Bucket(project, name, fault_proxy, tmp_path)


NEW_RULES: dict[str, tuple[Options, type[StoreRefused], str]] = {
    "another type": (
        {"public": True, "allowed_mime_types": ["image/webp"]},
        StoreRefused,
        "does not take image/png: allow it",
    ),
    "too small": (
        {"public": True, "file_size_limit": len(LARGE) - 1},
        FileTooLarge,
        "takes files up to 2999999 bytes only: raise its file size limit",
    ),
}


@pytest.mark.parametrize(("rules", "error", "words"), NEW_RULES.values(), ids=NEW_RULES)
async def test_a_bucket_with_new_rules_is_told_from_an_outage(
    bucket: Bucket,
    key: str,
    fault_proxy: FaultProxy,
    rules: Options,
    error: type[StoreRefused],
    words: str,
) -> None:
    await bucket.buckets.update_bucket(bucket.name, rules)
    with pytest.raises(StoreRefused, match=words) as caught:
        await bucket.store.put(key, bucket.source)
    assert caught.type is error
    assert uploads(fault_proxy) == 1


async def test_a_bucket_that_has_gone_is_told_from_an_outage(
    bucket: Bucket, key: str, fault_proxy: FaultProxy
) -> None:
    await bucket.buckets.delete_bucket(bucket.name)
    with pytest.raises(StoreRefused, match="is not there: start again"):
        await bucket.store.put(key, bucket.source)
    assert uploads(fault_proxy) == 1


async def test_a_key_that_was_revoked_is_told_from_an_outage(
    bucket: Bucket, key: str, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.storage(403, "Unauthorized"), only="GET /storage/v1/bucket/")
    with pytest.raises(StoreRefused, match="SUPABASE_KEY may not do that"):
        await bucket.store.put(key, bucket.source)
    assert uploads(fault_proxy) == 1


async def test_a_connection_that_breaks_before_a_bucket_in_order_is_an_outage(
    bucket: Bucket, key: str, fault_proxy: FaultProxy
) -> None:
    """A limit that the picture just keeps is no reason to refuse it."""
    rules: Options = {"public": True, "file_size_limit": len(LARGE)}
    await bucket.buckets.update_bucket(bucket.name, rules)
    fault_proxy.arm(*[CLOSED] * (TRIES - 1), only=UPLOAD)
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await bucket.store.put(key, bucket.source)
    assert uploads(fault_proxy) == TRIES
    await bucket.store.put(key, bucket.source)
    assert await seen(bucket.store, key) == LARGE


async def test_a_picture_that_breaks_off_is_sent_again(
    bucket: Bucket, key: str, fault_proxy: FaultProxy
) -> None:
    await bucket.store.put(key, bucket.source)
    assert await seen(bucket.store, key) == LARGE
    assert uploads(fault_proxy) == 2
